"""What the parts of the loader share: rows in bulk, the keys they got, numbers given out, and how far it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import insert

from consult.links.models import ReferenceCounter
from consult.web.dates import local_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Table

    from consult.database import Base, DbSession

CHUNK = 500


@dataclass(slots=True)
class Keys:
    """The database keys of what was stored: by slug, by CBS code, or by place or number in the plan."""

    topic: dict[str, int] = field(default_factory=dict)
    advisor: dict[str, int] = field(default_factory=dict)
    organisation: dict[str, int] = field(default_factory=dict)
    contact: dict[int, int] = field(default_factory=dict)
    page: dict[str, int] = field(default_factory=dict)
    meeting_type: dict[str, int] = field(default_factory=dict)
    enquiry: dict[int, int] = field(default_factory=dict)


class Progress:
    """Told how far the loading is; this one keeps it to itself."""

    def begin(self, what: str, total: int) -> None:
        """So many rows of this kind will follow."""

    def advance(self, rows: int) -> None:
        """So many of them are stored."""


@dataclass(slots=True)
class Numbering:
    """Reference numbers in the series that the services go on with; the year is that on the firm's own clock."""

    zone: str
    given: Counter[str] = field(default_factory=Counter)

    def reference(self, letter: str, at: datetime) -> str:
        """The next number of the series of that year, such as ``C-2026-0412``."""
        series = f"{letter}-{local_date(at, self.zone).year}"
        self.given[series] += 1
        return f"{series}-{self.given[series]:04d}"

    @property
    def table(self) -> Table:
        """Where the last numbers are kept."""
        return cast("Table", ReferenceCounter.__table__)

    def rows(self) -> list[dict[str, Any]]:
        """The last number of each series."""
        return [{"series": series, "last": last} for series, last in self.given.items()]


def store(
    session: DbSession, model: type[Base], rows: Sequence[dict[str, Any]], progress: Progress | None = None
) -> list[int]:
    """Insert rows in bulk and give their keys, in the order of the rows; every row names the same columns."""
    keys: list[int] = []
    id_column = model.__table__.c.id
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        statement = insert(model).returning(id_column, sort_by_parameter_order=True)
        keys += session.scalars(statement, chunk).all()
        if progress:
            progress.advance(len(chunk))
    return keys


def store_plain(session: DbSession, table: type[Base] | Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows in bulk whose keys nobody needs."""
    if rows:
        session.execute(insert(table), list(rows))
