"""Calendar objects with a METHOD, as the bytes that leave: REQUEST, CANCEL, DECLINECOUNTER and PUBLISH.

What stands in them follows RFC 5545, 5546 and 7986 and what Outlook, Gmail, Apple and Thunderbird were seen
to need. The same values give the same bytes: nothing here reads a clock or makes an identifier.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import starmap
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Parameters, vDuration, vRecur, vText

from consult.scheduling.content import folded, written
from consult.scheduling.properties import Text, duration, escaped, moment, person, text
from consult.scheduling.text import many_lines, one_line
from consult.scheduling.values import Feed, Meeting, Status
from consult.scheduling.zones import EuropeanClock, european_clock, time_zone_component

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PRODUCT = "-//consult//agenda//NL"
REFRESH_EVERY = timedelta(hours=1)


def request(meeting: Meeting, changed: Iterable[Meeting] = ()) -> bytes:
    """The invite (METHOD:REQUEST): new, moved or otherwise changed, for its one attendee (RFC 5546 3.2.2).

    ``changed`` are the occurrences of a series that differ from its rhythm: a calendar that is told a series anew
    forgets them otherwise.

    Raises:
        ValueError: no attendee; a cancelled meeting, which a REQUEST leaves in the calendar; a series in a zone whose
            clock changes in another way than Europe's; or a changed one that is no occurrence of this series.
    """
    told = [meeting, *changed]
    if any(each.uid != meeting.uid or each.recurrence_id is None for each in told[1:]):
        raise ValueError("what has changed is an occurrence of the same series")
    return _object("REQUEST", [_requested(each) for each in told], told)


def cancel(meeting: Meeting) -> bytes:
    """The end of a meeting, a series or one occurrence (METHOD:CANCEL, RFC 5546 3.2.5) for its one attendee.

    Raises:
        ValueError: as ``request`` does.
    """
    lines = [*_facts(meeting, status=Status.CANCELLED), *_invited(meeting)]
    return _object("CANCEL", [_event(lines)], [meeting])


def decline_counter(meeting: Meeting, comment: str = "") -> bytes:
    """The answer to a proposal that is not taken: the meeting stands (METHOD:DECLINECOUNTER, 3.2.8).

    Raises:
        ValueError: as ``request`` does.
    """
    lines = [*_facts(meeting), *_invited(meeting)]
    if comment:
        lines.append(text("COMMENT", many_lines(comment), meeting.language))
    return _object("DECLINECOUNTER", [_event(lines)], [meeting])


def publish(feed: Feed) -> bytes:
    """The feed as a subscriber reads it (METHOD:PUBLISH, RFC 5546 3.2.1): in order, without any attendee.

    Stable: unchanged meetings in any order give the same bytes, so that an ETag over them holds.
    """
    meetings = sorted(feed.meetings, key=lambda each: (each.start, each.uid, each.recurrence_id or _FIRST))
    organizer = person("ORGANIZER", feed.owner)
    name = Text(one_line(feed.name))
    head: dict[str, Any] = {"NAME": name, "X-WR-CALNAME": name}
    if feed.description:
        head["DESCRIPTION"] = Text(many_lines(feed.description))
    interval = vDuration(REFRESH_EVERY)
    interval.params = Parameters({"VALUE": "DURATION"})
    head |= {"REFRESH-INTERVAL": interval, "X-PUBLISHED-TTL": vDuration(REFRESH_EVERY)}
    events = (_event([*_facts(meeting), organizer]) for meeting in meetings)
    return _object("PUBLISH", events, meetings, head)


def _requested(meeting: Meeting) -> bytes:
    if meeting.status is Status.CANCELLED:
        raise ValueError("a cancelled meeting is told with CANCEL")
    lines = [*_facts(meeting), *_invited(meeting, ";RSVP=TRUE")]
    return _event(lines if meeting.alarm is None else [*lines, *_alarm(meeting, meeting.alarm)])


_FIRST = datetime.min.replace(tzinfo=UTC)
_END = b"END:VCALENDAR\r\n"


def _object(
    method: str, events: Iterable[bytes], meetings: Iterable[Meeting], head: dict[str, Any] | None = None
) -> bytes:
    zones = {(meeting.zone, meeting.start.year) for meeting in meetings if _clock(meeting) is not None}
    clocks: dict[str, EuropeanClock] = {}
    for zone, year in sorted(zones):
        clock = european_clock(zone, year)
        if clock is not None:
            clocks.setdefault(zone, clock)
    opening = written(_calendar(method, head)).removesuffix(_END) if head else _opening(method)
    # Written one by one: thousands at once in memory keep Python's collector busy for half of the time.
    return b"".join([opening, *starmap(_zone, clocks.items()), *events, _END])


def _calendar(method: str, head: dict[str, Any]) -> Calendar:
    calendar = Calendar()
    calendar["VERSION"] = vText("2.0")
    calendar["PRODID"] = vText(PRODUCT)
    calendar["CALSCALE"] = vText("GREGORIAN")
    calendar["METHOD"] = vText(method)
    calendar.update(head)
    return calendar


@lru_cache(maxsize=8)
def _opening(method: str) -> bytes:
    """How every object with this method begins."""
    return written(_calendar(method, {})).removesuffix(_END)


@lru_cache(maxsize=64)
def _zone(zone: str, clock: EuropeanClock) -> bytes:
    """The same two rules for every meeting in that zone."""
    return written(time_zone_component(zone, clock))


def _event(lines: Iterable[str]) -> bytes:
    return folded(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def _facts(meeting: Meeting, status: Status | None = None) -> list[str]:
    clock = _clock(meeting)
    if meeting.recurrence is not None and clock is None and meeting.zone != "UTC":
        raise ValueError("a series needs a zone with the European clock")
    return [
        f"UID:{escaped(meeting.uid)}",
        moment("DTSTAMP", meeting.changed_at, None),
        *_times(meeting, clock),
        text("SUMMARY", one_line(meeting.summary), meeting.language),
        *_place(meeting),
        *(
            [text("DESCRIPTION", many_lines(meeting.description), meeting.language)]
            if meeting.description
            else []
        ),
        *([f"URL:{meeting.private_url}"] if meeting.private_url else []),
        f"STATUS:{status or meeting.status}",
        f"TRANSP:{'OPAQUE' if meeting.busy else 'TRANSPARENT'}",
        f"SEQUENCE:{meeting.sequence}",
        moment("CREATED", meeting.created_at, None),
        moment("LAST-MODIFIED", meeting.changed_at, None),
    ]


def _times(meeting: Meeting, clock: ZoneInfo | None) -> Iterator[str]:
    """When it is, and for a series when it is again."""
    if meeting.recurrence_id is not None:
        yield moment("RECURRENCE-ID", meeting.recurrence_id, clock)
    yield moment("DTSTART", meeting.start, clock)
    yield moment("DTEND", meeting.end, clock)
    if meeting.recurrence is not None:
        rule = vRecur(meeting.recurrence.rule(meeting.start.astimezone(clock or UTC)))
        yield f"RRULE:{rule.to_ical().decode()}"  # type: ignore[no-untyped-call] # library
    for each in sorted(meeting.excluded):
        yield moment("EXDATE", each, clock)


def _invited(meeting: Meeting, answer: str = "") -> list[str]:
    if meeting.attendee is None:
        raise ValueError("an invite names its receiver")
    part = f";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={meeting.participation}{answer}"
    return [person("ORGANIZER", meeting.organizer), person("ATTENDEE", meeting.attendee, part)]


def _place(meeting: Meeting) -> Iterator[str]:
    url = meeting.conference_url
    if place := one_line(meeting.location) or url:
        yield text("LOCATION", place, meeting.language)
    if url:
        yield f"CONFERENCE;VALUE=URI;FEATURE={'PHONE' if url.startswith('tel:') else 'VIDEO'}:{url}"


def _alarm(meeting: Meeting, before: timedelta) -> list[str]:
    told = escaped(one_line(meeting.summary))
    trigger = duration(-before)
    return [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{told}",
        f"TRIGGER:{trigger}",
        "END:VALARM",
    ]


def _clock(meeting: Meeting) -> ZoneInfo | None:
    """The zone to write the meeting's times in, or None for UTC.

    UTC when the zone follows another rule than the one the VTIMEZONE tells, and when a time falls in the
    repeated hour of autumn: local time always means the first one (RFC 5545 3.3.5).
    """
    if european_clock(meeting.zone, meeting.start.year) is None:
        return None
    zone = ZoneInfo(meeting.zone)
    told = [meeting.start, meeting.end, *meeting.excluded]
    if meeting.recurrence_id is not None:
        told.append(meeting.recurrence_id)
    return None if any(each.astimezone(zone).fold for each in told) else zone
