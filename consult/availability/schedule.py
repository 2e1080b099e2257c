"""One host's schedule, worked out once: which starts the hours allow, and how working time runs.

All in whole UTC minutes since 1970, so that a clock change is no special case. Knows nothing of what is
booked: a schedule stays good until hours, absences or rules change, and is meant to be kept that long.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from consult.availability.rules import MINUTE, MeetingRules
from consult.timespan import Span, as_utc, merge
from consult.worktime import BusinessClock, NoWorkingTime, WorkWeek, day_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

NEVER = 1 << 40
"""A minute later than every date."""

Stretch = tuple[int, int]


def minute_of(instant: datetime) -> int:
    """The UTC minute since 1970 in which an instant lies.

    Raises:
        ValueError: the instant is naive.
    """
    return int(as_utc(instant).timestamp() // 60)


def minute_after(instant: datetime) -> int:
    """The first whole UTC minute since 1970 that is not before an instant.

    Raises:
        ValueError: the instant is naive.
    """
    return -int(-as_utc(instant).timestamp() // 60)


def instant_at(minute: int) -> datetime:
    """The instant, in UTC, at which a minute since 1970 begins."""
    return datetime.fromtimestamp(minute * 60, UTC)


@dataclass(frozen=True, eq=False)
class LocalDays:
    """Whole ISO weeks of one zone: ``midnights`` has the minute each date begins and, last, the end.

    ``day_of[minute - start]`` is the index of the date in which a minute lies; ``index // 7`` its week.
    """

    first: date
    last: date
    midnights: tuple[int, ...]
    day_of: array[int]

    @property
    def start(self) -> int:
        """The first minute, that of a Monday."""
        return self.midnights[0]

    @property
    def end(self) -> int:
        """The minute after the last, that of a Monday."""
        return self.midnights[-1]


@lru_cache(maxsize=64)
def local_days(first: date, last: date, zone: tzinfo) -> LocalDays:
    """The ISO weeks that hold the dates ``first`` to ``last``, as they are lived in ``zone``."""
    first -= timedelta(days=first.weekday())
    last += timedelta(days=6 - last.weekday())
    dates = [first + timedelta(days=ahead) for ahead in range((last - first).days + 2)]
    midnights = tuple(minute_of(day_start(day, zone)) for day in dates)
    day_of = array("H")
    for index, (start, end) in enumerate(pairwise(midnights)):
        day_of.extend(array("H", [index]) * (end - start))
    return LocalDays(first, last, midnights, day_of)


@dataclass(frozen=True, eq=False)
class Schedule:
    """What `compile_schedule` worked out: the hours, absences and rules it came from, and the results.

    ``starts`` are the minutes at which a talk may start as far as hours, absences and the step go;
    ``working`` is the working time without absences. Two schedules are only equal when they are the same one,
    so that a schedule can be the key of what is kept for it.
    """

    week: WorkWeek
    absences: tuple[Span, ...]
    rules: MeetingRules
    days: LocalDays = field(repr=False)
    working: tuple[Stretch, ...] = field(repr=False)
    starts: tuple[int, ...] = field(repr=False)
    _worked: tuple[int, ...] = field(repr=False)

    def covers(self, minute: int) -> bool:
        """Whether the schedule was compiled for this minute."""
        return self.days.start <= minute < self.days.end

    def fits(self, minute: int) -> bool:
        """Whether a talk that starts at this minute lies in working time, on the step or not."""
        at = bisect_right(self.working, minute, key=_end_of)
        end = minute + self.rules.length // MINUTE
        return at < len(self.working) and self.working[at][0] <= minute and end <= self.working[at][1]

    def earliest(self, now: datetime, *, urgent: bool = False) -> int:
        """The first minute at which the minimum notice is over; `NEVER` when that takes over a year."""
        if urgent or not self.rules.notice:
            return minute_after(now)
        minute = minute_after(now)
        if self.covers(minute):
            found = self._after_working(minute, self.rules.notice // MINUTE)
            if found is not None:
                return found
        try:
            return minute_after(BusinessClock(self.week, self.absences).add(now, self.rules.notice))
        except NoWorkingTime:
            return NEVER

    def latest(self, now: datetime) -> int:
        """The first minute that is beyond the horizon: where the date after its last one begins."""
        today = now.astimezone(self.week.zone).date()
        return _day_start_minute(today + timedelta(days=self.rules.horizon + 1), self.week.zone)

    def _after_working(self, minute: int, work: int) -> int | None:
        """The first minute by which ``work`` minutes have been worked since ``minute``, if compiled so far."""
        at = bisect_right(self.working, minute, key=_end_of)
        if at == len(self.working):
            return None
        done = self._worked[at] + max(minute - self.working[at][0], 0)
        then = bisect_left(self._worked, done + work, lo=at + 1) - 1
        if then == len(self.working):
            return None
        return self.working[then][0] + done + work - self._worked[then]


def compile_schedule(
    week: WorkWeek, absences: Sequence[Span], rules: MeetingRules, first: date, last: date
) -> Schedule:
    """Work out one host's schedule for the dates ``first`` to ``last`` in the host's zone, both included.

    Whole ISO weeks are worked out, for the limit per week. Let it begin today and reach to the horizon: then
    every question about bookable moments is covered. A start lies a whole number of steps after the start of
    a block, the talk lies in working time that is not interrupted (midnight does not interrupt) and in no
    absence, in part or whole. An absence takes starts away but does not shift the others.

    Raises:
        ValueError: the last date is before the first.
    """
    if last < first:
        raise ValueError("a schedule has at least one day")
    days = local_days(first, last, week.zone)
    dates = (days.first + timedelta(days=ahead) for ahead in range(len(days.midnights) - 1))
    blocks = [(minute_after(span.start), minute_of(span.end)) for day in dates for span in week.spans_on(day)]
    away = [(minute_of(span.start), minute_after(span.end)) for span in merge(absences)]
    working = tuple(_without(_joined(blocks), away))
    starts = tuple(_starts(blocks, working, rules.length // MINUTE, rules.step // MINUTE))
    worked = tuple(accumulate((end - start for start, end in working), initial=0))
    return Schedule(week, tuple(absences), rules, days, working, starts, worked)


@lru_cache(maxsize=256)
def _day_start_minute(day: date, zone: tzinfo) -> int:
    return minute_of(day_start(day, zone))


def _end_of(stretch: Stretch) -> int:
    return stretch[1]


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Stretches in order, those that touch as one: work that goes on over midnight."""
    joined: list[Stretch] = []
    for start, end in stretches:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return joined


def _without(stretches: list[Stretch], cuts: list[Stretch]) -> Iterator[Stretch]:
    """What is left of ordered stretches after ordered cuts."""
    for start, end in stretches:
        at = start
        for cut_start, cut_end in cuts[bisect_right(cuts, start, key=_end_of) :]:
            if cut_start >= end:
                break
            if at < cut_start:
                yield at, cut_start
            at = max(at, cut_end)
        if at < end:
            yield at, end


def _starts(blocks: list[Stretch], working: Sequence[Stretch], length: int, step: int) -> Iterator[int]:
    """The minutes on the step of each block from which a whole talk fits in the working time."""
    for start, end in blocks:
        for free_start, free_end in working[bisect_right(working, start, key=_end_of) :]:
            if free_start >= end:
                break
            skipped = -(min(start - free_start, 0) // step) * step
            yield from range(start + skipped, min(end, free_end - length + 1), step)
