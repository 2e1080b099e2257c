"""Times as strangers write them, as instants: DATE, DATE-TIME and DURATION, with or without a zone.

A time without a zone is on the clock that the caller names; a time in the hour that spring skips or autumn
repeats means what RFC 5545 3.3.5 says. Never guesses an unknown zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import vDate, vDatetime, vDuration, vUTCOffset

from consult.scheduling.lines import Flaw, Unreadable
from consult.scheduling.zones import named_zone, zone_by_offsets

if TYPE_CHECKING:
    from consult.scheduling.lines import Block, Line

ZONE_NAMES = frozenset({"TZID", "X-LIC-LOCATION", "TZOFFSETTO", "X-WR-TIMEZONE"})
EARLIEST = 1900
LATEST = 2200


@dataclass(slots=True)
class Clocks:
    """The zones of one calendar object: found by name, else by the offsets its VTIMEZONE tells.

    ``default`` is the clock of times that name no zone; ``stated`` tells whether the object named it itself.
    """

    default: tzinfo
    stated: bool = False
    definitions: dict[str, Block] = field(default_factory=dict)
    found: dict[str, tzinfo] = field(default_factory=dict)

    def zone(self, tzid: str) -> tzinfo:
        """The zone a TZID means in this object.

        Raises:
            Unreadable: nobody can tell.
        """
        if tzid not in self.found:
            zone = named_zone(tzid) or self._defined(tzid)
            if zone is None:
                raise Unreadable(Flaw.ZONE)
            self.found[tzid] = zone
        return self.found[tzid]

    def _defined(self, tzid: str) -> tzinfo | None:
        definition = self.definitions.get(tzid)
        if definition is None:
            return None
        location = definition.first("X-LIC-LOCATION")
        named = named_zone(location.text) if location else None
        return named or zone_by_offsets(_offset(definition, "STANDARD"), _offset(definition, "DAYLIGHT"))


def clocks_of(calendar: Block, zone: str) -> Clocks:
    """The clocks of a calendar object; ``zone`` (IANA) is the default when the object names none itself."""
    definitions = {}
    for block in calendar.inside("VTIMEZONE"):
        tzid = block.first("TZID")
        if tzid is not None:
            definitions[tzid.text.strip()] = block
    stated = calendar.first("X-WR-TIMEZONE")
    named = named_zone(stated.text) if stated else None
    return Clocks(named or ZoneInfo(zone), named is not None, definitions)


def local(line: Line, clocks: Clocks) -> datetime:
    """The time in the line, aware in the zone it was written in; a DATE is the midnight that starts it.

    Raises:
        Unreadable: not a time between 1900 and 2200, or in an unknown zone.
    """
    return parsed(line.value, clocks, line.param("TZID").strip())


def parsed(value: str, clocks: Clocks, tzid: str = "") -> datetime:
    """As ``local``, for one value of a list.

    Raises:
        Unreadable: as ``local`` does.
    """
    value = value.strip()
    try:
        moment: date = (vDate if len(value) == 8 else vDatetime).from_ical(value)  # type: ignore[no-untyped-call] # library
    except (ValueError, TypeError) as error:
        raise Unreadable(Flaw.TIME) from error
    if not EARLIEST <= moment.year <= LATEST:
        raise Unreadable(Flaw.TIME)
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    return moment.replace(tzinfo=clocks.zone(tzid) if tzid else clocks.default)


def is_date(line: Line) -> bool:
    """Whether the line holds a DATE: a whole day."""
    return len(line.value.strip()) == 8


def length(line: Line) -> timedelta:
    """The DURATION in the line.

    Raises:
        Unreadable: none, or more than a year.
    """
    try:
        found: timedelta = vDuration.from_ical(line.value.strip())  # type: ignore[no-untyped-call] # of the library
    except (ValueError, TypeError, OverflowError) as error:
        raise Unreadable(Flaw.TIME) from error
    if not timedelta(0) <= found <= timedelta(days=400):
        raise Unreadable(Flaw.TIME)
    return found


def _offset(definition: Block, kind: str) -> timedelta | None:
    lines = [line for block in definition.inside(kind) for line in block.every("TZOFFSETTO")]
    if not lines:
        return None
    try:
        found: timedelta = vUTCOffset.from_ical(lines[-1].value.strip())  # type: ignore[no-untyped-call] # library
    except (ValueError, TypeError) as error:
        raise Unreadable(Flaw.ZONE) from error
    return found
