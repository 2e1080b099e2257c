"""Calendar objects with a METHOD, as the bytes that leave: REQUEST, CANCEL, DECLINECOUNTER and PUBLISH.

What stands in them follows RFC 5545, 5546 and 7986 and what Outlook, Gmail, Apple and Thunderbird were seen
to need. The same values give the same bytes: nothing here reads a clock or makes an identifier.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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

from consult.scheduling.text import mailto, many_lines, one_line
from consult.scheduling.values import Feed, Meeting, Person, Status
from consult.scheduling.zones import european_clock, time_zone_component

if TYPE_CHECKING:
    from collections.abc import Iterable

PRODUCT = "-//consult//agenda//NL"
REFRESH_EVERY = timedelta(hours=1)
LONGEST_LINE = 75  # octets (RFC 5545 3.1)


class _Text(vText):
    """TEXT as RFC 5545 3.3.11 escapes it; the library takes a typed backslash and N for a line break."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


class _Parameters(Parameters):
    """Parameters with CN always in quotes, which Outlook and Gmail read without surprises."""

    always_quoted: tuple[str, ...] = (*Parameters.always_quoted, "CN")  # type: ignore[assignment] # typed as nine


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
        event["COMMENT"] = _text(many_lines(comment), meeting.language)
    return _object("DECLINECOUNTER", [event], [meeting])


def publish(feed: Feed) -> bytes:
    """The feed as a subscriber reads it (METHOD:PUBLISH, RFC 5546 3.2.1): in order, without any attendee.

    Stable: unchanged meetings in any order give the same bytes, so that an ETag over them holds.
    """
    meetings = sorted(feed.meetings, key=lambda each: (each.start, each.uid, each.recurrence_id or _FIRST))
    organizer = _person(feed.owner)
    name = _Text(one_line(feed.name))
    head: dict[str, Any] = {"NAME": name, "X-WR-CALNAME": name}
    if feed.description:
        head["DESCRIPTION"] = _Text(many_lines(feed.description))
    interval = vDuration(REFRESH_EVERY)
    interval.params = Parameters({"VALUE": "DURATION"})
    head |= {"REFRESH-INTERVAL": interval, "X-PUBLISHED-TTL": vDuration(REFRESH_EVERY)}
    calendar = _object("PUBLISH", [], meetings, head)
    # Written one by one: thousands at once in memory keep Python's collector busy for half of the time.
    events = b"".join(_published(meeting, organizer) for meeting in meetings)
    return calendar.removesuffix(_END) + events + _END


def _published(meeting: Meeting, organizer: vCalAddress) -> bytes:
    event = _event(meeting)
    event["ORGANIZER"] = organizer
    lines = (line for line in event.content_lines(sorted=False) if line)
    # The library looks at every character of every line; a short one in ASCII needs no folding.
    written = (
        line.encode() if len(line) < LONGEST_LINE and line.isascii() else line.to_ical() for line in lines
    )
    return b"".join(line + b"\r\n" for line in written)


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
    method: str, events: list[Event], meetings: Iterable[Meeting], head: dict[str, Any] | None = None
) -> bytes:
    calendar = Calendar()
    calendar["VERSION"] = vText("2.0")
    calendar["PRODID"] = vText(PRODUCT)
    calendar["CALSCALE"] = vText("GREGORIAN")
    calendar["METHOD"] = vText(method)
    calendar.update(head or {})
    zones = {(meeting.zone, meeting.start.year) for meeting in meetings if _clock(meeting) is not None}
    written: set[str] = set()
    for zone, year in sorted(zones):
        clock = european_clock(zone, year)
        if clock is not None and zone not in written:
            written.add(zone)
            calendar.add_component(time_zone_component(zone, clock))
    calendar.subcomponents.extend(events)
    return bytes(calendar.to_ical(sorted=False))


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
    event["SUMMARY"] = _text(one_line(meeting.summary), meeting.language)
    _place(event, meeting)
    if meeting.description:
        event["DESCRIPTION"] = _text(many_lines(meeting.description), meeting.language)
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
    event["ORGANIZER"] = _person(meeting.organizer)
    role = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": str(meeting.participation)}
    event["ATTENDEE"] = _person(meeting.attendee, role | answer)


def _place(event: Event, meeting: Meeting) -> None:
    place = one_line(meeting.location) or meeting.conference_url
    if place:
        event["LOCATION"] = _text(place, meeting.language)
    if meeting.conference_url:
        feature = "PHONE" if meeting.conference_url.startswith("tel:") else "VIDEO"
        conference = vUri(meeting.conference_url)
        conference.params = Parameters({"VALUE": "URI", "FEATURE": feature})
        event["CONFERENCE"] = conference


def _alarm(meeting: Meeting) -> Alarm:
    alarm = Alarm()
    alarm["ACTION"] = vText("DISPLAY")
    alarm["DESCRIPTION"] = _Text(one_line(meeting.summary))
    alarm["TRIGGER"] = vDuration(-(meeting.alarm or timedelta(0)))
    return alarm


def _person(person: Person, more: dict[str, str] | None = None) -> vCalAddress:
    found = vCalAddress(mailto(person.address))
    # Inside CN a quote cannot stand and some read a backslash as an escape (RFC 5545 3.1 has none there).
    name = one_line(person.name).replace('"', "”").replace("\\", "/") or person.address
    found.params = _Parameters({"CN": name} | (more or {}))
    return found


def _text(text: str, language: str) -> _Text:
    found = _Text(text)
    found.params = Parameters({"LANGUAGE": language})
    return found


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
