"""Clocks: how a zone is told in a calendar object, and which zone a foreign name means.

Knows the European rule (clocks change at 01:00 UTC on the last Sunday of March and October, Directive
2000/84/EC) and the names Windows, Thunderbird and Evolution give to zones. Never evaluates the recurrence
rules of somebody else's VTIMEZONE: those can be made to run for ever.
"""

from __future__ import annotations

import re
from calendar import monthcalendar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vDatetime, vRecur, vText, vUTCOffset
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_HOUR = timedelta(hours=1)
_EUROPEAN_BY_OFFSETS = {
    (timedelta(0), _HOUR): "Europe/London",
    (_HOUR, 2 * _HOUR): "Europe/Amsterdam",
    (2 * _HOUR, 3 * _HOUR): "Europe/Helsinki",
}
_BEFORE_CITIES = re.compile(r"\(?(?:UTC|GMT)[^)]{0,12}\)\s*")


@dataclass(frozen=True, slots=True)
class EuropeanClock:
    """The two offsets and short names of a zone that follows the European rule."""

    standard: timedelta
    daylight: timedelta
    standard_name: str
    daylight_name: str


@lru_cache(maxsize=256)
def european_clock(zone: str, year: int) -> EuropeanClock | None:
    """The clock of ``zone`` when it follows the European rule in ``year`` and the year after, or None.

    Looked up in the time zone database and not assumed, so that the day Europe ends the clock change, or a
    country leaves it, the answer becomes None and times are told in UTC.
    """
    tz = ZoneInfo(zone)
    winter, summer = (datetime(year, month, 15, tzinfo=tz) for month in (1, 7))
    standard, daylight = _offset(winter), _offset(summer)
    if daylight - standard != _HOUR:
        return None
    for each in (year, year + 1):
        for month, before, after in ((3, standard, daylight), (10, daylight, standard)):
            change = datetime(each, month, _last_sunday(each, month), 1, tzinfo=UTC)
            second_before = (change - timedelta(seconds=1)).astimezone(tz)
            if _offset(second_before) != before or _offset(change.astimezone(tz)) != after:
                return None
    return EuropeanClock(standard, daylight, winter.tzname() or "", summer.tzname() or "")


def time_zone_component(zone: str, clock: EuropeanClock) -> Timezone:
    """The VTIMEZONE of a European zone in two rules, as every client reads it (RFC 5545 3.6.5).

    Both onsets are told in the local time before the change, from 1970 on.
    """
    component = Timezone()
    component["TZID"] = vText(zone)
    change = datetime(1970, 1, 1, 1)  # noqa: DTZ001 - an onset is a local time by definition
    for onset, before, after, name, month in (
        (TimezoneDaylight(), clock.standard, clock.daylight, clock.daylight_name, 3),
        (TimezoneStandard(), clock.daylight, clock.standard, clock.standard_name, 10),
    ):
        first = change.replace(month=month, day=_last_sunday(1970, month)) + before
        onset["TZOFFSETFROM"] = vUTCOffset(before)
        onset["TZOFFSETTO"] = vUTCOffset(after)
        onset["TZNAME"] = vText(name)
        onset["DTSTART"] = vDatetime(first)
        onset["RRULE"] = vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"})
        component.add_component(onset)
    return component


def named_zone(tzid: str) -> ZoneInfo | None:
    """The zone that a TZID of any client means, or None when its name says nothing.

    IANA names in any case, Windows names, names behind a vendor's path (RFC 5545 3.2.19), and Outlook's
    "(UTC+01:00) Amsterdam, Berlin, Bern, …".
    """
    name = tzid.strip().strip("\"'").strip("/")
    if len(name) > 200:
        return None
    parts = name.split("/")
    candidates = ["/".join(parts[start:]) for start in range(min(len(parts), 6))]
    candidates.append(_WINDOWS.get(name.casefold(), ""))
    if _BEFORE_CITIES.match(name):
        cities = _BEFORE_CITIES.sub("", name, count=1).split(",")
        candidates += [f"Europe/{city.strip().replace(' ', '_')}" for city in cities]
    for candidate in candidates:
        found = _iana_names().get(candidate.casefold())
        if found:
            return ZoneInfo(found)
    return None


def zone_by_offsets(standard: timedelta | None, daylight: timedelta | None) -> tzinfo | None:
    """The zone with these offsets: a European one when there are two, a fixed one when there is one."""
    if standard is None:
        return None
    if daylight is None or daylight == standard:
        return timezone(standard)
    name = _EUROPEAN_BY_OFFSETS.get((standard, daylight))
    return ZoneInfo(name) if name else None


_WINDOWS = {name.casefold(): iana for name, iana in WINDOWS_TO_OLSON.items()}


@lru_cache(maxsize=1)
def _iana_names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def _offset(instant: datetime) -> timedelta:
    return instant.utcoffset() or timedelta(0)


def _last_sunday(year: int, month: int) -> int:
    return max(week[6] for week in monthcalendar(year, month))
