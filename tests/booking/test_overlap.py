"""The database itself refuses that one advisor is in two places, whatever the application does."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DataError, IntegrityError

from consult.availability import BusyKind
from consult.booking.models import Booking, BusyPeriod, MeetingType
from consult.booking.placing import SlotTaken
from consult.outbox.models import OutgoingMail
from consult.people.models import Advisor
from tests.booking.acts import TEN, details
from tests.support import rows
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = [pytest.mark.usefixtures("firm"), pytest.mark.both_databases]
MOMENT = datetime(2026, 11, 19, 9, tzinfo=UTC)
TAKERS = 16


def period(start: int, end: int, advisor: int = 1) -> BusyPeriod:
    return BusyPeriod(
        advisor_id=advisor, start_minute=start, end_minute=end, talk_end_minute=end, kind=BusyKind.BOOKING
    )


@pytest.mark.parametrize(
    ("told", "start", "end"),
    [
        ("the very same", 1000, 1040),
        ("one minute at the start", 990, 1001),
        ("one minute at the end", 1039, 1050),
        ("inside", 1010, 1020),
        ("around", 900, 1100),
        ("around, as long as can be", 500, 3380),
    ],
)
def test_an_overlap_is_refused_on_insert_and_on_update(
    session: DbSession, told: str, start: int, end: int
) -> None:
    session.add(period(1000, 1040))
    session.commit()
    session.add(period(start, end))
    with pytest.raises(IntegrityError, match="ex_busy_period_overlap"):
        session.flush()
    session.rollback()
    session.add(period(5000, 5040))
    session.commit()
    with pytest.raises(IntegrityError, match="ex_busy_period_overlap"):
        session.execute(
            update(BusyPeriod)
            .where(BusyPeriod.start_minute == 5000)
            .values(start_minute=start, end_minute=end)
        )
    session.rollback()
    assert session.scalars(select(BusyPeriod.start_minute).order_by(BusyPeriod.start_minute)).all() == [
        1000,
        5000,
    ], told


@pytest.mark.parametrize(
    ("told", "start", "end", "advisor"),
    [
        ("right before", 960, 1000, 1),
        ("right after", 1040, 1080, 1),
        ("somebody else", 1000, 1040, 2),
    ],
)
def test_what_does_not_overlap_is_taken(
    session: DbSession, told: str, start: int, end: int, advisor: int
) -> None:
    session.add(period(1000, 1040))
    session.add(period(start, end, advisor))
    session.commit()
    assert session.scalar(select(func.count()).select_from(BusyPeriod)) == 2, told


def test_a_period_may_be_changed_within_itself(session: DbSession) -> None:
    session.add(period(1000, 1040))
    session.commit()
    session.execute(update(BusyPeriod).values(start_minute=1010, end_minute=1050))
    session.commit()


@pytest.mark.parametrize(("start", "end"), [(1000, 1000), (1040, 1000), (1000, 1000 + 2881)])
def test_a_period_has_a_length_and_a_bound(session: DbSession, start: int, end: int) -> None:
    session.add(period(start, end))
    # PostgreSQL may find that it is no range before it comes to the checks.
    with pytest.raises((IntegrityError, DataError), match=r"(?i)check|range"):
        session.flush()
    session.rollback()


def test_of_sixteen_who_take_one_moment_at_once_exactly_one_has_it(
    transaction: Transaction, settings: Settings
) -> None:
    start = threading.Barrier(TAKERS)

    def take(number: int) -> str:
        start.wait()
        try:
            with transaction() as session:
                rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
                kind = session.scalars(select(MeetingType).where(MeetingType.slug == "sparren")).one()
                rows.book(session, settings, kind, [rik], MOMENT, email=f"{number}@gemeente.example")
        except SlotTaken as taken:
            return f"taken, {len(taken.alternatives)} others"
        return "booked"

    with ThreadPoolExecutor(TAKERS) as pool:
        ends = sorted(pool.map(take, range(TAKERS)))
    assert ends == ["booked"] + ["taken, 3 others"] * (TAKERS - 1)
    with transaction() as session:
        (booking,) = session.scalars(select(Booking))
        receivers = sorted(session.scalars(select(OutgoingMail.recipient)))
        assert receivers == sorted([booking.email, "rik@bureau.example"])


def test_of_eight_visitors_who_press_the_button_at_once_one_wins_and_seven_read_why(
    app: Flask, transaction: Transaction
) -> None:
    forms = [details(Visitor(app.test_client()), TEN) for _ in range(8)]
    start = threading.Barrier(8)

    def press(number: int) -> int:
        form = forms[number].fill({"Uw e-mailadres": f"{number}@gemeente.nl"})
        pairs = [(name, value) for name, values in form.values.items() for value in values]
        start.wait()
        return form.page.visitor.client.post("/afspraak/rik", data=dict(pairs)).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(press, range(8))) == [303] + [409] * 7
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Booking)) == 1
        assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 2


def test_four_equal_submits_at_once_are_one_talk(app: Flask, transaction: Transaction) -> None:
    form = details(Visitor(app.test_client()), TEN)
    data = {name: values[0] for name, values in form.values.items()}
    start = threading.Barrier(4)

    def press(_number: int) -> int:
        client = app.test_client()
        start.wait()
        return client.post("/afspraak/rik", data=data).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(press, range(4))) == [303] * 4
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Booking)) == 1
        assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 2


def test_a_full_day_holds_its_limit_when_many_book_at_once(
    transaction: Transaction, settings: Settings
) -> None:
    start = threading.Barrier(8)

    def take(hour: int) -> bool:
        start.wait()
        try:
            with transaction() as session:
                rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
                kind = session.scalars(select(MeetingType).where(MeetingType.slug == "sparren")).one()
                at = datetime(2026, 11, 19, 8 + hour, tzinfo=UTC)
                rows.book(session, settings, kind, [rik], at, email=f"{hour}@gemeente.example")
        except SlotTaken:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 4
