"""What the mails of a group session carry: each names its receiver only, and every change is newer than the last."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from consult import clock
from consult.activity.services import SYSTEM, VISITOR
from consult.booking.groups import changing as group_changing
from consult.booking.groups import round as group_round
from consult.booking.groups import seats as group_seats
from consult.timespan import Span
from tests.support import group_rows, rows
from tests.support.group_rows import STARTS
from tests.support.rows import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from consult.settings import Settings
    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Delivery, Mailbox

HOUR = timedelta(hours=1)
ANS, BAS, CAS = (f"{who}@gemeente.example" for who in ("ans", "bas", "cas"))
RIK, MIRTE, SAM = (f"{who}@bureau.example" for who in ("rik", "mirte", "sam"))


@pytest.fixture
def mails(
    transaction: Transaction, settings: Settings, deliver_mail: DeliverMail, mailbox: Mailbox
) -> Callable[[str], list[Delivery]]:
    """Rik and Mirte host, Ans and Bas come, Cas waits; it moves, Bas gives up, Sam takes over, it is called off."""
    with transaction() as session:
        rik, mirte, sam = (
            rows.create_advisor(session, name) for name in ("Rik Wit", "Mirte Smit", "Sam Bos")
        )
        group = group_rows.plan(session, settings, (rik, mirte))
        _ans, bas, cas = (group_rows.seat(session, settings, group, who) for who in ("Ans", "Bas", "Cas"))
        later = Span(STARTS + HOUR, STARTS + 3 * HOUR)
        known = {"settings": settings, "now": NOW}
        group_changing.move(session, group, later, actor=SYSTEM, **known)
        group_seats.give_up(session, bas, actor=VISITOR, **known)
        group_seats.accept(session, cas, **known)
        group_changing.hand_over(session, group, rik.id, sam.id, actor=SYSTEM, **known)
        group_changing.cancel(session, group, reason="Storm", actor=SYSTEM, **known)
    deliver_mail()
    return mailbox.to


def told(delivery: Delivery) -> tuple[str, int, object]:
    calendar = Calendar.from_ical(delivery.part("text/calendar"))
    meeting = calendar.walk("VEVENT")[0]
    return str(calendar["METHOD"]), int(meeting["SEQUENCE"]), meeting["DTSTAMP"].dt


def with_calendar(deliveries: list[Delivery]) -> list[Delivery]:
    return [each for each in deliveries if "text/calendar" in str(each.content)]


@pytest.mark.parametrize(
    ("address", "methods"),
    [
        pytest.param(ANS, ["REQUEST", "REQUEST", "CANCEL"], id="who comes: invited, moved, called off"),
        pytest.param(BAS, ["REQUEST", "REQUEST", "CANCEL"], id="who gives up hears no more"),
        pytest.param(CAS, ["REQUEST", "CANCEL"], id="who waits is invited with the seat"),
        pytest.param(RIK, ["REQUEST", "REQUEST", "CANCEL"], id="a host who hands over hears no more"),
        pytest.param(
            MIRTE, ["REQUEST", "REQUEST", "CANCEL"], id="a host who stays: invited, moved, called off"
        ),
        pytest.param(SAM, ["REQUEST", "CANCEL"], id="a host who takes over"),
    ],
)
def test_every_calendar_hears_what_concerns_it_each_time_newer(
    mails: Callable[[str], list[Delivery]], address: str, methods: list[str]
) -> None:
    heard = [told(each) for each in with_calendar(mails(address))]
    assert [method for method, _sequence, _stamp in heard] == methods
    counters = [sequence for _method, sequence, _stamp in heard]
    assert counters == sorted(set(counters))
    stamps = [str(stamp) for _method, _sequence, stamp in heard]
    assert stamps == sorted(set(stamps))


def test_no_mail_names_anybody_else_who_comes(mails: Callable[[str], list[Delivery]]) -> None:
    for own, others in ((ANS, ("bas", "cas")), (BAS, ("ans", "cas")), (CAS, ("ans", "bas"))):
        for each in mails(own):
            words = "".join(str(part.get_payload(decode=True)) for part in each.message.walk()).lower()
            assert not [name for name in others if f"{name}@" in words]
            assert each.recipients == (own,)


def test_an_invite_has_one_attendee_and_an_address_for_answers_of_its_own(
    mails: Callable[[str], list[Delivery]],
) -> None:
    organizers = set()
    for address in (ANS, BAS, RIK, MIRTE):
        meeting = Calendar.from_ical(mails(address)[0].part("text/calendar")).walk("VEVENT")[0]
        assert str(meeting["ATTENDEE"]) == f"mailto:{address}"
        assert str(meeting["SUMMARY"]) == "Kennissessie: het wijkgesprek"
        organizers.add(str(meeting["ORGANIZER"]))
    assert len(organizers) == 4


def test_mails_are_in_the_language_of_who_signed_up_and_the_hand_out_comes_afterwards(
    transaction: Transaction, settings: Settings, deliver_mail: DeliverMail, mailbox: Mailbox
) -> None:
    with transaction() as session:
        group = group_rows.plan(session, settings, handout="handouts/wijk.pdf", handout_title="Vijf vragen")
        group_rows.seat(session, settings, group, "Ans", language="en")
    clock.start_at(STARTS + 2 * HOUR)
    group_round.run_round(transaction, settings, now=clock.now())
    deliver_mail()
    first, last = mailbox.to(ANS)
    assert "neighbourhood talks" in str(first.message["Subject"])
    assert "http://localhost/static/handouts/wijk.pdf" in last.part("text/plain")
    assert "Vijf vragen" in last.part("text/html")
