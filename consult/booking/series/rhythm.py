"""Which dates a rhythm falls on, and what may be asked for: at most 24 talks, within a year.

Knows no database; the days themselves are worked out by ``consult.scheduling.recurrence``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from consult.scheduling.recurrence import Frequency, Recurrence
from consult.worktime import day_start

if TYPE_CHECKING:
    from consult.booking.series.models import TalkSeries

FEWEST_TALKS = 2
MOST_TALKS = 24
LONGEST = timedelta(weeks=52)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, from when (an aware instant), and how many dates; the clock of ``zone`` stays the same all along.

    Raises:
        ValueError: fewer than 2 dates or more than 24.
    """

    frequency: Frequency
    first: datetime
    count: int
    zone: str

    def __post_init__(self) -> None:
        if not FEWEST_TALKS <= self.count <= MOST_TALKS:
            raise ValueError("a series has 2 to 24 talks")

    def starts(self) -> tuple[datetime, ...]:
        """The dates in order, in UTC, those beyond a year left out."""
        every = _starts(Recurrence(self.frequency, count=self.count), self.first, self.zone)
        return tuple(start for start in every if start - self.first < LONGEST)


def count_until(frequency: Frequency, first: datetime, last: date, zone: str) -> int:
    """How many dates a rhythm has from its first one to and with a day on the clock of the zone; a year at most."""
    end = min(day_start(last + timedelta(days=1), ZoneInfo(zone)), first + LONGEST)
    every = _starts(Recurrence(frequency, until=max(end, first)), first, zone)
    return sum(start < end for start in every)


def first_start(start: datetime, frequency: Frequency, zone: str, now: datetime) -> datetime:
    """The start itself, or when that is past the first one after ``now`` in the rhythm that it begins."""
    later = Recurrence(frequency, until=max(now, start) + timedelta(days=62))
    return next(each for each in _starts(later, start, zone) if each > now)


def begin_of(rhythm: Rhythm, first_free: datetime) -> datetime:
    """Where a series of this rhythm begins: with its first free date, so that no calendar begins with a skipped one.

    Except when another rhythm would begin there: the last Monday of a month may be its fourth.
    """
    rest = tuple(start for start in rhythm.starts() if start >= first_free)
    again = Recurrence(rhythm.frequency, count=len(rest))
    return first_free if _starts(again, first_free, rhythm.zone) == rest else rhythm.first


def recurrence_of(series: TalkSeries) -> Recurrence:
    """The rhythm of a series up to its end, as its calendar object tells it."""
    return Recurrence(Frequency(series.frequency), until=series.until_at)


def starts_of(series: TalkSeries) -> tuple[datetime, ...]:
    """Every start of the rhythm of a series, in UTC, taken or not."""
    return _starts(recurrence_of(series), series.starts_at, series.zone)


def starts_after(series: TalkSeries, count: int, now: datetime) -> tuple[datetime, ...]:
    """The next starts, in UTC, with which a series goes on after its end: none past, none more than a year away."""
    last = max(series.until_at, now)
    known = Recurrence(Frequency(series.frequency), until=last + LONGEST)
    every = _starts(known, series.starts_at, series.zone)
    return tuple(start for start in every if start > last and start - now < LONGEST)[:count]


def _starts(recurrence: Recurrence, first: datetime, zone: str) -> tuple[datetime, ...]:
    """The starts on the clock of the zone, as instants in UTC."""
    return tuple(start.astimezone(UTC) for start in recurrence.starts(first.astimezone(ZoneInfo(zone))))
