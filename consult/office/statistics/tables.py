"""A figure as a table of plain cells: the page shows it, and the file that is downloaded holds the same.

A hidden count reads ``< 5``; a cell without anything to say is empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from consult.office.statistics.numbers import cell, hidden_text, unit_name
from consult.people.sheets import write_sheet
from consult.web.dates import short_day
from consult.web.translating import translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.office.statistics.compared import Compared
    from consult.statistics.figures import Row, Unit


# So many things a page lists; a file has them all.
MOST_LISTED = 25


@dataclass(frozen=True, slots=True)
class Table:
    """The headings and the rows, all of the same length; the first cell of a row says what the row is about.

    ``left_out`` is how many rows were left out for a page.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int = 0

    @property
    def numeric(self) -> range:
        """The columns with numbers."""
        return range(1, len(self.heads))

    def as_file(self) -> bytes:
        """The same as a file for a spreadsheet."""
        return write_sheet(self.heads, self.rows)


def table_of(compared: Compared, language: str, most: int | None = None) -> Table:
    """A row for each row of the figure and one for the whole; a second column per head for what was before.

    Of things no more than ``most`` are listed, the first; weeks are all there.
    """
    figure, _ = compared.now, translator(language)
    heads = [_head(str(head), unit, language) for head, unit in zip(figure.heads, figure.units, strict=True)]
    first = _("Week") if compared.is_weekly else _("Waarvan")
    if compared.before is not None:
        heads = list(chain.from_iterable((head, f"{head}, {_('vergeleken')}") for head in heads))
    pairs = list(zip(figure.rows, compared.earlier(), strict=True))
    listed = pairs if compared.is_weekly else pairs[:most]
    rows = [
        _row(_label(row, compared, language), row, earlier, compared, language) for row, earlier in listed
    ]
    if figure.total is not None:
        earlier = compared.before.total if compared.before else None
        rows.append(_row(str(figure.total.label), figure.total, earlier, compared, language))
    return Table((first, *heads), tuple(rows), len(pairs) - len(listed))


def _label(row: Row, compared: Compared, language: str) -> str:
    """What the row is about; of a week its first day as well, because a file outlives its year."""
    if not (compared.is_weekly and row.key):
        return str(row.label)
    return f"{row.label}, {short_day(date.fromisoformat(row.key), language)}"


def _head(head: str, unit: Unit, language: str) -> str:
    name = unit_name(unit, language)
    return f"{head} ({name})" if name else head


def _row(label: str, row: Row, earlier: Row | None, compared: Compared, language: str) -> tuple[str, ...]:
    units = compared.now.units
    cells = _cells(row, units, language)
    if compared.before is not None:
        cells = list(chain.from_iterable(zip(cells, _cells(earlier, units, language), strict=True)))
    return (label, *cells)


def _cells(row: Row | None, units: Sequence[Unit], language: str) -> list[str]:
    if row is None:
        return [""] * len(units)
    return [
        hidden_text() if row.hidden and value is None else cell(value, unit, language)
        for value, unit in zip(row.values, units, strict=True)
    ]
