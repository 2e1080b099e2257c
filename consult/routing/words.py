"""Words of a question, and the terms a rule looks for in them.

Whole words, whatever their capitals, accents or punctuation; several words in a row ("jeugd en zorg"); and
a beginning with an asterisk ("polaris*"), because Dutch glues its words together. Knows no languages and no
grammar.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The text without capitals and accents: "Één" and "een" are the same word."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of the text, in order."""
    return tuple(_WORD.findall(fold(text)))


@dataclass(frozen=True, slots=True)
class Term:
    """What to look for: ``words`` in a row; with ``beginning`` the last of them may go on ("polaris*")."""

    words: tuple[str, ...]
    beginning: bool = False

    def found_in(self, text: Words) -> bool:
        """Whether the text holds the term somewhere."""
        if len(self.words) == 1 and not self.beginning:
            return self.words[0] in text.distinct
        size = len(self.words)
        return any(
            self._at(text.in_order[start : start + size]) for start in range(len(text.in_order) - size + 1)
        )

    def _at(self, found: tuple[str, ...]) -> bool:
        if self.words[:-1] != found[:-1]:
            return False
        return found[-1].startswith(self.words[-1]) if self.beginning else found[-1] == self.words[-1]

    def covers(self, other: Term) -> bool:
        """Whether every text that holds ``other`` holds this term too."""
        size = len(self.words)
        for start in range(len(other.words) - size + 1):
            # A word of `other` that may go on is only surely matched by a term that lets it go on too.
            open_ended = other.beginning and start + size == len(other.words)
            if self._at(other.words[start : start + size]) and (self.beginning or not open_ended):
                return True
        return False


def term(written: str) -> Term | None:
    """The term as a coordinator wrote it; None when there is no word in it."""
    found = words_of(written)
    return Term(found, written.rstrip().endswith("*")) if found else None


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one question, ready to be searched by many rules."""

    in_order: tuple[str, ...]
    distinct: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "distinct", frozenset(self.in_order))
