"""Names in addresses: made from the name that people read, and never given twice."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import select

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute

    from consult.database import DbSession

    SlugColumn: TypeAlias = InstrumentedAttribute[str]

LONGEST = 64
_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")


def slug_of(name: str) -> str:
    """The name in small letters, digits and hyphens, at most 64; empty when nothing of it is left."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return _NOT_IN_A_SLUG.sub("-", letters).strip("-")[:LONGEST].rstrip("-")


def free_slug(session: DbSession, column: SlugColumn, name: str) -> str:
    """A slug for ``name`` that no row has: the plain one, else with the first number that is free."""
    plain = slug_of(name) or "naamloos"
    taken = set(session.scalars(select(column).where(column.startswith(plain[: LONGEST - 6]))))
    if plain not in taken:
        return plain
    numbered = (f"{plain[: LONGEST - 6]}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in numbered if each not in taken)
