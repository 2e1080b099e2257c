"""A day that somebody picks, as the moment at which it begins to count."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consult.worktime.hours import instant_of

MORNING = time(7)


def start_of_day(day: date, zone: str) -> datetime:
    """Seven in the morning of this day on the clock of ``zone``: before anybody begins."""
    return instant_of(day, MORNING, ZoneInfo(zone))


def tomorrow(now: datetime, zone: str) -> date:
    """The next date on the clock of ``zone``."""
    return now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
