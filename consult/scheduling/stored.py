"""A meeting as it stands in a collection of calendar objects (RFC 4791 4.1), made of the invite that tells the same.

The UID is that of the invite, so that a calendar that gets both holds one entry. The server is told to send no mail
about it (RFC 6638 7.1), and its owner is asked nothing: it is there because that person gave the time.
"""

from __future__ import annotations

from icalendar.parser import Contentline, Contentlines

from consult.scheduling.lines import Unreadable, calendar_block

MOST_BYTES = 512 * 1024


def stored(invite: bytes) -> bytes:
    """The bytes to store for a REQUEST: no METHOD, the same meeting. The same invite gives the same bytes."""
    lines = invite.decode().replace("\r\n ", "").split("\r\n")
    kept = (_changed(line) for line in lines if line and not line.startswith("METHOD:"))
    folded = Contentlines(Contentline(line) for line in kept)  # type: ignore[no-untyped-call] # of the library
    return bytes(folded.to_ical())  # type: ignore[no-untyped-call] # of the library


def sequence_of(raw: bytes, uid: str) -> int | None:
    """The highest SEQUENCE that an object tells for a UID; None when it is about another one or cannot be read."""
    try:
        calendar = calendar_block(raw, frozenset({"UID", "SEQUENCE"}), most_bytes=MOST_BYTES)
    except Unreadable:
        return None
    found = []
    for meeting in calendar.inside("VEVENT"):
        name, sequence = meeting.first("UID"), meeting.first("SEQUENCE")
        if name is not None and name.text.strip() == uid:
            digits = sequence.value.strip() if sequence else "0"
            found.append(int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 11 else 0)
    return max(found, default=None)


def _changed(line: str) -> str:
    if line.startswith("ORGANIZER;"):
        return line.replace("ORGANIZER;", "ORGANIZER;SCHEDULE-AGENT=CLIENT;", 1)
    if line.startswith("ATTENDEE;"):
        return line.replace(";PARTSTAT=NEEDS-ACTION", ";PARTSTAT=ACCEPTED", 1).replace(";RSVP=TRUE", "", 1)
    return line
