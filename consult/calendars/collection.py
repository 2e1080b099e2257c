"""A CalDAV collection (RFC 4791): the question for the meetings of a period, and the answer as calendar objects.

Only text in and out: the connection is that of ``consult.web.outgoing_http``, so that its guard holds here as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from consult.calendars.troubles import NotRead, Trouble

if TYPE_CHECKING:
    from datetime import datetime

    from consult.timespan import Span

DATA = "urn:ietf:params:xml:ns:caldav calendar-data"
RESPONSE = "DAV: response"
ROOT = "DAV: multistatus"


def question(between: Span) -> bytes:
    """The body of the REPORT for every meeting that has a part in this period (7.8)."""
    start, end = _stamp(between.start), _stamp(between.end)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
        "<D:prop><C:calendar-data/></D:prop>"
        '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">'
        f'<C:time-range start="{start}" end="{end}"/>'
        "</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
    ).encode()


def objects(body: bytes) -> tuple[bytes, ...]:
    """Each meeting with its exceptions, as the bytes of a calendar object.

    Raises:
        NotRead: it is no multistatus, or one of the meetings is missing in it: a part of a calendar is none.
    """
    reader = _Multistatus()
    try:
        reader.read(body)
    except (expat.ExpatError, ValueError):
        raise NotRead(Trouble.NO_CALENDAR) from None
    if not reader.is_multistatus:
        raise NotRead(Trouble.NO_CALENDAR)
    if reader.responses != len(reader.found):
        raise NotRead(Trouble.UNREADABLE)
    return tuple(reader.found)


class _Multistatus:
    def __init__(self) -> None:
        self.found: list[bytes] = []
        self.responses = 0
        self.is_multistatus = False
        self._text: list[str] | None = None
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._add
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, body: bytes) -> None:
        self._parser.Parse(body, True)  # noqa: FBT003 (expat's own signature)

    def _begin(self, name: str, _attributes: dict[str, str]) -> None:
        self.is_multistatus = self.is_multistatus or name == ROOT
        self.responses += name == RESPONSE
        if name == DATA:
            self._text = []

    def _end(self, name: str) -> None:
        if name == DATA and self._text is not None:
            text = "".join(self._text).strip()
            self._text = None
            if text:
                self.found.append(text.encode())

    def _add(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    @staticmethod
    def _refuse(*_: object) -> None:
        """A DTD could make a small text grow without end.

        Raises:
            ValueError: always.
        """
        raise ValueError("a DTD")


def _stamp(instant: datetime) -> str:
    return instant.strftime("%Y%m%dT%H%M%SZ")
