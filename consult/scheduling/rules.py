"""Recurrence rules of strangers (RFC 5545 3.3.10), followed day by day and no further than asked.

A rule is a filter over the days of each period, so following it costs what its days cost and nothing else. The
usual libraries walk to the year 9999 for a rule that never matches ("every 30 February"), which one calendar
can hold two thousand times. Refuses rules that repeat within a day.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from consult.scheduling.lines import Flaw, Unreadable
from consult.scheduling.recurrence import WEEKDAYS
from consult.scheduling.times import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consult.scheduling.times import Clocks

MOST_DAYS = 500_000
LONGEST_RULE = 1000
DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30, "YEARLY": 365}
_LISTS = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_CLOCK = {"BYHOUR": 23, "BYMINUTE": 59, "BYSECOND": 59}
_SINGLE = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"})
_BYDAY = re.compile(r"([+-]?[0-9]{0,2})(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(slots=True)
class Budget:
    """How many days all rules of one calendar may walk through together."""

    days: int = MOST_DAYS

    def take(self, days: int) -> None:
        """Spend ``days``.

        Raises:
            Unreadable: more than is left.
        """
        self.days -= days
        if self.days < 0:
            raise Unreadable(Flaw.RULE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked rule: what each part lists (empty: no such part), and when it stops."""

    frequency: str
    interval: int
    lists: dict[str, frozenset[int]]
    weekdays: frozenset[tuple[int, int]]
    week_start: int
    count: int | None
    until: datetime | None

    def starts(
        self, first: datetime, after: datetime, before: datetime, budget: Budget
    ) -> Iterator[datetime]:
        """Every start from ``after`` up to ``before`` (both aware) of a series that begins at ``first``.

        The wall clock of ``first`` stays. ``first`` itself belongs to the series, whether it fits or not.

        Raises:
            Unreadable: the budget is spent.
        """
        step = DAYS[self.frequency] * self.interval
        # Counting needs every earlier start; without a count the periods before ``after`` may be skipped.
        skipped = max((after - first).days // step - 2, 0) if self.count is None else 0
        seen = 0
        for index in count(skipped):
            days = self._period(first.date(), index * self.interval)
            if not days or days[0] > before.date() + timedelta(days=1):
                return
            budget.take(len(days))
            for day in self._chosen(days):
                start = datetime.combine(day, first.time(), first.tzinfo)
                if start < first:
                    continue
                seen += 1
                if (
                    (self.count and seen > self.count)
                    or (self.until and start > self.until)
                    or start >= before
                ):
                    return
                if start >= after:
                    yield start

    def _period(self, first: date, ahead: int) -> list[date]:
        """The days of the period that is ``ahead`` periods after that of ``first``; none after the year 2200."""
        if self.frequency in {"DAILY", "WEEKLY"}:
            size = DAYS[self.frequency]
            back = (first.weekday() - self.week_start) % 7 if size == 7 else 0
            start = first.toordinal() - back + ahead * size
        else:
            month = first.month - 1 + ahead if self.frequency == "MONTHLY" else ahead * 12
            year, month = first.year + month // 12, month % 12 + 1
            if year > 2200:
                return []
            start = date(year, month, 1).toordinal()
            size = (
                calendar.monthrange(year, month)[1]
                if self.frequency == "MONTHLY"
                else 365 + calendar.isleap(year)
            )
        if start > date(2200, 1, 1).toordinal():
            return []
        return [date.fromordinal(start + offset) for offset in range(size)]

    def _chosen(self, days: list[date]) -> list[date]:
        chosen = [day for day in days if self._fits(day)]
        places = self.lists.get("BYSETPOS")
        if not places:
            return chosen
        return [
            day for place, day in enumerate(chosen) if place + 1 in places or place - len(chosen) in places
        ]

    def _fits(self, day: date) -> bool:
        for name, wanted in self.lists.items():
            if name != "BYSETPOS" and wanted.isdisjoint(_numbers(name, day)):
                return False
        return not self.weekdays or not self.weekdays.isdisjoint(self._weekday(day))

    def _weekday(self, day: date) -> set[tuple[int, int]]:
        name = day.weekday()
        if self.frequency == "MONTHLY" or (self.frequency == "YEARLY" and "BYMONTH" in self.lists):
            place, size = day.day, calendar.monthrange(day.year, day.month)[1]
        elif self.frequency == "YEARLY":
            place, size = day.timetuple().tm_yday, 365 + calendar.isleap(day.year)
        else:
            return {(0, name)}
        return {(0, name), ((place - 1) // 7 + 1, name), (-((size - place) // 7 + 1), name)}


def rule_of(value: str, first: datetime, clocks: Clocks) -> Rule:
    """The rule in an RRULE, completed with what the first start tells (RFC 5545 3.3.10).

    Raises:
        Unreadable: a rule within the day, an unknown part, or a value out of range.
    """
    if len(value) > LONGEST_RULE:
        raise Unreadable(Flaw.RULE)
    pairs = (part.partition("=") for part in value.upper().replace(" ", "").split(";") if part)
    parts = {name: stated for name, _, stated in pairs}
    frequency = parts.get("FREQ", "")
    if frequency not in DAYS or parts.keys() - _SINGLE - _LISTS.keys() - _CLOCK.keys():
        raise Unreadable(Flaw.RULE)
    for name, most in _CLOCK.items():
        # Some clients repeat the start's own hour here; more than one would be several times a day.
        if name in parts and (_one(parts[name], 0, most) != getattr(first, name[2:].lower())):
            raise Unreadable(Flaw.RULE)
    lists = {name: _listed(parts[name], most) for name, most in _LISTS.items() if name in parts}
    weekdays = _weekdays(parts["BYDAY"], frequency) if "BYDAY" in parts else frozenset()
    week_start = parts.get("WKST", "MO")
    if week_start not in WEEKDAYS:
        raise Unreadable(Flaw.RULE)
    if not weekdays and not lists.keys() & {"BYMONTHDAY", "BYYEARDAY"}:
        weekdays = _completed(frequency, lists, first)
    return Rule(
        frequency=frequency,
        interval=_one(parts.get("INTERVAL", "1"), 1, 1000),
        lists=lists,
        weekdays=weekdays,
        week_start=WEEKDAYS.index(week_start),
        count=_one(parts["COUNT"], 1, 100_000) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"], first, clocks) if "UNTIL" in parts else None,
    )


def _completed(
    frequency: str, lists: dict[str, frozenset[int]], first: datetime
) -> frozenset[tuple[int, int]]:
    """Add the day that the first start tells; returned when it is a weekday, else put among the lists."""
    if frequency == "WEEKLY" or "BYWEEKNO" in lists:
        return frozenset({(0, first.weekday())})
    if frequency in {"MONTHLY", "YEARLY"}:
        lists["BYMONTHDAY"] = frozenset({first.day})
    if frequency == "YEARLY":
        lists.setdefault("BYMONTH", frozenset({first.month}))
    return frozenset()


def _numbers(name: str, day: date) -> set[int]:
    if name == "BYMONTH":
        return {day.month}
    if name == "BYMONTHDAY":
        return {day.day, day.day - calendar.monthrange(day.year, day.month)[1] - 1}
    if name == "BYYEARDAY":
        place = day.timetuple().tm_yday
        return {place, place - 366 - calendar.isleap(day.year)}
    return {day.isocalendar().week}


def _listed(value: str, most: int) -> frozenset[int]:
    found = frozenset(_one(each, -most, most) for each in value.split(","))
    if 0 in found or (most in {12, 53} and min(found) < 0):
        raise Unreadable(Flaw.RULE)
    return found


def _one(value: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise Unreadable(Flaw.RULE)
    return int(value)


def _weekdays(value: str, frequency: str) -> frozenset[tuple[int, int]]:
    found = set()
    for each in value.split(","):
        match = _BYDAY.fullmatch(each)
        if match is None:
            raise Unreadable(Flaw.RULE)
        place = _one(match.group(1), -53, 53) if match.group(1) else 0
        # "The second Tuesday" of a week or a day says nothing more than Tuesday.
        found.add((place if frequency in {"MONTHLY", "YEARLY"} else 0, WEEKDAYS.index(match.group(2))))
    return frozenset(found)


def _until(value: str, first: datetime, clocks: Clocks) -> datetime:
    moment = parsed(value, clocks)
    if len(value) == 8:
        # A DATE holds the whole of its day, on the clock of the meeting.
        return moment.replace(tzinfo=first.tzinfo) + timedelta(days=1) - timedelta(seconds=1)
    return moment if value.endswith("Z") else moment.replace(tzinfo=first.tzinfo).astimezone(UTC)
