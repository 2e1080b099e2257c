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

    @property
    def drawn(self) -> list[int]:
        """The places of the heads that are drawn: those with the unit of the first."""
        return [number for number, unit in enumerate(self.now.units) if unit == self.now.unit]

    def earlier(self) -> list[Row | None]:
        """For each row the one of the other period, where there is one."""
        if self.before is None or self.before.is_empty:
            return [None] * len(self.now.rows)
        if self.is_weekly:
            found = list(self.before.rows[: len(self.now.rows)])
            return [*found, *[None] * (len(self.now.rows) - len(found))]
        keyed = {row.key or str(row.label): row for row in self.before.rows}
        return [keyed.get(row.key or str(row.label)) for row in self.now.rows]

    def total(self) -> tuple[Value, Value]:
        """The number of the whole period, now and before: of a stack all parts together; None where it is not told."""
        now = whole(self.now, self.now.total)
        if self.before is None or self.before.is_empty:
            return now, None
        return now, whole(self.before, self.before.total)


def side_by_side(now: tuple[Figure, ...], before: tuple[Figure, ...]) -> list[Compared]:
    """Each figure with its namesake."""
    keyed = {each.key: each for each in before}
    return [Compared(each, keyed.get(each.key)) for each in now]


def whole(figure: Figure, row: Row | None) -> Value:
    """The number that stands for a row: of a stack the parts together, else the first; None when not all is told."""
    if row is None or not row.values:
        return None
    if figure.kind != "stacked":
        return row.values[0]
    known = [value for value in row.values if value is not None]
    return sum(known) if len(known) == len(row.values) else None
