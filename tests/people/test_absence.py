"""Planning an absence and ending it: what is refused, and who stands in."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.people.absences import (
    AlreadyOver,
    Overlapping,
    StandInAway,
    coming,
    end_absence,
    plan_absence,
    stand_in_of,
)
from consult.people.models import Absence, Advisor
from consult.people.schedules import presence
from consult.timespan import Span
from tests.support import rows

if TYPE_CHECKING:
    from consult.database import DbSession
    from tests.support.apps import Transaction

DAY = timedelta(days=1)
NOW = rows.NOW


def span(first: float, last: float) -> Span:
    """From so many days after now until so many."""
    return Span(NOW + first * DAY, NOW + last * DAY)


@pytest.fixture
def rik(session: DbSession) -> Advisor:
    """Who goes away."""
    return rows.create_advisor(session, "Rik de Wit")


@pytest.fixture
def sam(session: DbSession) -> Advisor:
    """Who stands in."""
    return rows.create_advisor(session, "Sam Bos")


@pytest.mark.both_databases
def test_an_absence_begins_and_ends_by_itself(session: DbSession, rik: Advisor, sam: Advisor) -> None:
    version = rik.schedule_version
    plan_absence(session, rik, span(1, 3), sam, now=NOW)
    session.refresh(rik)
    assert rik.schedule_version != version, "moments and contact blocks must follow at once"
    assert presence(session, [rik], now=NOW)[rik.id].away_until is None
    during = presence(session, [rik], now=NOW + 2 * DAY)[rik.id]
    assert (during.away_until, during.stand_in) == (NOW + 3 * DAY, "Sam")
    assert [stand_in_of(session, rik.id, now=NOW + days * DAY) for days in (0, 1, 2, 3)] == [
        None,
        sam,
        sam,
        None,
    ]


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        (span(-2, 1.5), Overlapping),
        (span(2, 9), Overlapping),
        (span(1.2, 1.4), Overlapping),
        (span(3, 4), None),
        (span(0, 1), None),
        (span(-3, -1), AlreadyOver),
    ],
    ids=["begins before", "ends after", "inside", "right after it", "right before it", "in the past"],
)
def test_one_absence_at_a_time(
    session: DbSession, rik: Advisor, other: Span, refused: type[Exception] | None
) -> None:
    plan_absence(session, rik, span(1, 3), None, now=NOW)
    if refused is None:
        plan_absence(session, rik, other, None, now=NOW)
        return
    with pytest.raises(refused):
        plan_absence(session, rik, other, None, now=NOW)


@pytest.mark.parametrize("why", ["is the same person", "works here no more", "is away in a part of it"])
def test_a_stand_in_is_somebody_who_is_there(
    session: DbSession, rik: Advisor, sam: Advisor, why: str
) -> None:
    sam.active = why != "works here no more"
    if why == "is away in a part of it":
        plan_absence(session, sam, span(2, 5), None, now=NOW)
    stand_in = rik if why == "is the same person" else sam
    with pytest.raises(StandInAway):
        plan_absence(session, rik, span(1, 3), stand_in, now=NOW)
    session.flush()
    assert coming(session, [rik.id], now=NOW) == []


@pytest.mark.parametrize("why", ["falls ill too", "leaves the firm"])
def test_a_stand_in_who_is_gone_stands_in_no_more(
    session: DbSession, rik: Advisor, sam: Advisor, why: str
) -> None:
    plan_absence(session, rik, span(1, 5), sam, now=NOW)
    if why == "falls ill too":
        plan_absence(session, sam, span(2, 4), None, now=NOW)
    else:
        sam.active = False
        session.flush()
    assert stand_in_of(session, rik.id, now=NOW + 3 * DAY) is None


@pytest.mark.parametrize(
    ("at", "left"),
    [(0.5, None), (2.0, 2.0), (9.0, 3.0)],
    ids=["before it begins: it is dropped", "halfway: it ends then", "afterwards: nothing changes"],
)
def test_an_absence_is_ended_early(session: DbSession, rik: Advisor, at: float, left: float | None) -> None:
    absence = plan_absence(session, rik, span(1, 3), None, now=NOW)
    for _twice in range(2):
        if left is None and session.scalar(select(Absence.id)) is None:
            break
        end_absence(session, absence, now=NOW + at * DAY)
    ends: list[datetime] = list(session.scalars(select(Absence.ends_at)))
    assert ends == ([] if left is None else [NOW + left * DAY])


@pytest.mark.both_databases
def test_two_forms_at_once_make_one_absence(transaction: Transaction) -> None:
    with transaction() as session:
        rows.create_advisor(session, "Rik de Wit")
    start = threading.Barrier(2)

    def press(_number: int) -> str:
        start.wait()
        try:
            with transaction() as session:
                advisor = session.scalars(select(Advisor)).one()
                plan_absence(session, advisor, span(1, 3), None, now=NOW)
        except Overlapping:
            return "told"
        return "planned"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == ["planned", "told"]
