"""The file behind "Zet in mijn agenda": one meeting without METHOD, attendees or organizer, in UTC.

Written by ics; what it leaves out (DTSTAMP, folding) and does otherwise (escaped links, order, its own line
break rules) is finished here. The UID is that of the invite, so that the two become one entry.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from icalendar.parser import Contentline, Contentlines

from consult.scheduling.text import many_lines, one_line
from consult.scheduling.writer import PRODUCT

if TYPE_CHECKING:
    from consult.scheduling.values import Meeting

_ORDER = (
    "UID",
    "DTSTAMP",
    "RECURRENCE-ID",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "LOCATION",
    "DESCRIPTION",
    "URL",
    "STATUS",
    "TRANSP",
)


def download(meeting: Meeting) -> bytes:
    """The meeting as a file to open: CRLF, at most 75 octets a line, the same bytes for the same meeting.

    A series is told by its first meeting only; the invite in the mail holds the whole of it.
    """
    import ics  # slow to import, and few requests need it

    written = ics.Calendar(creator=PRODUCT)
    written.events.add(
        ics.Event(
            uid=meeting.uid,
            name=one_line(meeting.summary),
            begin=meeting.start.astimezone(UTC).replace(microsecond=0),
            end=meeting.end.astimezone(UTC).replace(microsecond=0),
            created=meeting.changed_at.astimezone(UTC).replace(microsecond=0),
            description=many_lines(meeting.description) or None,
            location=one_line(meeting.location) or meeting.conference_url,
            status=str(meeting.status),
            transparent=not meeting.busy,
        )
    )
    raw = [line for line in written.serialize().split("\r\n") if line]
    begin, end = raw.index("BEGIN:VEVENT"), raw.index("END:VEVENT")
    properties = raw[begin + 1 : end]
    if meeting.private_url:
        # Added after ics, which escapes a link as if it were text.
        properties.append(f"URL:{meeting.private_url}")
    if meeting.recurrence_id is not None:
        properties.append(f"RECURRENCE-ID:{meeting.recurrence_id.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    properties.sort(key=_place)
    finished = [*raw[:begin], "BEGIN:VEVENT", *properties, "END:VEVENT", "END:VCALENDAR"]
    lines = Contentlines(Contentline(line) for line in finished)  # type: ignore[no-untyped-call] # of the library
    return bytes(lines.to_ical())  # type: ignore[no-untyped-call] # of the library


def _place(line: str) -> int:
    name = line.partition(":")[0].partition(";")[0]
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
