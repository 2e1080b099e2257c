"""What makes a text look like spam, as marks that add up. Knows texts only; no address, no database, no time.

A mark never refuses anything: enough of them hold a question, or a talk, until a person has looked. So the words are
those of advertisements that no municipality sends, and one link or one odd word is never enough.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Sign(StrEnum):
    """Why somebody looks first."""

    POT = "pot"
    LINKS = "links"
    MARKUP = "markup"
    WORDS = "words"
    NAME = "name"
    FLOOD = "flood"


ENOUGH = 3
# A field that nobody sees was filled in, or far too much comes in at once: each is enough alone.
ALONE = ENOUGH
LINKS_A_PERSON_SENDS = 2
_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_MARKUP = re.compile(r"<a\s+href|\[/?(?:url|link|img)\b", re.IGNORECASE)
_ADVERTISING = re.compile(
    r"\b(?:viagra|cialis|casino|bitcoin|crypto(?:currency)?|backlinks?|seo|page ?rank|porn\w*|escorts?|forex"
    r"|payday loans?|work from home|earn money|buy followers|dofollow|guest post|telegram channel)\b",
    re.IGNORECASE,
)


def signs_of(text: str, name: str, *, pot: str | None = None) -> dict[Sign, int]:
    """Each sign in these texts with its weight; ``pot`` is what stood in the field that people leave empty."""
    links = len(_LINK.findall(text))
    words = len({found.lower() for found in _ADVERTISING.findall(text)})
    found = {
        Sign.POT: ALONE if pot else 0,
        Sign.LINKS: max(0, links - LINKS_A_PERSON_SENDS),
        Sign.MARKUP: 2 if _MARKUP.search(text) else 0,
        Sign.WORDS: words,
        Sign.NAME: 2 if _LINK.search(name) else 0,
    }
    return {sign: weight for sign, weight in found.items() if weight}


def are_enough(signs: dict[Sign, int]) -> bool:
    """Whether a person has to look before anybody is told."""
    return sum(signs.values()) >= ENOUGH
