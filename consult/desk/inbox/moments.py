"""A day that somebody picks, as the moment at which it begins to count."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consult.worktime.hours import instant_of

MORNING = time(7)
SATURDAY, WEEK = 5, 7


def start_of_day(day: date, zone: str) -> datetime:
    """Seven in the morning of this day on the clock of ``zone``: before anybody begins."""
    return instant_of(day, MORNING, ZoneInfo(zone))


def days_to_sleep(now: datetime, zone: str) -> list[date]:
    """Days that are likely meant: the next weekday, the Monday after it, and the Monday in two weeks; each once."""
    today = now.astimezone(ZoneInfo(zone)).date()
    weekdays = (today + timedelta(days=ahead) for ahead in range(1, 4))
    first = next(day for day in weekdays if day.weekday() < SATURDAY)
    monday = today + timedelta(days=WEEK - today.weekday())
    return list(dict.fromkeys((first, monday, monday + timedelta(days=WEEK))))


def tomorrow(now: datetime, zone: str) -> date:
    """The next date on the clock of ``zone``."""
    return now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
