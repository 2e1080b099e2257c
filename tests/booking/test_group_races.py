"""The last seat of a group session under fire: one gets it, the others wait, nobody gets an error."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from consult.activity.services import VISITOR
from consult.booking.groups import finding as group_finding
from consult.booking.groups import round as group_round
from consult.booking.groups import seats as group_seats
from consult.booking.groups.hosts import HostsBusy
from consult.booking.groups.models import Seat, SeatState
from consult.booking.groups.seats import Outcome
from consult.booking.models import BusyPeriod
from consult.outbox.models import OutgoingMail
from tests.support import group_rows, rows
from tests.support.rows import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = pytest.mark.both_databases
PEOPLE = 30


def at_once(act: Callable[[int], object], times: int = PEOPLE) -> list[object]:
    """Do it in that many threads, all let loose at the same moment."""
    start = Barrier(times)

    def run(number: int) -> object:
        start.wait(timeout=30)
        return act(number)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(run, range(times)))


def test_thirty_people_want_the_last_seat_and_three_places_to_wait(
    transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        group_id = group_rows.plan(session, settings, capacity=1, waiting_capacity=3).id

    def sign_up(number: int) -> Outcome:
        new = group_seats.NewSeat(
            form_key=f"race-{number}", name=f"Nr {number}", email=f"nr{number}@gemeente.example"
        )
        with transaction() as session:
            return group_seats.sign_up(session, group_id, new, settings=settings, now=NOW).outcome

    assert Counter(at_once(sign_up)) == {Outcome.SEAT: 1, Outcome.WAITING: 3, Outcome.FULL: PEOPLE - 4}
    with transaction() as session:
        assert sorted(session.scalars(select(Seat.position))) == [1, 2, 3, 4]
        mails = session.scalars(select(OutgoingMail.event).where(OutgoingMail.subject_kind == "seat"))
        assert Counter(mails) == {"seat-confirmed": 1, "seat-waiting": 3}


def test_one_person_who_presses_many_times_has_one_seat(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        group_id = group_rows.plan(session, settings, capacity=5).id

    def sign_up(number: int) -> Outcome:
        new = group_seats.NewSeat(form_key=f"{number % 2}", name="Ans", email="ans@gemeente.example")
        with transaction() as session:
            return group_seats.sign_up(session, group_id, new, settings=settings, now=NOW).outcome

    assert set(at_once(sign_up, 10)) == {Outcome.SEAT}
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Seat)) == 1


def test_a_seat_given_up_by_many_and_passed_on_by_two_workers_is_offered_once(
    transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        group = group_rows.plan(session, settings, capacity=1)
        ans, *_rest = (group_rows.seat(session, settings, group, who) for who in ("Ans", "Bas", "Cas"))
        group_id, seat_id = group.id, ans.id

    def act(number: int) -> None:
        if number % 2:
            group_round.run_round(transaction, settings, now=NOW + timedelta(minutes=1))
            return
        with transaction() as session:
            seat = session.get_one(Seat, seat_id)
            group_seats.give_up(session, seat, actor=VISITOR, settings=settings, now=NOW)

    at_once(act, 8)
    with transaction() as session:
        held = group_finding.seats(
            session, group_finding.locked(session, group_id), SeatState.OFFERED, SeatState.CONFIRMED
        )
        assert [seat.name for seat in held] == ["Bas"]


def test_two_sessions_want_the_same_host_at_the_same_time(
    transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        host_id = rows.create_advisor(session, "Rik de Wit").id

    def plan(number: int) -> str:
        with transaction() as session:
            host = session.get_one(rows.Advisor, host_id)
            try:
                group_rows.plan(session, settings, (host,), slug=f"sessie-{number}")
            except HostsBusy:
                session.rollback()
                return "busy"
            return "planned"

    assert Counter(at_once(plan, 6)) == {"planned": 1, "busy": 5}
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(BusyPeriod)) == 1
