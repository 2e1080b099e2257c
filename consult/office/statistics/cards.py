"""What a page shows of one figure: a drawing, its words, a table and where the file is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.office.statistics.bars import Bars, draw_bars
from consult.office.statistics.compared import whole
from consult.office.statistics.drawing import Weeks, draw_weeks, spark
from consult.office.statistics.numbers import hidden_text, written
from consult.office.statistics.saying import change_of, described
from consult.office.statistics.tables import MOST_LISTED, Table, table_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consult.office.statistics.compared import Compared
    from consult.statistics.figures import Row


@dataclass(frozen=True, slots=True)
class Card:
    """One figure as it is shown; ``weeks`` or ``bars`` is the drawing, and neither when there is nothing to draw."""

    key: str
    title: str
    definition: str
    note: str
    description: str
    weeks: Weeks | None
    bars: Bars | None
    table: Table
    has_hidden: bool


@dataclass(frozen=True, slots=True)
class Headline:
    """One big number: which way it went and how far, what it was, and the line through its weeks."""

    key: str
    title: str
    number: str
    way: str
    moved: str
    was: str
    line: str


def card_of(compared: Compared, language: str, before_name: str) -> Card:
    """Everything that a page shows of a figure; ``before_name`` is how the other period is named in a legend."""
    figure = compared.now
    empty = figure.is_empty
    weekly = compared.is_weekly
    return Card(
        key=figure.key,
        title=str(figure.title),
        definition=str(figure.definition),
        note=str(figure.note),
        description=described(compared, language),
        weeks=draw_weeks(compared, language, before_name) if weekly and not empty else None,
        bars=draw_bars(compared, language, before_name) if not weekly and not empty else None,
        table=table_of(compared, language, MOST_LISTED),
        has_hidden=any(row.hidden for row in _rows(compared)),
    )


def headline_of(compared: Compared, title: str, language: str) -> Headline:
    """The number of the whole period under its own title, and how it went."""
    figure = compared.now
    now, before = compared.total()
    way, moved = change_of(now, before, figure.unit, language)
    hidden = figure.total is not None and figure.total.hidden and now is None
    return Headline(
        key=figure.key,
        title=title,
        number=hidden_text() if hidden else written(now, figure.unit, language),
        way=way,
        moved=moved,
        was=written(before, figure.unit, language) if before is not None else "",
        line=spark([whole(figure, row) for row in figure.rows]) if compared.is_weekly else "",
    )


def _rows(compared: Compared) -> Iterable[Row]:
    for figure in (compared.now, compared.before):
        if figure is not None:
            yield from figure.rows
            if figure.total is not None:
                yield figure.total
