"""The business clock: by when an answer is promised, and how long one took in working time.

Knows nothing of what time it is now, nor of how a promise is said on a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from consult.timespan import Span, as_utc, merge, subtract
from consult.worktime.hours import DAY, WorkWeek

if TYPE_CHECKING:
    from collections.abc import Iterator

YEAR = timedelta(days=366)


class NoWorkingTime(LookupError):
    """No working time, or not enough of it, within a year: nothing can be promised on these hours."""


@dataclass(frozen=True)
class Promise:
    """An answer within so many working days, or within so much working time; exactly one of the two.

    Raises:
        ValueError: both or none are given, or not more than nothing is promised.
    """

    working_days: int | None = None
    working_time: timedelta | None = None

    def __post_init__(self) -> None:
        if (self.working_days is None) == (self.working_time is None):
            raise ValueError("promise working days or working time")
        if not (self.working_days or 0) > 0 and not (self.working_time or timedelta()) > timedelta():
            raise ValueError("promise more than nothing")


@dataclass(frozen=True)
class BusinessClock:
    """A clock that runs only in the working time of ``week``, and stands still during ``absences``."""

    week: WorkWeek
    absences: tuple[Span, ...] = ()

    @cached_property
    def _away(self) -> tuple[Span, ...]:
        return merge(self.absences)

    def working_on(self, day: date) -> tuple[Span, ...]:
        """The working time of the local date ``day`` without the absences; in order, in UTC."""
        spans = self.week.spans_on(day)
        return subtract(spans, self._away) if spans and self._away else spans

    def _dates(self, first: date) -> Iterator[date]:
        return (first + timedelta(days=ahead) for ahead in range(YEAR.days + 1))

    def _local_date(self, instant: datetime) -> date:
        return as_utc(instant).astimezone(self.week.zone).date()

    def add(self, start: datetime, work: timedelta) -> datetime:
        """The first instant, in UTC, by which ``work`` of working time has passed since ``start``.

        Raises:
            ValueError: ``start`` is naive, or ``work`` is negative.
            NoWorkingTime: that much working time does not come within a year.
        """
        start = as_utc(start)
        if work < timedelta():
            raise ValueError("working time runs forwards")
        if not work:
            return start
        for day in self._dates(self._local_date(start)):
            for span in self.working_on(day):
                begin = max(start, span.start)
                if begin + work <= span.end:
                    return begin + work
                work -= max(span.end - begin, timedelta())
        raise NoWorkingTime("not enough working time within a year")

    def between(self, first: datetime, second: datetime) -> timedelta:
        """The working time from ``first`` to ``second``; negative when ``second`` is the earlier one."""
        first, second = as_utc(first), as_utc(second)
        if second < first:
            return -self.between(second, first)
        day, last, total = self._local_date(first), self._local_date(second), timedelta()
        while day <= last:
            for span in self.working_on(day):
                total += max(min(span.end, second) - max(span.start, first), timedelta())
            day += DAY
        return total

    def due(self, start: datetime, promise: Promise) -> datetime:
        """By when, in UTC, an answer to what came in at ``start`` is promised.

        Days count from the day after: "1 working day" is the end of working time on the next date with
        working time, whatever the hour it came in. Working time runs on this clock.

        Raises:
            ValueError: ``start`` is naive.
            NoWorkingTime: the promise does not end within a year.
        """
        if promise.working_time is not None:
            return self.add(start, promise.working_time)
        left = promise.working_days or 0
        for day in self._dates(self._local_date(start) + DAY):
            if working := self.working_on(day):
                left -= 1
                if not left:
                    return working[-1].end
        raise NoWorkingTime("not enough working days within a year")

    def part_way(self, start: datetime, end: datetime, share: float) -> datetime:
        """The instant, in UTC, at which ``share`` (0 to 1) of the working time up to ``end`` has passed."""
        return self.add(start, self.between(start, end) * share)
