"""The invites as they arrive: read from the caught bytes by parsers that did not write them."""

from __future__ import annotations

import email
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream

from consult import clock
from tests.booking.acts import ADVISOR, ELEVEN, TEN, VISITOR, instant, own_address, plan
from tests.support import rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.support.apps import DeliverMail
    from tests.support.mailbox import Delivery, Mailbox
    from tests.support.pages import Visitor

pytestmark = pytest.mark.usefixtures("firm")


@dataclass
class Invite:
    """A calendar object as two strangers read it, and what the mail says of it."""

    mime_method: str
    raw: bytes
    entry: Any
    method: str

    def line(self, name: str) -> str:
        """The one unfolded line of the event with this property."""
        event = self.raw.decode().partition("BEGIN:VEVENT")[2]
        (found,) = [
            line
            for line in event.replace("\r\n ", "").split("\r\n")
            if line.startswith((f"{name}:", f"{name};"))
        ]
        return found


def read(delivery: Delivery) -> Invite:
    parts = list(email.message_from_bytes(delivery.content).walk())
    (part,) = [part for part in parts if part.get_content_type() == "text/calendar"]
    (attached,) = [part for part in parts if part.get_content_type() == "application/ics"]
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    assert attached.get_payload(decode=True) == raw
    calendar = vobject.readOne(raw.decode())
    (event,) = IcsCalendarStream.calendar_from_ics(raw.decode()).events
    assert event.uid == calendar.vevent.uid.value
    return Invite(str(part.get_param("method")), raw, calendar.vevent, calendar.method.value)


@pytest.fixture
def visits(visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox) -> dict[str, dict[str, Invite]]:
    """A talk that was planned, moved and cancelled; each step's invites by receiver."""
    steps: dict[str, dict[str, Invite]] = {}

    def caught(step: str) -> None:
        deliver_mail()
        steps[step] = {receiver: read(mailbox.only(receiver)) for receiver in (VISITOR, ADVISOR)}
        mailbox.empty()

    page = plan(visitor)
    caught("planned")
    clock.start_at(rows.NOW + timedelta(minutes=5))
    choice = visitor.open(f"{own_address(page)}/verzetten?vanaf=2026-11-19")
    choice.form("Verzet de afspraak").choose(ELEVEN).submit()
    caught("moved")
    clock.start_at(rows.NOW + timedelta(minutes=10))
    visitor.open(f"{own_address(page)}/afzeggen").form("Ja, zeg de afspraak af").submit()
    caught("cancelled")
    return steps


def test_the_life_of_a_talk_in_calendars(visits: dict[str, dict[str, Invite]]) -> None:
    for receiver in (VISITOR, ADVISOR):
        life = [visits[step][receiver] for step in ("planned", "moved", "cancelled")]
        assert [each.method for each in life] == ["REQUEST", "REQUEST", "CANCEL"]
        assert [each.mime_method for each in life] == [each.method for each in life]
        assert [each.entry.sequence.value for each in life] == ["0", "1", "2"]
        assert [each.entry.status.value for each in life] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
        assert len({each.entry.uid.value for each in life}) == 1
        stamps = [each.entry.dtstamp.value for each in life]
        assert stamps == sorted(set(stamps))
        assert [each.entry.dtstart.value.astimezone(UTC) for each in life] == [
            instant(TEN),
            instant(ELEVEN),
            instant(ELEVEN),
        ]
        assert all(
            each.entry.dtend.value - each.entry.dtstart.value == timedelta(minutes=30) for each in life
        )
        assert len({each.line("ORGANIZER") for each in life}) == 1


def test_both_hold_one_and_the_same_talk(visits: dict[str, dict[str, Invite]]) -> None:
    planned = visits["planned"]
    assert planned[VISITOR].entry.uid.value == planned[ADVISOR].entry.uid.value
    assert planned[VISITOR].entry.dtstart.value == planned[ADVISOR].entry.dtstart.value


def test_each_names_the_receiver_alone_and_is_answered_to_an_own_address(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    plan(visitor)
    deliver_mail()
    organizers = set()
    for receiver in (VISITOR, ADVISOR):
        delivery = mailbox.only(receiver)
        invite = read(delivery)
        assert [each.value for each in invite.entry.contents["attendee"]] == [f"mailto:{receiver}"]
        assert "PARTSTAT=NEEDS-ACTION" in invite.line("ATTENDEE")
        assert "RSVP=TRUE" in invite.line("ATTENDEE")
        organizer = invite.entry.organizer.value.removeprefix("mailto:")
        assert organizer.startswith("contact+")
        assert organizer == delivery.message["From"].addresses[0].addr_spec == delivery.sender
        organizers.add(organizer)
    assert len(organizers) == 2
    other = read(mailbox.only(VISITOR)).raw
    assert ADVISOR.encode() not in other


def test_the_calendar_part_stands_last_in_the_alternative_and_is_no_attachment(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    plan(visitor)
    deliver_mail()
    message = mailbox.only(VISITOR).message
    assert message.get_content_type() == "multipart/mixed"
    alternative, attachment = message.iter_parts()
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert list(alternative.iter_parts())[-1].get("Content-Disposition") is None
    assert attachment.get_content_type() == "application/ics"


def test_a_title_tells_with_whom_and_never_about_what(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    form = visitor.open(f"/afspraak/rik?slot={TEN}&thema=polarisatie&pagina=polarisatie").form(
        "Bevestig de afspraak"
    )
    form.fill(
        {"Uw naam": "Joke", "Uw e-mailadres": VISITOR, "Waar wilt u het over hebben?": "Onrust in de wijk"}
    )
    form.choose("Via een videogesprek").submit()
    deliver_mail()
    for receiver, other in ((VISITOR, "Rik de Wit"), (ADVISOR, "Joke")):
        delivery = mailbox.only(receiver)
        invite = read(delivery)
        assert invite.entry.summary.value == f"Gesprek met {other} (Bureau Voorbeeld)"
        told = invite.raw.decode() + str(delivery.message["Subject"])
        assert "olarisatie" not in told
        assert "Onrust" not in told


def test_every_link_in_an_invite_opens(visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox) -> None:
    plan(visitor)
    deliver_mail()
    invite = read(mailbox.only(VISITOR))
    link = invite.entry.description.value.rpartition(" ")[2]
    assert visitor.open(link).heading == "Uw afspraak"


def test_the_download_is_the_same_entry_and_asks_for_no_answer(
    visitor: Visitor, client: FlaskClient, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    page = plan(visitor)
    deliver_mail()
    answer = client.get(page.link("Zet in mijn agenda"))
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="afspraak.ics"'
    assert answer.headers["Cache-Control"] == "no-store"
    calendar = vobject.readOne(answer.get_data(as_text=True))
    assert "method" not in calendar.contents
    assert "attendee" not in calendar.vevent.contents
    assert calendar.vevent.uid.value == read(mailbox.only(VISITOR)).entry.uid.value
    assert calendar.vevent.dtstart.value == datetime(2026, 11, 19, 9, tzinfo=UTC)
    visitor.open(f"{own_address(page)}/afzeggen").form("Ja, zeg de afspraak af").submit()
    assert client.get(f"{own_address(page)}/afspraak.ics").status_code == 404


def test_web_calendars_get_the_same_hour_and_a_title_that_tells_no_subject(visitor: Visitor) -> None:
    page = plan(visitor)
    google = parse_qs(urlsplit(page.link("Google")).query)
    assert google["dates"] == ["20261119T090000Z/20261119T093000Z"]
    outlook = parse_qs(urlsplit(page.link("Outlook")).query)
    assert [datetime.fromisoformat(outlook[each][0]) for each in ("startdt", "enddt")] == [
        datetime(2026, 11, 19, 9, tzinfo=UTC),
        datetime(2026, 11, 19, 9, 30, tzinfo=UTC),
    ]
    assert google["text"] == outlook["subject"] == ["Rik de Wit (Bureau Voorbeeld)"]


def test_a_talk_across_the_clock_change_keeps_its_hour(
    visitor: Visitor, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    clock.start_at(datetime(2027, 3, 24, 10, tzinfo=UTC))
    plan(visitor, "2027-03-30T08:00:00Z")
    deliver_mail()
    delivery = mailbox.only(VISITOR)
    assert "dinsdag 30 maart 2027, 10.00 – 10.30 uur" in delivery.part("text/plain")
    assert read(delivery).line("DTSTART") == "DTSTART;TZID=Europe/Amsterdam:20270330T100000"
