"""A slow engine that is plainly right: it looks at every minute with the wall clock in hand.

Shares no code with the engine but the values asked with: no grid, no table, no arithmetic on midnights.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from consult.availability import Host, Terms
    from consult.worktime import WorkWeek

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def instant(minute: int) -> datetime:
    return EPOCH + minute * MINUTE


def local_date(minute: int, zone: tzinfo) -> date:
    return instant(minute).astimezone(zone).date()


@cache
def first_minute_showing(wall: datetime, zone: tzinfo) -> int:
    """Wait, minute by minute, until the clock on the wall shows this time or a later one."""
    minute = (wall.replace(tzinfo=UTC) - EPOCH) // MINUTE - 15 * 60
    while instant(minute).astimezone(zone).replace(tzinfo=None) < wall:
        minute += 1
    return minute


def working_minutes(week: WorkWeek, day: date) -> set[int]:
    if day in week.overrides:
        blocks = week.overrides[day]
    elif day in week.closed_on:
        blocks = ()
    else:
        blocks = week.weekly[day.weekday()]
    minutes: set[int] = set()
    for block in blocks:
        last_day = day if block.end > time(0) else day + timedelta(days=1)
        first = first_minute_showing(datetime.combine(day, block.start), week.zone)
        last = first_minute_showing(datetime.combine(last_day, block.end), week.zone)
        minutes |= set(range(first, last))
    return minutes


class Oracle:
    """Answers for one host on some dates, and for the asking from `now` on."""

    def __init__(self, host: Host, first: date, last: date, terms: Terms) -> None:
        self.host, self.terms = host, terms
        self.rules, self.week = host.schedule.rules, host.schedule.week
        self.zone = self.week.zone
        days = [first + timedelta(days=ahead) for ahead in range(-1, (last - first).days + 2)]
        self.by_day = {day: working_minutes(self.week, day) for day in days}
        self.hours = set().union(*self.by_day.values())
        self.absent = {minute for minute in self.hours if self._away(minute)}
        self.working = self.hours - self.absent
        self.length = self.rules.length // MINUTE
        self.step = self.rules.step // MINUTE

    def _away(self, minute: int) -> bool:
        begin, end = instant(minute), instant(minute + 1)
        return any(absence.start < end and begin < absence.end for absence in self.host.schedule.absences)

    def may(self, start: int, *, leads: bool = True) -> bool:
        """Whether a talk may start in this minute."""
        return all(self._checks(start, leads=leads))

    def _checks(self, start: int, *, leads: bool) -> Iterator[bool]:
        terms, zone = self.terms, self.zone
        yield instant(start) >= terms.now
        yield terms.visitor is None or terms.visitor.booked < terms.visitor.at_most
        yield terms.seats is None or terms.seats.taken + terms.seats.wanted <= terms.seats.capacity
        talk = set(range(start, start + self.length))
        yield talk <= self.working
        yield not leads or self._on_step(start)
        yield terms.urgent or self._worked_before(start) >= self.rules.notice // MINUTE
        today = terms.now.astimezone(zone).date()
        yield (local_date(start, zone) - today).days <= self.rules.horizon
        yield not any(self._keeps_apart(start, row[0], row[1]) for row in self.host.busy)
        dates = [local_date(row[2], zone) for row in self.host.busy if row[2] is not None]
        day = local_date(start, zone)
        same_week = [other for other in dates if other.isocalendar()[:2] == day.isocalendar()[:2]]
        yield self.rules.per_day is None or dates.count(day) < self.rules.per_day
        yield self.rules.per_week is None or len(same_week) < self.rules.per_week

    def _on_step(self, start: int) -> bool:
        minutes = self.by_day.get(local_date(start, self.zone), set())
        begin = start
        while begin - 1 in minutes:
            begin -= 1
        return (start - begin) % self.step == 0

    def _worked_before(self, start: int) -> int:
        first = -((EPOCH - self.terms.now) // MINUTE)
        return sum(minute in self.working for minute in range(first, start))

    def _keeps_apart(self, start: int, busy_start: int, busy_end: int) -> bool:
        before, after = self.rules.buffer_before // MINUTE, self.rules.buffer_after // MINUTE
        kept_free = range(start - before, start + self.length + after)
        return any(busy_start <= minute < busy_end for minute in kept_free)
