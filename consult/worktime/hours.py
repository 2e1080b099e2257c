"""Weekly hours and the days that differ, as instants per date.

Knows nothing of absences, bookings or what time it is now.

Clock changes. A wall-clock time stands for the first instant at which the clock shows that time or a later
one. A time the clock skips (02:30 when it jumps from 02:00 to 03:00) is therefore the jump itself; a time it
shows twice is the first of the two (RFC 5545 3.3.5). One rule that never runs backwards, so blocks that touch
on the clock also touch in real time and never overlap, and a day has its 23 or 25 hours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from consult.timespan import Span, merge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

MIDNIGHT = time(0)
DAY = timedelta(days=1)
WEEKDAYS = 7


def instant_of(day: date, wall: time, zone: tzinfo) -> datetime:
    """The first instant, in UTC, at which the clock of ``zone`` shows ``wall`` on ``day`` or a later time."""
    local = datetime.combine(day, wall, zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None):
        return instant
    return _clock_jump(local, instant)


def day_start(day: date, zone: tzinfo) -> datetime:
    """The instant, in UTC, at which ``day`` begins in ``zone``; not 00:00 where the clock skips that."""
    return instant_of(day, MIDNIGHT, zone)


def _clock_jump(skipped: datetime, after: datetime) -> datetime:
    """The instant at which the clock jumps over ``skipped``, which lies before ``after``."""
    zone, wall = skipped.tzinfo, skipped.replace(tzinfo=None)
    before = skipped.replace(fold=1).astimezone(UTC)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).replace(tzinfo=None, fold=0) < wall:
            before = middle
        else:
            after = middle
    return after


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """Wall-clock time from ``start`` up to ``end`` on one date, in whole minutes; ``end`` 00:00 means 24:00.

    Raises:
        ValueError: the block would be empty or backwards, or an end has seconds or a zone.
    """

    start: time
    end: time

    def __post_init__(self) -> None:
        for wall in (self.start, self.end):
            if wall.tzinfo is not None or wall.second or wall.microsecond:
                raise ValueError("a block has wall-clock times in whole minutes")
        if self.first_minute >= self.last_minute:
            raise ValueError("a block ends after it starts")

    @property
    def first_minute(self) -> int:
        """Minutes on the clock from 00:00 to the start."""
        return self.start.hour * 60 + self.start.minute

    @property
    def last_minute(self) -> int:
        """Minutes on the clock from 00:00 to the end; 1440 for 24:00."""
        return self.end.hour * 60 + self.end.minute or 24 * 60

    def on(self, day: date, zone: tzinfo) -> Span | None:
        """The block as instants on ``day``; None when the clock skips all of it."""
        start = instant_of(day, self.start, zone)
        end = day_start(day + DAY, zone) if self.end == MIDNIGHT else instant_of(day, self.end, zone)
        return Span(start, end) if start < end else None


@dataclass(frozen=True)
class WorkWeek:
    """When somebody works: weekly blocks, days that differ, and days on which the office is closed.

    ``weekly`` has seven entries, Monday first; a break is the gap between two blocks. ``overrides`` replace
    the whole day (an empty entry: not working) and win from ``closed_on``: who names one date, means it.

    Raises:
        ValueError: ``weekly`` does not have seven days.
    """

    zone: tzinfo
    weekly: tuple[tuple[Block, ...], ...]
    overrides: Mapping[date, tuple[Block, ...]] = field(default_factory=lambda: MappingProxyType({}))
    closed_on: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.weekly) != WEEKDAYS:
            raise ValueError("a week has seven days")

    def usual_spans_on(self, day: date) -> tuple[Span, ...]:
        """What the weekly hours alone give for ``day``: merged, in order, in UTC."""
        return self._spans(day, self.weekly[day.weekday()])

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The working time of the local date ``day``: merged, in order, in UTC; empty on a day off."""
        if day in self.overrides:
            return self._spans(day, self.overrides[day])
        return () if day in self.closed_on else self.usual_spans_on(day)

    def _spans(self, day: date, blocks: tuple[Block, ...]) -> tuple[Span, ...]:
        return merge(span for block in blocks if (span := block.on(day, self.zone)) is not None)
