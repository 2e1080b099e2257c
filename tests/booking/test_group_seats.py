"""Seats and the waiting list of a group session, by its services."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from consult.activity.services import SYSTEM, VISITOR
from consult.booking.groups import changing as group_changing
from consult.booking.groups import finding as group_finding
from consult.booking.groups import round as group_round
from consult.booking.groups import seats as group_seats
from consult.booking.groups.models import SeatState
from consult.booking.groups.queue import pass_on
from consult.booking.groups.seats import Outcome
from consult.outbox.models import OutgoingMail
from tests.support import group_rows
from tests.support.group_rows import STARTS
from tests.support.rows import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.groups.models import GroupSession, Seat
    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import Transaction

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class Hall:
    """One session with two seats and three places to wait, and who signs up for it."""

    def __init__(self, session: DbSession, settings: Settings) -> None:
        self.session, self.settings = session, settings
        self.group: GroupSession = group_rows.plan(session, settings)

    def seat(self, who: str, now: datetime = NOW) -> Seat:
        return group_rows.seat(self.session, self.settings, self.group, who, now=now)

    def outcome(self, who: str, now: datetime = NOW, **params: str) -> Outcome:
        return group_rows.ask_seat(self.session, self.settings, self.group, who, now=now, **params).outcome

    def give_up(self, seat: Seat, now: datetime = NOW) -> None:
        group_seats.give_up(self.session, seat, actor=VISITOR, settings=self.settings, now=now)

    def accept(self, seat: Seat, now: datetime) -> None:
        group_seats.accept(self.session, seat, settings=self.settings, now=now)

    def pass_on(self, now: datetime) -> None:
        pass_on(self.session, self.group, settings=self.settings, now=now)

    def mails(self, who: str) -> list[str]:
        found = select(OutgoingMail.event).where(OutgoingMail.recipient == f"{who.lower()}@gemeente.example")
        return list(self.session.scalars(found.order_by(OutgoingMail.id)))


@pytest.fixture
def hall(session: DbSession, settings: Settings) -> Hall:
    return Hall(session, settings)


@pytest.mark.both_databases
def test_seats_are_given_until_they_are_gone_then_places_to_wait_then_nothing(hall: Hall) -> None:
    outcomes = [hall.outcome(who) for who in ("Ans", "Bas", "Cas", "Dik", "Els", "Fay")]
    assert outcomes == [Outcome.SEAT] * 2 + [Outcome.WAITING] * 3 + [Outcome.FULL]
    room = group_finding.room(hall.session, hall.group)
    assert (room.left, room.waiting_left) == (0, 0)
    assert hall.mails("Ans") == ["seat-confirmed"]
    assert hall.mails("Els") == ["seat-waiting"]
    assert hall.mails("Fay") == []


def test_the_same_address_has_one_seat_and_is_answered_as_a_newcomer(hall: Hall) -> None:
    first = hall.seat("Ans")
    assert hall.seat("Ans", NOW + MINUTE).id == first.id
    assert hall.outcome("Ans", NOW + 2 * MINUTE, email="ANS@gemeente.example") == Outcome.SEAT
    assert group_finding.room(hall.session, hall.group).confirmed == 1
    # One reminder an hour: nobody is mailed full by somebody who types the address over and over.
    assert hall.mails("Ans") == ["seat-confirmed", "seat-known"]
    for who in ("Bas", "Cas", "Dik", "Els"):
        hall.seat(who)
    assert hall.outcome("Ans") == hall.outcome("Fay") == Outcome.FULL


def test_the_same_form_twice_is_one_seat_told_once(hall: Hall) -> None:
    for _ in range(2):
        assert hall.outcome("Ans", form_key="the same") == Outcome.SEAT
    assert hall.mails("Ans") == ["seat-confirmed"]


def test_a_seat_that_comes_free_is_offered_to_who_waits_longest(hall: Hall) -> None:
    ans, _bas, cas, dik = (hall.seat(who) for who in ("Ans", "Bas", "Cas", "Dik"))
    hall.give_up(ans)
    assert (cas.state, cas.offered_until, dik.state) == (SeatState.OFFERED, NOW + DAY, SeatState.WAITING)
    assert hall.mails("Cas")[-1] == "seat-offered"
    hall.accept(cas, NOW + DAY - MINUTE)
    assert cas.state == SeatState.CONFIRMED
    assert hall.mails("Cas")[-1] == "seat-confirmed"


def test_an_offered_seat_is_nobody_elses(hall: Hall) -> None:
    ans = hall.seat("Ans")
    for who in ("Bas", "Cas"):
        hall.seat(who)
    hall.give_up(ans)
    assert hall.outcome("Fay") == Outcome.WAITING


def test_an_offer_stands_two_hours_when_the_session_is_near(hall: Hall) -> None:
    ans, _bas, cas = (hall.seat(who) for who in ("Ans", "Bas", "Cas"))
    near = STARTS - timedelta(hours=48)
    hall.give_up(ans, near)
    assert cas.offered_until == near + 2 * HOUR


def test_an_offer_never_outlasts_the_start(hall: Hall) -> None:
    ans, _bas, cas = (hall.seat(who) for who in ("Ans", "Bas", "Cas"))
    hall.give_up(ans, STARTS - HOUR)
    assert cas.offered_until == STARTS


@pytest.mark.both_databases
def test_an_offer_that_ran_out_goes_to_the_next_and_cannot_be_taken(hall: Hall) -> None:
    ans, _bas, cas, dik = (hall.seat(who) for who in ("Ans", "Bas", "Cas", "Dik"))
    hall.give_up(ans)
    with pytest.raises(group_seats.OfferOver):
        hall.accept(cas, NOW + DAY)
    hall.pass_on(NOW + DAY)
    assert (cas.state, dik.state) == (SeatState.WAITING, SeatState.OFFERED)
    assert dik.position < cas.position
    assert hall.mails("Cas")[-1] == "seat-expired"


def test_who_lets_three_offers_pass_leaves_the_list(hall: Hall) -> None:
    ans, _bas, cas = (hall.seat(who) for who in ("Ans", "Bas", "Cas"))
    hall.give_up(ans)
    for day in (1, 2):
        hall.pass_on(NOW + day * DAY)
        assert (cas.state, cas.offers) == (SeatState.OFFERED, day + 1)
    hall.pass_on(NOW + 3 * DAY)
    assert cas.state == SeatState.DECLINED
    assert hall.outcome("Dik", NOW + 3 * DAY) == Outcome.SEAT


def test_who_says_no_passes_the_seat_on_at_once(hall: Hall) -> None:
    ans, _bas, cas, dik = (hall.seat(who) for who in ("Ans", "Bas", "Cas", "Dik"))
    hall.give_up(ans)
    hall.give_up(cas)
    assert (cas.state, dik.state) == (SeatState.DECLINED, SeatState.OFFERED)


def test_giving_up_twice_frees_one_seat(hall: Hall) -> None:
    ans, _bas, cas, dik = (hall.seat(who) for who in ("Ans", "Bas", "Cas", "Dik"))
    for _ in range(2):
        hall.give_up(ans)
    assert (cas.state, dik.state) == (SeatState.OFFERED, SeatState.WAITING)
    assert hall.mails("Ans") == ["seat-confirmed", "seat-cancelled"]


def test_who_gave_up_may_come_back_with_a_newer_invite(hall: Hall) -> None:
    ans = hall.seat("Ans")
    hall.give_up(ans, NOW)
    heard = (ans.sequence, ans.changed_at)
    assert hall.seat("Ans", NOW).id == ans.id
    assert ans.state == SeatState.CONFIRMED
    assert (ans.sequence, ans.changed_at) > heard


def test_more_seats_are_offered_to_who_waits(hall: Hall) -> None:
    waiting = [hall.seat(who) for who in ("Ans", "Bas", "Cas", "Dik")][2:]
    group_changing.change_numbers(
        hall.session,
        hall.group,
        capacity=4,
        waiting_capacity=3,
        actor=SYSTEM,
        settings=hall.settings,
        now=NOW,
    )
    assert [seat.state for seat in waiting] == [SeatState.OFFERED] * 2


def test_nobody_signs_up_for_what_has_begun_or_was_called_off(hall: Hall) -> None:
    with pytest.raises(group_seats.SignUpClosed):
        hall.seat("Ans", STARTS)
    group_changing.cancel(
        hall.session, hall.group, reason="Ziek", actor=SYSTEM, settings=hall.settings, now=NOW
    )
    with pytest.raises(group_seats.SignUpClosed):
        hall.seat("Ans")


@pytest.mark.both_databases
def test_the_worker_passes_seats_on_and_sends_the_hand_out_once(
    transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        group = group_rows.plan(session, settings, handout="handouts/wijk.pdf", handout_title="Vijf vragen")
        ans, _bas, _cas, _dik = (
            group_rows.seat(session, settings, group, who) for who in ("Ans", "Bas", "Cas", "Dik")
        )
        group_seats.give_up(session, ans, actor=VISITOR, settings=settings, now=NOW)
    rounds = [NOW, NOW + DAY, NOW + DAY, STARTS + 3 * HOUR, STARTS + 3 * HOUR]
    assert [group_round.run_round(transaction, settings, now=now) for now in rounds] == [0, 1, 0, 1, 0]
    with transaction() as session:
        counted = select(OutgoingMail.event, func.count().label("mails")).group_by(OutgoingMail.event)
        found = {row.event: row.mails for row in session.execute(counted)}
    # Bas alone had a seat in the end: two were offered Ans's, and neither said a word.
    assert found == {
        "seat-host": 1,
        "seat-confirmed": 2,
        "seat-waiting": 2,
        "seat-cancelled": 1,
        "seat-offered": 2,
        "seat-expired": 1,
        "seat-handout": 1,
    }
