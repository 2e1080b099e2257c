"""The office clock of the sample data: working days in Amsterdam, and working minutes as plain numbers.

Made for making up moments quickly; what the product promises people is reckoned elsewhere. Knows no advisor.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
OPENS: Final = 9 * 60
DAY: Final = 8 * 60
NOON: Final = 12 * 60


class OfficeClock:
    """Monday to Friday, 9.00 to 17.00 in Amsterdam, Dutch public holidays left out, between two dates.

    A position counts working minutes since the first date; equal positions are the end of one working day and
    the start of the next.
    """

    def __init__(self, first: date, last: date) -> None:
        import holidays

        free = holidays.country_holidays("NL", years=range(first.year, last.year + 1))
        dates = [first + timedelta(days=days) for days in range((last - first).days + 1)]
        self.working_days: list[date] = [day for day in dates if day.weekday() < 5 and day not in free]
        self._rank: dict[date, int] = {}
        rank = 0
        working = set(self.working_days)
        for day in dates:
            self._rank[day] = rank
            rank += day in working
        self._working = working
        self._noon: dict[date, datetime] = {}

    def is_working_day(self, day: date) -> bool:
        """Whether the office is open on this date."""
        return day in self._working

    def instant(self, day: date, minute: float) -> datetime:
        """The instant of a minute of this date on the wall clock, in UTC; daytime only, from 03:00 on."""
        noon = self._noon.get(day)
        if noon is None:
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=AMSTERDAM).astimezone(UTC)
            self._noon[day] = noon
        return noon + timedelta(seconds=round((minute - NOON) * 60))

    def position(self, instant: datetime) -> float:
        """How many working minutes lie between the first date and this instant."""
        local = instant.astimezone(AMSTERDAM)
        day = local.date()
        start = self._rank[day] * DAY
        if day not in self._working:
            return start
        return start + min(max(local.hour * 60 + local.minute + local.second / 60 - OPENS, 0), DAY)

    def at(self, position: float) -> datetime:
        """The instant at which so many working minutes have passed; a whole number of days is the next start."""
        days, minute = divmod(position, DAY)
        return self.instant(self.working_days[int(days)], OPENS + minute)

    def deadline(self, position: float) -> datetime:
        """Like ``at``, but a whole number of days is the end of a day: the form a promise takes."""
        days, minute = divmod(position, DAY)
        if minute == 0:
            days, minute = days - 1, DAY
        return self.instant(self.working_days[int(days)], OPENS + minute)


def local_day(instant: datetime) -> date:
    """The date of an instant in Amsterdam."""
    return instant.astimezone(AMSTERDAM).date()
