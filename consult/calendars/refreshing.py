"""Keep our copies of advisors' calendars fresh: take what is due, read it without a transaction open, store what came.

A copy is replaced as a whole, by a good one only. Any number of workers may do this at once: who takes a calendar
puts off its next turn first.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import delete, func, insert, select

from consult.availability import minute_after, minute_of
from consult.booking.clashes import clashing, tell_of_clashes
from consult.booking.groups.clashes import clashing_sessions, tell_of_session_clashes
from consult.booking.models import MeetingType
from consult.booking.taking import lock_advisors
from consult.calendars.reading import Copy, Reading, Source, read
from consult.calendars.sealing import unseal
from consult.calendars.troubles import NotRead
from consult.people.calendars import BusyCalendar, CalendarKind, CalendarState, ForeignBusy
from consult.people.models import Advisor
from consult.timespan import Span
from consult.web.outgoing_http import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from threading import Event

    from consult.database import DbSession
    from consult.outbox.delivery import Begin
    from consult.settings import Settings

log = structlog.get_logger("consult.calendars")

EVERY = timedelta(minutes=5)
BEHIND = timedelta(days=1)
# What may clash with a calendar: how it is found, and how its host is told.
CLASHES = ((clashing, tell_of_clashes), (clashing_sessions, tell_of_session_clashes))
# A copy reaches this much further than can be booked, so that an unchanged calendar is read anew once a month.
FURTHER = timedelta(days=30)
# Mail waits behind this work, so a round ends in time; what is left comes in the next one.
ROUND_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Due:
    """A calendar whose turn it is, as far as reading it needs; ``is_covered``: our copy reaches far enough."""

    id: int
    advisor_id: int
    host: str
    kind: CalendarKind
    sealed: str
    zone: str
    own_address: str
    known: Copy
    between: Span
    is_covered: bool


def refresh(begin: Begin, settings: Settings, *, now: Callable[[], datetime], stop: Event) -> int:
    """Read what is due, one after the other, for some seconds at most; gives how many were read well."""
    until, good = time.monotonic() + ROUND_SECONDS, 0
    while time.monotonic() < until and not stop.is_set():
        with begin() as session:
            due = take_due(session, now=now())
        if due is None:
            break
        good += _refreshed(begin, due, settings, now)
    return good


def take_due(session: DbSession, *, now: datetime) -> Due | None:
    """The calendar that waits longest, with its next turn put off; None when none is due."""
    found = session.execute(
        select(BusyCalendar, Advisor.timezone, Advisor.email)
        .join(Advisor, Advisor.id == BusyCalendar.advisor_id)
        .where(BusyCalendar.next_fetch_at <= now, Advisor.active)
        .order_by(BusyCalendar.next_fetch_at, BusyCalendar.id)
        .limit(1)
        .with_for_update(of=BusyCalendar, skip_locked=True)
    ).one_or_none()
    if found is None:
        return None
    calendar, zone, own_address = found
    calendar.next_fetch_at = now + EVERY
    session.flush()
    horizon = timedelta(days=session.scalar(select(func.max(MeetingType.horizon_days))) or 0)
    until = calendar.covered_until
    return Due(
        calendar.id,
        calendar.advisor_id,
        calendar.host,
        CalendarKind(calendar.kind),
        calendar.sealed,
        zone,
        own_address,
        Copy(etag=calendar.etag, last_modified=calendar.last_modified, content_hash=calendar.content_hash),
        Span(now - BEHIND, now + horizon + FURTHER),
        until is not None and until >= now + horizon + BEHIND,
    )


def store_good(session: DbSession, due: Due, reading: Reading, *, settings: Settings, now: datetime) -> None:
    """Replace our copy by what was read, or note that it still holds; tell of talks that clash with what is new in it.

    Who books waits for the same lock: a talk is judged by this copy, or else is there to be compared with it.
    """
    if reading.busy is not None:
        lock_advisors(session, (due.advisor_id,))
    calendar = session.get(BusyCalendar, due.id, with_for_update=True)
    if calendar is None:
        return
    # Of a calendar that is new the advisor sees at the desk what clashes, and is sent no pile of mail.
    is_known = calendar.last_ok_at is not None
    calendar.state, calendar.reason = CalendarState.OK, None
    calendar.last_fetched_at = calendar.last_ok_at = now
    calendar.etag, calendar.last_modified = reading.copy.etag, reading.copy.last_modified
    calendar.content_hash = reading.copy.content_hash
    if reading.busy is None:
        return
    calendar.covered_until = due.between.end
    clashes = [find(advisor_id=due.advisor_id, now=now) for find, _ in CLASHES]
    before = [set(session.scalars(each)) for each in clashes]
    session.execute(delete(ForeignBusy).where(ForeignBusy.calendar_id == calendar.id))
    rows = _rows(calendar, reading.busy)
    if rows:
        session.execute(insert(ForeignBusy), rows)
    if is_known:
        for (_, tell), which, known in zip(CLASHES, clashes, before, strict=True):
            new = filter(None, set(session.scalars(which)) - known)
            tell(session, new, due.advisor_id, settings=settings, now=now)


def store_failure(session: DbSession, due: Due, failure: NotRead, *, now: datetime) -> None:
    """Note why there is no new copy; the last good one stays."""
    calendar = session.get(BusyCalendar, due.id, with_for_update=True)
    if calendar is not None:
        calendar.state, calendar.reason = CalendarState.FAILING, failure.reason.value
        calendar.last_fetched_at = now


def _refreshed(begin: Begin, due: Due, settings: Settings, now: Callable[[], datetime]) -> bool:
    rules = Rules(allow_hosts=settings.feed_allow_hosts)
    known = due.known if due.is_covered else Copy()
    try:
        access = unseal(settings, due.sealed)
        source = Source(
            kind=due.kind,
            access=access,
            zone=due.zone,
            own_domain=settings.answer_domain,
            own_address=due.own_address,
        )
        reading = read(source, due.between, rules, known)
    except NotRead as failure:
        log.warning("calendar not read", calendar=due.id, reason=failure.reason.value)
        with begin() as session:
            store_failure(session, due, failure, now=now())
        return False
    with begin() as session:
        store_good(session, due, reading, settings=settings, now=now())
    return True


def _rows(calendar: BusyCalendar, busy: Sequence[Span]) -> list[dict[str, int]]:
    return [
        {
            "advisor_id": calendar.advisor_id,
            "calendar_id": calendar.id,
            "start_minute": minute_of(span.start),
            "end_minute": minute_after(span.end),
        }
        for span in busy
    ]
