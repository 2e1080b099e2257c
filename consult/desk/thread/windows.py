"""Parts of days to call again in: what to offer within the advisor's working time, and what a choice means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from consult.people.schedules import business_clocks
from consult.timespan import Span
from consult.worktime import BusinessClock, NoWorkingTime, instant_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consult.contact.models import Enquiry
    from consult.database import DbSession
    from consult.settings import Settings

PARTS = {"ochtend": (time(9), time(12)), "middag": (time(13), time(17))}
# So much working time must be left in a part to offer it still.
LEAST = timedelta(hours=1)
# Beyond the longest usual leave.
DAYS_AHEAD = 60


@dataclass(frozen=True, slots=True)
class Window:
    """A part of one day."""

    day: date
    part: str

    @property
    def value(self) -> str:
        """How it is named in a form: ``2026-11-19-middag``."""
        return f"{self.day.isoformat()}-{self.part}"

    def span(self, zone: str) -> Span:
        """The window as instants."""
        starts, ends = PARTS[self.part]
        tz = ZoneInfo(zone)
        return Span(instant_of(self.day, starts, tz), instant_of(self.day, ends, tz))


def clock_of(session: DbSession, enquiry: Enquiry, *, settings: Settings, now: datetime) -> BusinessClock:
    """The clock of who has the question, absence and holidays included; the firm's without one, or without hours."""
    *own, firm = business_clocks(session, enquiry.advisor, settings=settings, now=now)
    return next((each for each in own if _runs(each, now)), firm)


def next_windows(clock: BusinessClock, now: datetime, zone: str, *, most: int = 3) -> list[Window]:
    """The first parts of days in which the clock still runs for an hour or more."""
    return [window for window, _ in zip(_coming(clock, now, zone), range(most), strict=False)]


def window_named(value: str) -> Window | None:
    """The window that a form names; None for anything else."""
    day, _, part = value.rpartition("-")
    if part not in PARTS:
        return None
    try:
        return Window(date.fromisoformat(day), part)
    except ValueError:
        return None


def _coming(clock: BusinessClock, now: datetime, zone: str) -> Iterator[Window]:
    today = now.astimezone(ZoneInfo(zone)).date()
    for ahead in range(DAYS_AHEAD):
        for part in PARTS:
            window = Window(today + timedelta(days=ahead), part)
            span = window.span(zone)
            if clock.between(max(span.start, now), span.end) >= LEAST:
                yield window


def _runs(clock: BusinessClock, now: datetime) -> bool:
    try:
        clock.add(now, LEAST)
    except NoWorkingTime:
        return False
    return True
