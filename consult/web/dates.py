"""Moments in words: "donderdag 3 december 2026, 14.00 – 14.30 uur". Takes the zone and the language as arguments."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date

if TYPE_CHECKING:
    from datetime import date, datetime


@lru_cache(maxsize=2048)
def day(when: date, locale: str, *, year: bool = False) -> str:
    """A date with its weekday: ``donderdag 3 december`` or ``Thursday 3 December``."""
    return str(babel_date(when, "EEEE d MMMM y" if year else "EEEE d MMMM", locale=_babel(locale)))


def short_day(when: date, locale: str) -> str:
    """A date without its weekday: ``3 dec 2026``."""
    return str(babel_date(when, "d MMM y", locale=_babel(locale)))


def clock_time(at: datetime, locale: str) -> str:
    """A wall-clock time; Dutch writes a full stop: ``14.00``, English a colon: ``14:00``."""
    return at.strftime("%H.%M" if locale == "nl" else "%H:%M")


def zoned_time(at: datetime, zone: str, locale: str) -> str:
    """The wall-clock time of an instant on the clock of ``zone``."""
    return clock_time(at.astimezone(ZoneInfo(zone)), locale)


def hours(start: datetime, end: datetime, zone: str, locale: str) -> str:
    """``14.00 – 14.30 uur`` on the clock of ``zone``."""
    tz = ZoneInfo(zone)
    text = f"{clock_time(start.astimezone(tz), locale)} – {clock_time(end.astimezone(tz), locale)}"
    return f"{text} uur" if locale == "nl" else text


def moment(start: datetime, end: datetime, zone: str, locale: str) -> str:
    """``donderdag 3 december 2026, 14.00 – 14.30 uur`` on the clock of ``zone``."""
    local = start.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), locale, year=True)}, {hours(start, end, zone, locale)}"


def moment_line(start: datetime, end: datetime, zone: str, locale: str) -> str:
    """``moment`` for a page: the hours stay together when the line is full."""
    local = start.astimezone(ZoneInfo(zone))
    kept = hours(start, end, zone, locale).replace(" ", "\N{NO-BREAK SPACE}")
    return f"{day(local.date(), locale, year=True)}, {kept}"


def local_date(at: datetime, zone: str) -> date:
    """The date of an instant on the clock of ``zone``."""
    return at.astimezone(ZoneInfo(zone)).date()


def deadline(at: datetime, now: datetime, zone: str, locale: str) -> str:
    """By when something is promised: ``vandaag 17.00 uur``, or the day when it is another one."""
    tz = ZoneInfo(zone)
    local, today = at.astimezone(tz), now.astimezone(tz).date()
    if local.date() != today:
        return day(local.date(), locale)
    return (
        f"vandaag {clock_time(local, locale)} uur" if locale == "nl" else f"today {clock_time(local, locale)}"
    )


def stamp(at: datetime, zone: str, locale: str) -> str:
    """When something happened: ``20 nov 2026, 14.05``."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{short_day(local.date(), locale)}, {clock_time(local, locale)}"


def _babel(locale: str) -> str:
    return "nl_NL" if locale == "nl" else "en_GB"
