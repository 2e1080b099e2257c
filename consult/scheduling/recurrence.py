"""Which days a series falls on: the three rhythms people ask for, on the wall clock of the first one.

Refuses the rest of RFC 5545's recurrence rules; reading other people's rules is ``busy``'s work.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import count, islice, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_SERIES = 520
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Frequency(StrEnum):
    """How often a series returns; monthly means "the second Tuesday", a fifth one means the last."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The rhythm of a series and its end: after ``count`` meetings, or with the last start up to ``until``.

    Raises:
        ValueError: none or both of the two ends, a count outside 1 to 520, or a naive ``until``.
    """

    frequency: Frequency
    count: int | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        if (self.count is None) == (self.until is None):
            raise ValueError("a series ends by a count or by a date, and by one of them")
        if self.count is not None and not 1 <= self.count <= LONGEST_SERIES:
            raise ValueError("a series holds 1 to 520 meetings")
        if self.until is not None and self.until.utcoffset() is None:
            raise ValueError("a series ends at an aware instant")

    def starts(self, first: datetime) -> tuple[datetime, ...]:
        """Every start of the series, ``first`` (aware, in the zone of the people) included; at most 520.

        The wall clock stays: 14:00 is 14:00 on both sides of a clock change.
        """
        days: Iterator[datetime] = (
            datetime.combine(day, first.time(), first.tzinfo) for day in self._days(first.date())
        )
        if self.until is not None:
            last = self.until.astimezone(UTC)
            days = takewhile(lambda start: start.astimezone(UTC) <= last, days)
        return tuple(islice(days, self.count or LONGEST_SERIES))

    def rule(self, first: datetime) -> dict[str, object]:
        """The parts of the RRULE (RFC 5545 3.3.10) for a series from ``first``, in its own clock."""
        name = WEEKDAYS[first.weekday()]
        parts: dict[str, object] = {"FREQ": "WEEKLY", "BYDAY": name}
        if self.frequency is Frequency.FORTNIGHTLY:
            parts["INTERVAL"] = 2
        if self.frequency is Frequency.MONTHLY:
            parts = {"FREQ": "MONTHLY", "BYDAY": f"{_week(first.date())}{name}"}
        if self.until is not None:
            return parts | {"UNTIL": self.until.astimezone(UTC)}
        return parts | {"COUNT": self.count}

    def _days(self, first: date) -> Iterator[date]:
        if self.frequency is Frequency.MONTHLY:
            months = (divmod(first.year * 12 + first.month - 1 + step, 12) for step in count())
            return (_weekday_in_month(year, month + 1, first) for year, month in months)
        step = timedelta(weeks=2 if self.frequency is Frequency.FORTNIGHTLY else 1)
        return (first + step * index for index in count())


def _week(day: date) -> int:
    week = (day.day - 1) // 7 + 1
    # A fifth Tuesday is not in every month: then the last is meant.
    return week if week < 5 else -1


def _weekday_in_month(year: int, month: int, like: date) -> date:
    weeks = calendar.monthcalendar(year, month)
    days = [week[like.weekday()] for week in weeks if week[like.weekday()]]
    week = _week(like)
    return date(year, month, days[week] if week < 0 else days[week - 1])
