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

from icalendar import (
    Alarm,
    Calendar,
    Event,
    Parameters,
    vCalAddress,
    vDatetime,
    vDuration,
    vInt,
    vRecur,
    vText,
    vUri,
)

from consult.scheduling.content import written
from consult.scheduling.properties import Text, person, text
from consult.scheduling.text import many_lines, one_line
from consult.scheduling.values import Feed, Meeting, Status
from consult.scheduling.zones import EuropeanClock, european_clock, time_zone_component

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    event = _event(meeting, status=Status.CANCELLED)
    _invite(event, meeting, {})
    return _object("CANCEL", [event], [meeting])


def decline_counter(meeting: Meeting, comment: str = "") -> bytes:
    """The answer to a proposal that is not taken: the meeting stands (METHOD:DECLINECOUNTER, 3.2.8).

    Raises:
        ValueError: as ``request`` does.
    """
    event = _event(meeting)
    _invite(event, meeting, {})
    if comment:
        event["COMMENT"] = text(many_lines(comment), meeting.language)
    return _object("DECLINECOUNTER", [event], [meeting])


def publish(feed: Feed) -> bytes:
    """The feed as a subscriber reads it (METHOD:PUBLISH, RFC 5546 3.2.1): in order, without any attendee.

    Stable: unchanged meetings in any order give the same bytes, so that an ETag over them holds.
    """
    meetings = sorted(feed.meetings, key=lambda each: (each.start, each.uid, each.recurrence_id or _FIRST))
    organizer = person(feed.owner)
    name = Text(one_line(feed.name))
    head: dict[str, Any] = {"NAME": name, "X-WR-CALNAME": name}
    if feed.description:
        head["DESCRIPTION"] = Text(many_lines(feed.description))
    interval = vDuration(REFRESH_EVERY)
    interval.params = Parameters({"VALUE": "DURATION"})
    head |= {"REFRESH-INTERVAL": interval, "X-PUBLISHED-TTL": vDuration(REFRESH_EVERY)}
    return _object("PUBLISH", (_published(meeting, organizer) for meeting in meetings), meetings, head)


def _published(meeting: Meeting, organizer: vCalAddress) -> Event:
    event = _event(meeting)
    event["ORGANIZER"] = organizer
    return event


def _requested(meeting: Meeting) -> Event:
    if meeting.status is Status.CANCELLED:
        raise ValueError("a cancelled meeting is told with CANCEL")
    event = _event(meeting)
    _invite(event, meeting, {"RSVP": "TRUE"})
    if meeting.alarm is not None:
        event.add_component(_alarm(meeting))
    return event


_FIRST = datetime.min.replace(tzinfo=UTC)
_END = b"END:VCALENDAR\r\n"


def _object(
    method: str, events: Iterable[Event], meetings: Iterable[Meeting], head: dict[str, Any] | None = None
) -> bytes:
    zones = {(meeting.zone, meeting.start.year) for meeting in meetings if _clock(meeting) is not None}
    clocks: dict[str, EuropeanClock] = {}
    for zone, year in sorted(zones):
        clock = european_clock(zone, year)
        if clock is not None:
            clocks.setdefault(zone, clock)
    opening = written(_calendar(method, head)).removesuffix(_END) if head else _opening(method)
    # Written one by one: thousands at once in memory keep Python's collector busy for half of the time.
    return b"".join([opening, *starmap(_zone, clocks.items()), *map(written, events), _END])


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


def _event(meeting: Meeting, status: Status | None = None) -> Event:
    clock = _clock(meeting)
    if meeting.recurrence is not None and clock is None and meeting.zone != "UTC":
        raise ValueError("a series needs a zone with the European clock")
    event = Event()
    event["UID"] = vText(meeting.uid)
    event["DTSTAMP"] = vDatetime(_whole(meeting.changed_at))
    if meeting.recurrence_id is not None:
        event["RECURRENCE-ID"] = _moment(meeting.recurrence_id, clock)
    start = meeting.start.astimezone(clock or UTC)
    event["DTSTART"] = _moment(start, clock)
    event["DTEND"] = _moment(meeting.end, clock)
    if meeting.recurrence is not None:
        event["RRULE"] = vRecur(meeting.recurrence.rule(start))
    if meeting.excluded:
        event["EXDATE"] = [_moment(each, clock) for each in sorted(meeting.excluded)]
    event["SUMMARY"] = text(one_line(meeting.summary), meeting.language)
    _place(event, meeting)
    if meeting.description:
        event["DESCRIPTION"] = text(many_lines(meeting.description), meeting.language)
    if meeting.private_url:
        event["URL"] = vUri(meeting.private_url)
    event["STATUS"] = vText(status or meeting.status)
    event["TRANSP"] = vText("OPAQUE" if meeting.busy else "TRANSPARENT")
    event["SEQUENCE"] = vInt(meeting.sequence)
    event["CREATED"] = vDatetime(_whole(meeting.created_at))
    event["LAST-MODIFIED"] = event["DTSTAMP"]
    return event


def _invite(event: Event, meeting: Meeting, answer: dict[str, str]) -> None:
    if meeting.attendee is None:
        raise ValueError("an invite names its receiver")
    event["ORGANIZER"] = person(meeting.organizer)
    role = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": str(meeting.participation)}
    event["ATTENDEE"] = person(meeting.attendee, role | answer)


def _place(event: Event, meeting: Meeting) -> None:
    place = one_line(meeting.location) or meeting.conference_url
    if place:
        event["LOCATION"] = text(place, meeting.language)
    if meeting.conference_url:
        feature = "PHONE" if meeting.conference_url.startswith("tel:") else "VIDEO"
        conference = vUri(meeting.conference_url)
        conference.params = Parameters({"VALUE": "URI", "FEATURE": feature})
        event["CONFERENCE"] = conference


def _alarm(meeting: Meeting) -> Alarm:
    alarm = Alarm()
    alarm["ACTION"] = vText("DISPLAY")
    alarm["DESCRIPTION"] = Text(one_line(meeting.summary))
    alarm["TRIGGER"] = vDuration(-(meeting.alarm or timedelta(0)))
    return alarm


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


def _moment(instant: datetime, clock: ZoneInfo | None) -> vDatetime:
    return vDatetime(_whole(instant).astimezone(clock or UTC))


def _whole(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)
