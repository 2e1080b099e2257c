"""A talk that may become a series, and calendar objects read by parsers that did not write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import vobject
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # (says nothing about its types)
from sqlalchemy import select

from consult.activity.services import VISITOR
from consult.booking.models import MeetingType
from consult.booking.series import planning as series_planning
from consult.booking.series.planning import NewSeries
from consult.booking.series.rhythm import Rhythm
from consult.people.models import Advisor
from consult.scheduling.recurrence import Frequency
from tests.support import rows

if TYPE_CHECKING:
    from consult.booking.models import Booking
    from consult.booking.series.planning import Planned
    from consult.database import DbSession
    from consult.settings import Settings

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# A Tuesday, 10.00 in Amsterdam, a week after NOW.
FIRST = datetime(2026, 11, 24, 9, tzinfo=UTC)


def local(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment on the clock of Amsterdam."""
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM)


def rik(session: DbSession) -> Advisor:
    """The advisor whom most tests talk with."""
    return session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()


def sparren(session: DbSession) -> MeetingType:
    """The kind of talk that may be a series."""
    kind = session.scalars(select(MeetingType).where(MeetingType.slug == "sparren")).one()
    kind.series = True
    return kind


def first_talk(session: DbSession, settings: Settings, starts_at: datetime = FIRST, **params: Any) -> Booking:
    """A talk of Joke with Rik, of a kind that may be a series."""
    return rows.book(session, settings, sparren(session), [rik(session)], starts_at, **params).booking


def block(session: DbSession, settings: Settings, starts_at: datetime, **params: Any) -> Booking:
    """Somebody else's talk with Rik; the horizon is no hindrance."""
    kind = sparren(session)
    horizon, kind.horizon_days = kind.horizon_days, 500
    email = f"{starts_at:%m%d%H%M}@ander.example"
    booking = rows.book(
        session, settings, kind, [rik(session)], starts_at, name="Iemand Anders", email=email, **params
    ).booking
    kind.horizon_days = horizon
    return booking


def plan(
    session: DbSession,
    settings: Settings,
    booking: Booking,
    frequency: Frequency = Frequency.WEEKLY,
    count: int = 6,
    *,
    form_key: str = "series-1",
    first: datetime | None = None,
    now: datetime = rows.NOW,
    **params: Any,
) -> Planned:
    """A series from a talk."""
    rhythm = Rhythm(frequency, first or booking.starts_at, count, "Europe/Amsterdam")
    new = NewSeries(form_key=form_key, rhythm=rhythm, **params)
    return series_planning.plan(session, booking, new, actor=VISITOR, settings=settings, now=now)


class HeldCalendar:
    """What a calendar program holds after it read our messages in order; expands with dateutil, not with our code."""

    def __init__(self) -> None:
        self.master: Any = None
        self.changed: dict[datetime, Any] = {}
        self.sequence: dict[datetime | None, int] = {}

    def receive(self, text: str) -> None:
        """Apply one message as RFC 5546 2.1.5 says; refuses one that is not newer than what is held."""
        calendar = vobject.readOne(text)
        method, held = calendar.method.value, dict(self.sequence)
        for event in calendar.vevent_list:
            known_by = event.recurrence_id.value.astimezone(UTC) if hasattr(event, "recurrence_id") else None
            sequence = int(event.sequence.value)
            before = max(held.get(None, -1), held.get(known_by, -1))
            assert sequence > before, f"SEQUENCE {sequence} after {before} for {known_by}"
            self.sequence[known_by] = sequence
            shown = None if method == "CANCEL" else event
            if known_by is None:
                self.master, self.changed = shown, {}
            else:
                self.changed[known_by] = shown

    def starts(self) -> list[datetime]:
        """Every start in it, in order, on the clock of Amsterdam."""
        if self.master is None:
            return []
        first = self.master.dtstart.value.astimezone(AMSTERDAM)
        if not hasattr(self.master, "rrule"):
            return [first]
        rule = rrulestr(self.master.rrule.value, dtstart=first)
        left_out = {
            each.astimezone(UTC) for line in self.master.contents.get("exdate", []) for each in line.value
        }
        by_rule = {each.astimezone(UTC) for each in rule} - left_out - set(self.changed)
        moved = {event.dtstart.value.astimezone(UTC) for event in self.changed.values() if event is not None}
        return [each.astimezone(AMSTERDAM) for each in sorted(by_rule | moved)]


def weekly(first: datetime, count: int) -> list[datetime]:
    """The same weekday and wall clock in consecutive weeks."""
    return [first + timedelta(weeks=number) for number in range(count)]
