"""A CalDAV collection (RFC 4791): the questions for the meetings of a period and for one of them, and the answers.

Only text in and out: the connection is that of ``consult.web.outgoing_http``, so that its guard holds here as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat
from xml.sax.saxutils import escape

from consult.calendars.troubles import NotRead, Trouble

if TYPE_CHECKING:
    from datetime import datetime

    from consult.timespan import Span

DATA = "urn:ietf:params:xml:ns:caldav calendar-data"
HREF = "DAV: href"
ETAG = "DAV: getetag"
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


@dataclass(frozen=True, slots=True)
class Held:
    """One object of a collection: where it is, the server's mark of it ("" when it gives none), and its bytes."""

    href: str
    etag: str
    raw: bytes


def question_for(uid: str) -> bytes:
    """The body of the REPORT for the object that holds this UID, under whatever name (7.8.6)."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
        "<D:prop><D:getetag/><C:calendar-data/></D:prop>"
        '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:prop-filter name="UID">'
        f'<C:text-match collation="i;octet">{escape(uid)}</C:text-match>'
        "</C:prop-filter></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
    ).encode()


def held(body: bytes) -> tuple[Held, ...]:
    """The objects in the answer to ``question_for``.

    Raises:
        NotRead: as ``objects`` does.
    """
    return tuple(_read(body).found)


def objects(body: bytes) -> tuple[bytes, ...]:
    """Each meeting with its exceptions, as the bytes of a calendar object.

    Raises:
        NotRead: it is no multistatus, or one of the meetings is missing in it: a part of a calendar is none.
    """
    return tuple(each.raw for each in _read(body).found)


def _read(body: bytes) -> _Multistatus:
    reader = _Multistatus()
    try:
        reader.read(body)
    except (expat.ExpatError, ValueError):
        raise NotRead(Trouble.NO_CALENDAR) from None
    if not reader.is_multistatus:
        raise NotRead(Trouble.NO_CALENDAR)
    if reader.responses != len(reader.found):
        raise NotRead(Trouble.UNREADABLE)
    return reader


class _Multistatus:
    def __init__(self) -> None:
        self.found: list[Held] = []
        self.responses = 0
        self.is_multistatus = False
        self._text: list[str] | None = None
        self._told: dict[str, str] = {}
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._add
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, body: bytes) -> None:
        self._parser.Parse(body, True)  # noqa: FBT003 (expat's own signature)

    def _begin(self, name: str, _attributes: dict[str, str]) -> None:
        self.is_multistatus = self.is_multistatus or name == ROOT
        if name == RESPONSE:
            self.responses += 1
            self._told = {}
        if name in {DATA, HREF, ETAG}:
            self._text = []

    def _end(self, name: str) -> None:
        if name in {DATA, HREF, ETAG} and self._text is not None:
            self._told.setdefault(name, "".join(self._text).strip())
            self._text = None
        elif name == RESPONSE and self._told.get(DATA):
            told = self._told
            self.found.append(Held(told.get(HREF, ""), told.get(ETAG, ""), told[DATA].encode()))

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
