"""Make rows of what was counted, and hide what would tell of fewer than five people's questions.

The rule, for figures about those who ask: a count of 1 to 4 is hidden, and so is what was worked out from fewer than
five. Nought is shown. What is hidden must not follow from the total: the hidden counts of a column are at least two,
make five or more together, and are not all one or all four; otherwise the smallest next ones are hidden too. Knows no
table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from consult.statistics.figures import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from consult.statistics.figures import Value, Words

FEWEST = 5


class Cell(NamedTuple):
    """A value, and on how many questions or talks it rests; of a count that is the count."""

    value: Value
    basis: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row before anything is hidden. Lines of one ``group`` have a total of their own in another figure."""

    label: Words
    cells: tuple[Cell, ...]
    key: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Hiding:
    """Which columns add up to their total, which follow from others, and which groups have a hidden total.

    ``follows`` names for a column the columns that it could be worked back to: it is hidden where one of those is.
    ``must`` are pairs of a group and a column: at least one line of the group is hidden there, so that the hidden
    total of the group does not follow from its lines. ``across``: the sum of the totals stands in another figure.
    """

    counts: frozenset[int]
    follows: dict[int, tuple[int, ...]] = field(default_factory=dict)
    must: frozenset[tuple[str | None, int]] = frozenset()
    across: bool = False


def count(number: int) -> Cell:
    """A count as it is."""
    return Cell(number, number)


def rows_of(
    lines: Sequence[Line], total: Line | None, hiding: Hiding | None
) -> tuple[tuple[Row, ...], Row | None]:
    """The rows and the total; with ``hiding`` None everything is shown, because it tells of nobody who asks."""
    if hiding is None:
        return tuple(_row(line, ()) for line in lines), _row(total, ()) if total else None
    hidden, total_hidden = hidden_cells(lines, total, hiding)
    rows = tuple(
        _row(line, [column for at, column in hidden if at == number]) for number, line in enumerate(lines)
    )
    return rows, _row(total, total_hidden) if total else None


def hidden_cells(
    lines: Sequence[Line], total: Line | None, hiding: Hiding
) -> tuple[set[tuple[int, int]], set[int]]:
    """What is hidden: pairs of a line and a column, and the columns of the total."""
    hidden = {
        (number, column)
        for number, line in enumerate(lines)
        for column, cell in enumerate(line.cells)
        if is_few(cell)
    }
    total_hidden = {column for column, cell in enumerate(total.cells) if is_few(cell)} if total else set()
    if total and hiding.across:
        sums = {column: total.cells[column].basis for column in hiding.counts}
        total_hidden |= covered(sums, total_hidden & hiding.counts)[0]
    for column in hiding.counts:
        everywhere = [*{line.group for line in lines}, None]
        for group in everywhere:
            least = int((group, column) in hiding.must or (group is None and column in total_hidden))
            values = {
                number: line.cells[column].basis
                for number, line in enumerate(lines)
                if group in {line.group, None}
            }
            found, is_safe = covered(values, {n for n in values if (n, column) in hidden}, least=least)
            hidden |= {(number, column) for number in found}
            if group is None and not is_safe:
                total_hidden.add(column)
    for column, others in hiding.follows.items():
        hidden |= {(at, column) for at, other in hidden if other in others}
        total_hidden |= {column for other in others if other in total_hidden}
    return hidden, total_hidden


def is_few(cell: Cell) -> bool:
    """Whether it tells of one to four."""
    return 0 < cell.basis < FEWEST


def covered(values: dict[int, int], hidden: set[int], *, least: int = 0) -> tuple[set[int], bool]:
    """What to hide of these counts, those of ``hidden`` among it; and whether none of it follows from their sum."""
    found = set(hidden)
    # The smallest that is not nothing; nothing only when there is no other: whoever looks cannot tell them apart.
    spare = sorted(values.keys() - found, key=lambda each: (values[each] == 0, values[each], each))
    while len(found) < least or not _is_safe([values[each] for each in found]):
        if not spare:
            return found, not found
        # All that are as small: which one it was would tell.
        found |= {each for each in spare if values[each] == values[spare[0]]}
        spare = [each for each in spare if each not in found]
    return found, True


def _is_safe(sums: Collection[int]) -> bool:
    """Whether more than one set of counts has this sum: all one, and all as many as can be hidden, is only one set."""
    few = FEWEST - 1
    all_most = max(sums, default=0) <= few and sum(sums) == few * len(sums)
    return not sums or (len(sums) > 1 and sum(sums) >= FEWEST and sum(sums) > len(sums) and not all_most)


def _row(line: Line, hidden: Collection[int]) -> Row:
    values = tuple(None if column in hidden else cell.value for column, cell in enumerate(line.cells))
    return Row(line.label, values, hidden=bool(hidden), key=line.key)
