"""Values of calendar properties as this product writes them, where clients read the library's own otherwise."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from icalendar import Parameters, vCalAddress, vText

from consult.scheduling.text import mailto, one_line

if TYPE_CHECKING:
    from consult.scheduling.values import Person


class Text(vText):
    """TEXT as RFC 5545 3.3.11 escapes it; the library takes a typed backslash and N for a line break."""

    def to_ical(self) -> bytes:
        """The escaped octets."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


class QuotedNames(Parameters):
    """Parameters with CN always in quotes, which Outlook and Gmail read without surprises."""

    always_quoted: tuple[str, ...] = (*Parameters.always_quoted, "CN")  # type: ignore[assignment] # typed as nine


def person(who: Person, more: dict[str, str] | None = None) -> vCalAddress:
    """An organizer or attendee: the address, the name, and whatever ``more`` says of the part that is played."""
    found = vCalAddress(mailto(who.address))
    # Inside CN a quote cannot stand and some read a backslash as an escape (RFC 5545 3.1 has none there).
    name = one_line(who.name).replace('"', "”").replace("\\", "/") or who.address
    found.params = QuotedNames({"CN": name} | (more or {}))
    return found


def text(words: str, language: str) -> Text:
    """Words with the language that they are in (RFC 5545 3.2.10)."""
    found = Text(words)
    found.params = _spoken(language)
    return found


@lru_cache(maxsize=8)
def _spoken(language: str) -> Parameters:
    """One for all texts: nobody changes it, and making one costs more than writing the line."""
    return Parameters({"LANGUAGE": language})
