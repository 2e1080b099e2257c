"""Let an advisor choose whether talks are put into a calendar elsewhere, and tell how that goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from consult.activity.services import record
from consult.calendars.models import WritingState, WrittenMeeting
from consult.people.calendars import BusyCalendar, CalendarKind

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession


@dataclass(frozen=True, slots=True)
class Health:
    """How many meetings stand in a calendar by us or by its owner's own doing, how many still wait or go wrong, and
    why the last of those did.
    """

    written: int = 0
    theirs: int = 0
    waiting: int = 0
    failing: int = 0
    reason: str | None = None


def set_writing(
    session: DbSession, advisor_id: int, calendar_id: int, *, on: bool, actor: str, now: datetime
) -> None:
    """Put this advisor's talks into this calendar from now on, or not any more; twice is once.

    Only a collection can be written to: for another calendar nothing happens. What stands there when it stops is left.
    """
    calendar = session.get(BusyCalendar, calendar_id, with_for_update=True)
    if calendar is None or calendar.advisor_id != advisor_id or calendar.kind != CalendarKind.CALDAV:
        return
    if calendar.writes == on:
        return
    calendar.writes = on
    if not on:
        session.execute(delete(WrittenMeeting).where(WrittenMeeting.calendar_id == calendar_id))
    session.flush()
    what = "calendar.writing" if on else "calendar.not_writing"
    record(session, ("advisor", advisor_id), what, actor=actor, now=now, host=calendar.host)


def writing_health(session: DbSession, advisor_id: int) -> dict[int, Health]:
    """By calendar of this advisor, for those that are written to; one statement."""
    rows = session.execute(
        select(
            BusyCalendar.id,
            WrittenMeeting.state,
            func.count(WrittenMeeting.id),
            func.max(WrittenMeeting.reason),
        )
        .outerjoin(WrittenMeeting, WrittenMeeting.calendar_id == BusyCalendar.id)
        .where(BusyCalendar.advisor_id == advisor_id, BusyCalendar.writes)
        .group_by(BusyCalendar.id, WrittenMeeting.state)
    ).all()
    found: dict[int, Health] = {}
    for calendar_id in dict.fromkeys(row[0] for row in rows):
        of = {state: count for number, state, count, _reason in rows if number == calendar_id}
        reasons = [reason for number, _state, _count, reason in rows if number == calendar_id and reason]
        found[calendar_id] = Health(
            written=of.get(WritingState.WRITTEN, 0),
            theirs=of.get(WritingState.THEIRS, 0),
            waiting=of.get(WritingState.WAITING, 0),
            failing=of.get(WritingState.FAILING, 0),
            reason=next(iter(reasons), None),
        )
    return found


def calendars_not_written(session: DbSession) -> dict[int, str]:
    """The calendars into which something could not be written the last time, and why."""
    rows = session.execute(
        select(WrittenMeeting.calendar_id, func.max(WrittenMeeting.reason))
        .where(WrittenMeeting.state == WritingState.FAILING)
        .group_by(WrittenMeeting.calendar_id)
    )
    return {calendar_id: reason for calendar_id, reason in rows if reason}
