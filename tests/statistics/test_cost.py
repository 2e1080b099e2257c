"""A page of figures asks the database as often in a full house as in a small one."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event

from consult.statistics.areas import of_area
from consult.statistics.figures import EVERYTHING, Area, Cut, CutKind, Period
from tests.statistics.house import Question, Talk, at, store
from tests.support import rows
from tests.support.rows import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consult.database import DbSession
    from consult.settings import Settings

pytestmark = pytest.mark.both_databases

MONTHS = Period(date(2026, 9, 21), date(2026, 11, 15))
MOST = {
    Area.VOLUME: 3,
    Area.ANSWERS: 2,
    Area.TALKS: 2,
    Area.PAGES: 5,
    Area.ADVISORS: 6,
    Area.CONTINUITY: 2,
    Area.SPREAD: 6,
}


def _fill(session: DbSession, numbers: range) -> None:
    start = at("2026-09-21 09:00")
    for number in numbers:
        rows.create_organisation(session, f"Plaats {number}", province="Utrecht")
        rows.create_contact(session, f"c{number}@example.nl")
        rows.create_topic(session, f"Thema{number}")
        rows.create_page(session, f"p{number}")
        rows.create_advisor(session, f"Naam{number}", slug=f"a{number}")
        rows.create_meeting_type(session, f"k{number}")
    store(
        session,
        [
            Question(
                id=n,
                asked=start + timedelta(hours=n),
                promised=start + timedelta(hours=n + 5),
                answered=start + timedelta(hours=n + 3),
                topic=n,
                page=n,
                organisation=n,
                contact=n,
                advisor=n,
            )
            for n in numbers
        ],
        [
            Talk(
                id=n,
                created=start + timedelta(hours=n),
                starts=start + timedelta(days=n),
                kind=n,
                advisor=n,
                page=n,
                organisation=n,
            )
            for n in numbers
        ],
    )


@contextmanager
def _counted() -> Iterator[list[str]]:
    """The SQL statements that are run inside."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _statements(session: DbSession, settings: Settings, cut: Cut) -> dict[Area, int]:
    found = {}
    for area in Area:
        session.expire_all()
        with _counted() as statements:
            of_area(session, area, MONTHS, cut, settings=settings, now=NOW)
        found[area] = len(statements)
    return found


def test_the_number_of_statements_does_not_grow_with_the_house(
    session: DbSession, settings: Settings
) -> None:
    province = Cut(CutKind.PROVINCE, "Utrecht")
    _fill(session, range(1, 3))
    few = [_statements(session, settings, cut) for cut in (EVERYTHING, province)]
    _fill(session, range(3, 12))
    assert [_statements(session, settings, cut) for cut in (EVERYTHING, province)] == few
    assert few[0] == MOST
