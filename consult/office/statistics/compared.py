"""A figure beside the same one of another period: which rows belong together, and how much it changed.

Weeks belong together by their place in the period, all other things by their key. Knows no page and no drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consult.statistics.figures import Figure, Row, Value


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure, and the same of the period that it is held against (or none)."""

    now: Figure
    before: Figure | None = None

    @property
    def is_weekly(self) -> bool:
        """Whether its rows are the weeks of the period."""
        return self.now.kind != "bars"

    def earlier(self) -> list[Row | None]:
        """For each row the one of the other period, where there is one."""
        if self.before is None:
            return [None] * len(self.now.rows)
        if self.is_weekly:
            found = list(self.before.rows[: len(self.now.rows)])
            return [*found, *[None] * (len(self.now.rows) - len(found))]
        keyed = {row.key or str(row.label): row for row in self.before.rows}
        return [keyed.get(row.key or str(row.label)) for row in self.now.rows]

    def total(self) -> tuple[Value, Value]:
        """The first number of the whole period, now and before; None where there is none or it is hidden."""
        return _first(self.now.total), _first(self.before.total if self.before else None)


def side_by_side(now: tuple[Figure, ...], before: tuple[Figure, ...]) -> list[Compared]:
    """Each figure with its namesake."""
    keyed = {each.key: each for each in before}
    return [Compared(each, keyed.get(each.key)) for each in now]


def _first(row: Row | None) -> Value:
    return row.values[0] if row is not None and row.values else None
