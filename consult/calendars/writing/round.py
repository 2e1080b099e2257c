"""Keep what stands in advisors' calendars as it should be: see what differs, take one difference, do it without a
transaction open, and note how it went.

Any number of workers may do this at once: who takes a difference puts off its next turn first.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select, update

from consult.calendars.models import WritingState, WrittenMeeting
from consult.calendars.sealing import unseal
from consult.calendars.troubles import NotRead
from consult.calendars.writing.meetings import as_stored, wanted
from consult.calendars.writing.resource import Entry, Outcome, remove, write
from consult.people.calendars import BusyCalendar
from consult.people.models import Advisor
from consult.web.outgoing_http import Rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from threading import Event

    from consult.database import DbSession
    from consult.outbox.delivery import Begin
    from consult.settings import Settings

log = structlog.get_logger("consult.calendars")

LEASE = timedelta(minutes=5)
ROUND_SECONDS = 15.0
# How long to wait after each failure; the last one goes on until the meeting is over.
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))


@dataclass(frozen=True, slots=True)
class Job:
    """One difference. ``raw`` is what should stand there; None: nothing."""

    id: int
    calendar_id: int
    uid: str
    version: str
    sealed: str
    state: WritingState
    etag: str | None
    raw: bytes | None


def write_talks(begin: Begin, settings: Settings, *, now: Callable[[], datetime], stop: Event) -> int:
    """See what differs and put it right, for some seconds at most; gives how many were done."""
    with begin() as session:
        note_differences(session, now=now())
    until, done = time.monotonic() + ROUND_SECONDS, 0
    while time.monotonic() < until and not stop.is_set():
        with begin() as session:
            job = take_due(session, settings, now=now())
        if job is None:
            break
        done += _done(begin, job, settings, now)
    return done


def note_differences(session: DbSession, *, now: datetime) -> None:
    """Mark for every calendar that we write to what is new, what changed, and what should not stand there now."""
    calendars = session.scalars(
        select(BusyCalendar)
        .join(Advisor, Advisor.id == BusyCalendar.advisor_id)
        .where(BusyCalendar.writes, Advisor.active)
        .order_by(BusyCalendar.id)
        .with_for_update(of=BusyCalendar, skip_locked=True)
    ).all()
    for calendar in calendars:
        _note_differences_of(session, calendar, now)
    session.flush()


def _note_differences_of(session: DbSession, calendar: BusyCalendar, now: datetime) -> None:
    query = select(WrittenMeeting).where(WrittenMeeting.calendar_id == calendar.id)
    known = {row.uid: row for row in session.scalars(query)}
    for each in wanted(session, calendar.advisor_id, now=now):
        row = known.pop(each.uid, None)
        if row is None:
            row = WrittenMeeting(calendar_id=calendar.id, uid=each.uid, version="", ends_at=each.ends_at)
            session.add(row)
        if (row.version, row.wanted) != (each.version, True):
            row.version, row.wanted, row.due_at, row.attempts = each.version, True, now, 0
        row.ends_at = each.ends_at
    for row in known.values():
        if row.wanted and row.ends_at <= now:
            # What is over stays where it is, as somebody's memory.
            session.delete(row)
        elif row.wanted:
            row.wanted, row.due_at, row.attempts = False, now, 0


def take_due(session: DbSession, settings: Settings, *, now: datetime) -> Job | None:
    """The difference that waits longest, with its next turn put off; None when none is due."""
    found = session.execute(
        select(WrittenMeeting, BusyCalendar)
        .join(BusyCalendar, BusyCalendar.id == WrittenMeeting.calendar_id)
        .where(WrittenMeeting.due_at <= now, BusyCalendar.writes)
        .order_by(WrittenMeeting.due_at, WrittenMeeting.id)
        .limit(1)
        .with_for_update(of=WrittenMeeting, skip_locked=True)
    ).one_or_none()
    if found is None:
        return None
    row, calendar = found
    row.due_at = now + LEASE
    session.flush()
    raw = as_stored(session, calendar.advisor_id, row.uid, settings) if row.wanted else None
    return Job(
        row.id,
        calendar.id,
        row.uid,
        row.version,
        calendar.sealed,
        WritingState(row.state),
        row.etag,
        raw,
    )


def _done(begin: Begin, job: Job, settings: Settings, now: Callable[[], datetime]) -> bool:
    rules = Rules(allow_hosts=settings.feed_allow_hosts)
    try:
        entry = Entry(unseal(settings, job.sealed), job.uid, job.state, job.etag)
        if job.raw is not None:
            outcome = write(entry, job.raw, rules)
        else:
            remove(entry, rules)
            outcome = None
    except NotRead as failure:
        log.warning("calendar not written", calendar=job.calendar_id, reason=failure.reason.value)
        with begin() as session:
            settle_failure(session, job, failure, now=now())
        return False
    with begin() as session:
        settle(session, job, outcome, now=now())
    return True


def settle(session: DbSession, job: Job, outcome: Outcome | None, *, now: datetime) -> None:
    """Note how a meeting stands in the calendar now; None: not any more."""
    row = session.get(WrittenMeeting, job.id, with_for_update=True)
    if row is None:
        return
    if outcome is None and not row.wanted:
        session.delete(row)
        return
    row.state = outcome.state if outcome else WritingState.WAITING
    row.etag = outcome.etag if outcome else None
    row.written_version, row.reason, row.attempts = job.version, None, 0
    is_right = row.wanted and row.version == job.version
    row.due_at = None if is_right else now


def settle_failure(session: DbSession, job: Job, failure: NotRead, *, now: datetime) -> None:
    """Note why it could not be done, and leave the whole calendar alone for a while."""
    row = session.get(WrittenMeeting, job.id, with_for_update=True)
    if row is None:
        return
    again = now + RETRY_AFTER[min(row.attempts, len(RETRY_AFTER) - 1)]
    if row.state != WritingState.THEIRS:
        row.state = WritingState.FAILING
    row.reason, row.due_at, row.attempts = failure.reason.value, again, row.attempts + 1
    session.execute(
        update(WrittenMeeting)
        .where(WrittenMeeting.calendar_id == row.calendar_id, WrittenMeeting.due_at <= now)
        .values(due_at=now + RETRY_AFTER[0])
    )
