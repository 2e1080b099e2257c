"""Parts of days to call again in, on the firm's clock: what to offer, and what a choice means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from consult.timespan import Span
from consult.worktime.hours import instant_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS = {"ochtend": (time(9), time(12)), "middag": (time(13), time(17))}
FRIDAY = 4
# So much of a part must be left to offer it still.
LEAST = timedelta(hours=1)


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


def next_windows(now: datetime, zone: str, *, most: int = 3) -> list[Window]:
    """The first parts of working days of which an hour or more is left."""
    return [window for window, _ in zip(_coming(now, zone), range(most), strict=False)]


def window_named(value: str) -> Window | None:
    """The window that a form names; None for anything else."""
    day, _, part = value.rpartition("-")
    if part not in PARTS:
        return None
    try:
        return Window(date.fromisoformat(day), part)
    except ValueError:
        return None


def _coming(now: datetime, zone: str) -> Iterator[Window]:
    day = now.astimezone(ZoneInfo(zone)).date()
    for ahead in range(14):
        each = day + timedelta(days=ahead)
        if each.weekday() <= FRIDAY:
            for part in PARTS:
                window = Window(each, part)
                if window.span(zone).end - now >= LEAST:
                    yield window
