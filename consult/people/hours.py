"""When an advisor works, as the advisor keeps it: weekly blocks, and dates that differ.

Every change gives the advisor's schedule another version, so that moments and contact blocks follow at once. Writes no
history: whoever calls does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from consult.people.models import Advisor, DateOverride, WorkingHours, new_schedule_version
from consult.worktime import Block

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from consult.database import DbSession

WEEKDAYS = 7


def weekly_hours(session: DbSession, advisor_id: int) -> tuple[tuple[Block, ...], ...]:
    """The blocks of each weekday in order, Monday first."""
    week: list[list[Block]] = [[] for _ in range(WEEKDAYS)]
    query = select(WorkingHours.weekday, WorkingHours.starts, WorkingHours.ends)
    for weekday, starts, ends in session.execute(query.where(WorkingHours.advisor_id == advisor_id)):
        week[weekday].append(Block(starts, ends))
    return tuple(tuple(sorted(blocks)) for blocks in week)


def set_weekly_hours(session: DbSession, advisor: Advisor, week: Sequence[Sequence[Block]]) -> None:
    """Let these be the blocks of the weekdays, Monday first, in place of those before."""
    _lock(session, advisor)
    session.execute(delete(WorkingHours).where(WorkingHours.advisor_id == advisor.id))
    session.add_all(
        WorkingHours(advisor_id=advisor.id, weekday=weekday, starts=block.start, ends=block.end)
        for weekday, blocks in enumerate(week)
        for block in blocks
    )
    _changed(session, advisor)


def other_days(session: DbSession, advisor_id: int, first: date) -> dict[date, tuple[Block, ...]]:
    """The dates from the first on that differ from the week, with their blocks; none at all: a day off."""
    days: dict[date, list[Block]] = {}
    query = select(DateOverride.on_date, DateOverride.starts, DateOverride.ends)
    mine = (DateOverride.advisor_id == advisor_id, DateOverride.on_date >= first)
    for on, starts, ends in session.execute(query.where(*mine).order_by(DateOverride.on_date)):
        blocks = days.setdefault(on, [])
        if starts is not None and ends is not None:
            blocks.append(Block(starts, ends))
    return {on: tuple(sorted(blocks)) for on, blocks in days.items()}


def set_other_day(session: DbSession, advisor: Advisor, on: date, blocks: Sequence[Block]) -> None:
    """Let the advisor work these blocks on that date, or not at all; whatever the week says."""
    _forget(session, advisor, on)
    rows = [DateOverride(advisor_id=advisor.id, on_date=on, starts=b.start, ends=b.end) for b in blocks]
    session.add_all(rows or [DateOverride(advisor_id=advisor.id, on_date=on)])
    _changed(session, advisor)


def drop_other_day(session: DbSession, advisor: Advisor, on: date) -> None:
    """Let the week hold on that date again. Twice is once."""
    _forget(session, advisor, on)
    _changed(session, advisor)


def _forget(session: DbSession, advisor: Advisor, on: date) -> None:
    _lock(session, advisor)
    mine = (DateOverride.advisor_id == advisor.id, DateOverride.on_date == on)
    session.execute(delete(DateOverride).where(*mine))


def _lock(session: DbSession, advisor: Advisor) -> None:
    """One at a time: two forms of the same advisor would each add to what the other leaves."""
    session.execute(select(Advisor.id).where(Advisor.id == advisor.id).with_for_update())


def _changed(session: DbSession, advisor: Advisor) -> None:
    advisor.schedule_version = new_schedule_version()
    session.flush()
