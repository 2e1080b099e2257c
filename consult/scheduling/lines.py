"""Calendar bytes of strangers as a small tree of the lines that are asked for.

Bounded in size, lines and depth, and quiet about the rest: a line that cannot be read is a line that is not
there. Looks at no value and keeps no state; in particular a foreign VTIMEZONE never reaches icalendar, which
would work out its rules (without end, if need be) and keep the zone for everybody else's calendars.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from icalendar.parser import Contentline, Contentlines, Parameters
from icalendar.parser.property import unescape_backslash

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_LINES = 200_000
LONGEST_LINE = 20_000
DEEPEST = 6

_NAME = re.compile(r"[ \t]*([A-Za-z0-9-]{1,60})[ \t]*[;:]")
# Read as text only in these: others are slow on purpose-made input, or no text encodings at all.
_CHARSETS = {
    "iso-8859-1": "cp1252",
    "iso-8859-15": "iso-8859-15",
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "utf-16": "utf-16",
    "utf-8": "utf-8",
    "windows-1252": "cp1252",
}


class Flaw(StrEnum):
    """Why calendar bytes could not be read."""

    TOO_LARGE = "too large"
    NO_CALENDAR = "no calendar object"
    METHOD = "a method that is not an answer"
    NO_MEETING = "no meeting in it"
    IDENTITY = "no usable UID or sequence"
    ATTENDEE = "not exactly one attendee who answers"
    TIME = "a time that cannot be read"
    ZONE = "an unknown time zone"
    RULE = "a recurrence rule that cannot be followed"


class Unreadable(Exception):
    """What arrived is no calendar object that this product can act on; a person should look at it."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Line:
    """One property: its parameters, and its value as it stands there."""

    params: Parameters
    value: str

    @property
    def text(self) -> str:
        """The value as TEXT, escapes undone (RFC 5545 3.3.11)."""
        return str(unescape_backslash(self.value))

    def param(self, name: str) -> str:
        """The first value of a parameter, or ""."""
        return next(iter(self.params_of(name)), "")

    def params_of(self, name: str) -> tuple[str, ...]:
        """Every value of a parameter."""
        found = self.params.get(name, ())
        return (found,) if isinstance(found, str) else tuple(str(each) for each in found)


@dataclass(slots=True)
class Block:
    """One component: its name in capitals, the lines that were asked for, and the components inside it."""

    name: str
    lines: dict[str, list[Line]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        """The first line of that name, or None."""
        return next(iter(self.lines.get(name, ())), None)

    def every(self, name: str) -> list[Line]:
        """All lines of that name, in order."""
        return self.lines.get(name, [])

    def inside(self, name: str) -> Iterator[Block]:
        """The components of that name directly inside this one."""
        return (block for block in self.blocks if block.name == name)


def calendar_block(
    raw: bytes,
    names: frozenset[str],
    *,
    most_bytes: int,
    charset: str | None = None,
    needed: frozenset[str] = frozenset(),
) -> Block:
    """The first VCALENDAR in ``raw``, with the properties in ``names`` only.

    ``charset`` is what the mail says about the part; bytes that are not in it are read as Windows-1252. ``needed`` are
    the names of which no line may be passed over.

    Raises:
        Unreadable: more than ``most_bytes``, too many or too deeply nested lines, a needed line that cannot be read,
            or no complete VCALENDAR.
    """
    if len(raw) > most_bytes:
        raise Unreadable(Flaw.TOO_LARGE)
    lines = Contentlines.from_ical(_text(raw, charset))  # type: ignore[no-untyped-call] # of the library
    if len(lines) > MOST_LINES:
        raise Unreadable(Flaw.TOO_LARGE)
    open_blocks: list[Block] = []
    for line in lines:
        match = _NAME.match(line)
        name = match.group(1).upper() if match else ""
        if name == "BEGIN":
            _begin(open_blocks, _value(line))
        elif name == "END" and open_blocks:
            closed = _end(open_blocks, _value(line))
            if not open_blocks:
                return closed
        elif open_blocks and name in names and not _add(open_blocks[-1], name, line) and name in needed:
            raise Unreadable(Flaw.TOO_LARGE if len(line) > LONGEST_LINE else Flaw.TIME)
    raise Unreadable(Flaw.NO_CALENDAR)


def _value(line: str) -> str:
    return line.partition(":")[2].strip().upper()


def _begin(open_blocks: list[Block], name: str) -> None:
    if not open_blocks and name != "VCALENDAR":
        return
    if len(open_blocks) >= DEEPEST:
        raise Unreadable(Flaw.TOO_LARGE)
    block = Block(name)
    if open_blocks:
        open_blocks[-1].blocks.append(block)
    open_blocks.append(block)


def _end(open_blocks: list[Block], name: str) -> Block:
    closed = open_blocks.pop()
    if closed.name != name:
        raise Unreadable(Flaw.NO_CALENDAR)
    return closed


def _add(block: Block, name: str, line: Contentline) -> bool:
    """Whether the line could be read."""
    if len(line) > LONGEST_LINE:
        return False
    try:
        _, params, value = line.raw_parts()
    except ValueError:
        return False
    block.lines.setdefault(name, []).append(Line(params, value))
    return True


def _text(raw: bytes, charset: str | None) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        charset = "utf-16"
    codec = _CHARSETS.get((charset or "utf-8").strip().lower(), "utf-8")
    try:
        decoded = raw.decode(codec)
    except UnicodeDecodeError:
        decoded = raw.decode("cp1252", errors="replace")
    return decoded.removeprefix("\ufeff").replace("\x00", "")
