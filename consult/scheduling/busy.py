"""When somebody is busy according to their own calendar, from its ICS bytes.

Only reads: fetching, guarding the address and remembering are somebody else's work. Fails closed: a calendar
that cannot be followed exactly is Unreadable, because leaving out what is not understood would offer a moment
that is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import recurring_ical_events
from icalendar import Calendar, Event, vDDDLists, vDDDTypes, vInt, vText

from consult.scheduling.lines import Block, Flaw, Line, Unreadable, calendar_block
from consult.scheduling.rules import Budget, rule_of
from consult.scheduling.text import address_of
from consult.scheduling.times import ZONE_NAMES, Clocks, clocks_of, is_date, length, local, parsed
from consult.timespan import Span, merge

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

from datetime import UTC, timedelta

__all__ = ["Flaw", "Unreadable", "busy_periods"]

MOST_BYTES = 2 * 1024 * 1024
MOST_MEETINGS = 2000
MOST_DATES = 20_000
# How far back a series is followed for the sake of "this and all following" moved to a later day.
MOVED_AT_MOST = timedelta(days=62)

_NAMES = ZONE_NAMES | {
    "UID",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "SEQUENCE",
    "STATUS",
    "TRANSP",
    "X-MICROSOFT-CDO-BUSYSTATUS",
    "ATTENDEE",
    "FREEBUSY",
}

# Without one of these a meeting would take less time than it does.
_BLOCKING = frozenset({"DTEND", "DURATION", "RRULE", "RDATE", "FREEBUSY"})


def busy_periods(
    raw: bytes,
    between: Span,
    *,
    zone: str = "Europe/Amsterdam",
    own_uid_domain: str | None = None,
    own_addresses: Collection[str] = (),
) -> tuple[Span, ...]:
    """The busy spans within ``between``, merged, in order, in UTC.

    Transparent, free and cancelled meetings do not block, nor do those that one of ``own_addresses`` declined;
    tentative ones do. A VFREEBUSY blocks what it does not call free (RFC 5545 3.6.4). A whole day blocks from midnight
    to midnight on the calendar's own clock (X-WR-TIMEZONE), or on that of ``zone`` when it names none. Meetings
    whose UID ends in ``@own_uid_domain`` are left out: those are our own invites come back.

    Raises:
        Unreadable: over 2 MB or 2,000 meetings, no calendar, an unknown zone, an unreadable time, a rule that
            repeats within a day, or rules that take too long to follow.
    """
    calendar = calendar_block(raw, _NAMES, most_bytes=MOST_BYTES, needed=_BLOCKING)
    meetings = list(calendar.inside("VEVENT"))
    if len(meetings) > MOST_MEETINGS:
        raise Unreadable(Flaw.TOO_LARGE)
    clocks = clocks_of(calendar, zone)
    own = frozenset(address.lower() for address in own_addresses if address)
    budget, dates, wanted = Budget(), 0, Calendar()
    for number, meeting in enumerate(meetings):
        dates += len(meeting.every("RDATE")) + sum(_commas(line) for line in _listed(meeting))
        if dates > MOST_DATES:
            raise Unreadable(Flaw.TOO_LARGE)
        uid = meeting.first("UID")
        name = uid.text.strip() if uid else f"{number}@without-uid"
        if own_uid_domain is None or not name.lower().endswith(f"@{own_uid_domain.lower()}"):
            event = _event(meeting, name, clocks, between, budget)
            if _declined(meeting, own):
                # Kept, because one declined day of a series takes the place of that day.
                event["TRANSP"] = vText("TRANSPARENT")
            wanted.add_component(event)
    return merge([*_clipped(wanted, between), *_told_busy(calendar, clocks, between)])


def _declined(meeting: Block, own: frozenset[str]) -> bool:
    return any(
        line.param("PARTSTAT").strip().upper() == "DECLINED"
        and {address_of(line.value).lower(), address_of(line.param("EMAIL")).lower()} & own
        for line in meeting.every("ATTENDEE")
    )


def _told_busy(calendar: Block, clocks: Clocks, between: Span) -> Iterator[Span]:
    """What free-busy components say; a period is a start with an end or a length (RFC 5545 3.3.9)."""
    periods = 0
    for line in (line for block in calendar.inside("VFREEBUSY") for line in block.every("FREEBUSY")):
        periods += _commas(line)
        if periods > MOST_DATES:
            raise Unreadable(Flaw.TOO_LARGE)
        if line.param("FBTYPE").strip().upper() == "FREE":
            continue
        for value in line.value.split(","):
            stated, _, until = value.strip().partition("/")
            start = parsed(stated, clocks).astimezone(UTC)
            if until.strip().upper().startswith("P"):
                end = start + length(Line(line.params, until))
            else:
                end = parsed(until, clocks).astimezone(UTC)
            span = Span(start, end).clipped(between) if start < end else None
            if span is not None:
                yield span


def _clipped(wanted: Calendar, between: Span) -> Iterator[Span]:
    try:
        occurrences = recurring_ical_events.of(wanted).between(between.start, between.end)
    except Exception as error:
        # The library names its errors as they come; each of them means that this calendar cannot be followed.
        raise Unreadable(Flaw.RULE) from error
    for occurrence in occurrences:
        start, end = occurrence.start.astimezone(UTC), occurrence.end.astimezone(UTC)
        if _blocks(occurrence) and start < end:
            span = Span(start, end).clipped(between)
            if span is not None:
                yield span


def _blocks(event: Event) -> bool:
    return (
        str(event.get("STATUS", "")) != "CANCELLED"
        and str(event.get("TRANSP", "")) != "TRANSPARENT"
        and str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")) != "FREE"
    )


def _event(meeting: Block, uid: str, clocks: Clocks, between: Span, budget: Budget) -> Event:
    """The meeting again, in icalendar's terms and with nothing in it but checked times in known zones."""
    stated = meeting.first("DTSTART")
    if stated is None:
        raise Unreadable(Flaw.TIME)
    start = _walled(local(stated, clocks), clocks)
    end = _end(meeting, stated, start, clocks)
    event = Event()
    event["UID"] = vText(uid)
    event["DTSTART"], event["DTEND"] = vDDDTypes(start), vDDDTypes(end)
    for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"):
        line = meeting.first(name)
        if line is not None:
            event[name] = vText(line.value.strip().upper())
    sequence = meeting.first("SEQUENCE")
    if sequence is not None and sequence.value.strip().isdecimal() and len(sequence.value.strip()) < 11:
        event["SEQUENCE"] = vInt(sequence.value.strip())
    replaced = meeting.first("RECURRENCE-ID")
    if replaced is not None:
        event["RECURRENCE-ID"] = vDDDTypes(_walled(local(replaced, clocks), clocks))
        if replaced.param("RANGE").upper() == "THISANDFUTURE":
            event["RECURRENCE-ID"].params["RANGE"] = "THISANDFUTURE"
    after = between.start - (end - start) - MOVED_AT_MOST
    again = [
        moment
        for line in meeting.every("RRULE")
        for moment in rule_of(line.value, start, clocks).starts(start, after, between.end, budget)
    ]
    again += [_walled(each, clocks) for each in _dates(meeting, "RDATE", clocks)]
    if again:
        event["RDATE"] = vDDDLists(again)
    left_out = [_walled(each, clocks) for each in _dates(meeting, "EXDATE", clocks)]
    if left_out:
        event["EXDATE"] = vDDDLists(left_out)
    return event


def _end(meeting: Block, stated: Line, start: datetime, clocks: Clocks) -> datetime:
    end, lasting = meeting.first("DTEND"), meeting.first("DURATION")
    if end is not None:
        found = _walled(local(end, clocks), clocks).astimezone(start.tzinfo)
        if found - start > timedelta(days=3660):
            raise Unreadable(Flaw.TIME)
        return max(found, start)
    if lasting is not None:
        return start + length(lasting)
    return start + timedelta(days=1) if is_date(stated) else start


def _walled(moment: datetime, clocks: Clocks) -> datetime:
    """UTC on the calendar's own clock, so that a rule keeps its hour over a clock change (X-WR-TIMEZONE)."""
    return moment.astimezone(clocks.default) if moment.tzinfo is UTC and clocks.stated else moment


def _listed(meeting: Block) -> list[Line]:
    return [*meeting.every("RDATE"), *meeting.every("EXDATE")]


def _commas(line: Line) -> int:
    return line.value.count(",") + 1


def _dates(meeting: Block, name: str, clocks: Clocks) -> Iterator[datetime]:
    for line in meeting.every(name):
        for value in line.value.split(","):
            if value.strip():
                # Of a PERIOD the start counts; it then lasts as long as the meeting itself.
                yield parsed(value.partition("/")[0], clocks, line.param("TZID").strip())
