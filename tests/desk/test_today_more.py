from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from consult import clock
from consult.postbox.models import ArrivalState, IncomingMail
from tests.desk.conftest import NOW
from tests.desk.test_booking_acts import TOMORROW, declined, pending, proposed
from tests.desk.test_today import sections

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Visitor


def test_talks_that_ask_for_something_have_parts_of_their_own(office: Office, rik: Visitor) -> None:
    no = office.planned(TOMORROW, name="Nee")
    declined(office, no)
    other = office.planned(TOMORROW + timedelta(hours=1), name="Liever")
    proposed(office, other)
    office.planned(TOMORROW + timedelta(hours=1), name="Van Sam", of="sam", email="ans@gemeente.example")
    office.planned(TOMORROW + timedelta(days=2), name="Rustig", email="piet@gemeente.example")
    found = sections(rik.open("/werkplek/"))
    assert set(found) == {"Voorstellen", "Antwoorden op uitnodigingen"}
    assert found["Voorstellen"][0].startswith("Liever liever 19 nov 2026, 20.00")
    assert [line.split()[0] for line in found["Antwoorden op uitnodigingen"]] == ["Nee"]


def test_a_talk_that_waits_says_until_when(office: Office, rik: Visitor) -> None:
    pending(office)
    lines = sections(rik.open("/werkplek/"))["Te bevestigen"]
    assert "bevestig vóór" in lines[0]


def test_a_no_that_was_dealt_with_is_gone(office: Office, rik: Visitor) -> None:
    reference = office.planned(TOMORROW)
    declined(office, reference)
    rik.open(f"/werkplek/afspraken/{reference}").form("Gezien, het gesprek blijft staan").submit()
    assert "Antwoorden op uitnodigingen" not in sections(rik.open("/werkplek/"))


def test_a_talk_without_outcome_is_shown_for_two_weeks(office: Office) -> None:
    office.planned(TOMORROW)
    for days, shown in ((1, True), (15, False)):
        clock.start_at(TOMORROW + timedelta(days=days))
        found = sections(office.enter("rik").open("/werkplek/"))
        assert ("Gesprekken zonder uitkomst" in found) is shown


def test_a_talk_to_follow_up_is_shown_from_its_day_until_that_is_taken_away(office: Office) -> None:
    reference = office.planned(TOMORROW)
    clock.start_at(TOMORROW + timedelta(hours=2))
    form = office.enter("rik").open(f"/werkplek/afspraken/{reference}").form("Bewaar de uitkomst")
    back_on = TOMORROW.date() + timedelta(days=20)
    form.choose("Nee, de bezoeker kwam niet").fill({"Opvolgen op": back_on.isoformat()}).submit()
    for days, shown in ((19, False), (20, True), (40, True)):
        clock.start_at(TOMORROW + timedelta(days=days))
        rik = office.enter("rik")
        assert ("Op te volgen" in sections(rik.open("/werkplek/"))) is shown, days
    page = rik.open(f"/werkplek/afspraken/{reference}")
    assert "Niet verschenen" in page.text
    page.form("Bewaar de uitkomst").fill({"Opvolgen op": ""}).submit()
    assert "Op te volgen" not in sections(rik.open("/werkplek/"))


def test_mail_that_nobody_understood_is_for_coordinators(office: Office, rik: Visitor) -> None:
    with office.transaction() as session:
        session.add(
            IncomingMail(
                message_id="<m1>",
                content_hash="1",
                received_at=NOW,
                sender="wie@elders.example",
                raw=b"",
                state=ArrivalState.UNREADABLE,
                error="unknown address",
                text="Hallo?",
            )
        )
    rik.open("/werkplek/post-onbekend", status=403)
    page = office.enter("mirte").open("/werkplek/").follow("1 mail die niemand begreep")
    assert "wie@elders.example" in page.text
    assert "Wij weten niet waar de mail over gaat." in page.text
    assert "Hallo?" in page.text
    assert "Alle post is begrepen." in page.form("Gezien").submit().text
