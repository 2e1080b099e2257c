"""Properties of a calendar as the lines that are written: what clients read well, which the library writes otherwise.

A line is text without a break, not folded yet. Knows no meeting.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from icalendar import vDuration, vText

from consult.scheduling.text import mailto, one_line

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from consult.scheduling.values import Person


class Text(vText):
    """TEXT as RFC 5545 3.3.11 escapes it; the library takes a typed backslash and N for a line break."""

    def to_ical(self) -> bytes:
        """The escaped octets."""
        return escaped(self).encode()


def escaped(words: str) -> str:
    """Words as a TEXT value (RFC 5545 3.3.11)."""
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def text(name: str, words: str, language: str) -> str:
    """Words with the language that they are in (RFC 5545 3.2.10)."""
    return f"{name};LANGUAGE={language}:{escaped(words)}"


def person(name: str, who: Person, more: str = "") -> str:
    """An organizer or attendee: the address, the name, and whatever ``more`` says of the part that is played.

    The name is always in quotes, which Outlook and Gmail read without surprises.
    """
    # Inside CN a quote cannot stand and some read a backslash as an escape (RFC 5545 3.1 has none there).
    shown = one_line(who.name).replace('"', "”").replace("\\", "/") or who.address
    # A circumflex begins an escape (RFC 6868).
    return f'{name};CN="{shown.replace("^", "^^")}"{more}:{mailto(who.address)}'


def moment(name: str, instant: datetime, clock: ZoneInfo | None) -> str:
    """An instant in whole seconds, on the clock of a zone or in UTC."""
    if clock is None:
        return f"{name}:{_digits(instant.astimezone(UTC))}Z"
    # By way of UTC, so that an hour that does not exist on the clock is told as the one that is meant.
    return f"{name};TZID={clock.key}:{_digits(instant.astimezone(UTC).astimezone(clock))}"


@lru_cache(maxsize=64)
def duration(length: timedelta) -> str:
    """A length of time (RFC 5545 3.3.6), below zero for one before a moment."""
    return str(vDuration(length).to_ical().decode())  # type: ignore[no-untyped-call] # library


def _digits(local: datetime) -> str:
    return local.isoformat()[:19].replace("-", "").replace(":", "")
