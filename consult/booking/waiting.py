"""Until when a talk waits for the word of its advisor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.people.schedules import work_calendars
from consult.worktime import BusinessClock, NoWorkingTime, Promise

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession

APPROVAL = Promise(working_days=2)


def answer_by(
    session: DbSession, advisor_id: int, starts_at: datetime, *, asked_at: datetime, now: datetime
) -> datetime:
    """Two working days of the advisor after the talk was asked for, moved or not, and never past its start."""
    calendar = work_calendars(session, (advisor_id,), now=now)[advisor_id]
    try:
        return min(BusinessClock(calendar.week, calendar.absences).due(asked_at, APPROVAL), starts_at)
    except NoWorkingTime:
        return starts_at
