"""The words of a search, as each database asks for them; nothing that somebody types can break a statement.

A word finds what begins with it. PostgreSQL knows Dutch; SQLite does not, so that for it the commonest endings are
taken off here: ``wijkgesprekken`` also finds ``wijkgesprek``.
"""

from __future__ import annotations

import re
import unicodedata

MOST_WORDS = 8
LONGEST_WORD = 60
# A shorter word must be there whole: as the beginning of a word it would be everywhere.
SHORTEST_BEGINNING = 3
SHORTEST_STEM = 4


def words_of(text: str) -> tuple[str, ...]:
    """At most eight words, in small letters without accents, each once; signs part words and count for nothing."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", bare)
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in words))[:MOST_WORDS]


def stem(word: str) -> str:
    """The word without a Dutch plural or inflection: ``gesprekken`` → ``gesprek``; short words stay as they are."""
    for ending in ("en", "e", "s"):
        bare = word.removesuffix(ending)
        if bare != word and len(bare) >= SHORTEST_STEM:
            return bare[:-1] if ending == "en" and bare[-1] == bare[-2] else bare
    return word


def fts5_query(words: tuple[str, ...]) -> str:
    """What SQLite's FTS5 takes: all words, each in quotes, as a beginning where it is long enough."""
    return " AND ".join(_fts5_word(word) for word in words)


def tsquery(words: tuple[str, ...]) -> str:
    """What PostgreSQL's ``to_tsquery`` takes: all words, as a beginning where they are long enough."""
    return " & ".join(f"{word}:*" if len(word) >= SHORTEST_BEGINNING else word for word in words)


def _fts5_word(word: str) -> str:
    if len(word) < SHORTEST_BEGINNING:
        return f'"{word}"'
    forms = dict.fromkeys((word, stem(word)))
    return "(" + " OR ".join(f'"{form}"*' for form in forms) + ")"
