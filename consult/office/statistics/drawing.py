"""A figure as a drawing: which columns, lines and bars stand where, and what is written beside them.

Knows the figure and the scales; refuses to know colour and markup, which are the template's. What is told apart is told
apart by a pattern as well as a colour: ``look`` is the number of a pattern, and 0 is what was before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.office.statistics import scales
from consult.office.statistics.compared import whole
from consult.office.statistics.numbers import hidden_text, short, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consult.office.statistics.compared import Compared
    from consult.office.statistics.scales import Block
    from consult.statistics.figures import Figure, Row, Unit, Value

FRAME = scales.Frame(height=150, above=22)
UNDER = 26
STEPS = 3
# The narrowest drawing, in pixels, and how wide one letter is: what fits there fits everywhere.
NARROWEST, LETTER = 280, 8
HIDDEN_HEIGHT = 12.0
# Of more weeks than this a staircase is too restless to read.
MOST_STAIRS = 26
# A share above this is seen against the whole; below it the whole would press it flat.
HALF = 50


@dataclass(frozen=True, slots=True)
class Tick:
    """A level line with its number."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a share of the width."""

    x: float
    text: str
    y: float = 0.0
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Shape:
    """One column, with what a pointer over it says."""

    look: int
    block: Block
    says: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line through the weeks, with its points."""

    look: int
    path: str
    dots: tuple[tuple[float, float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Weeks:
    """A drawing over the weeks."""

    height: int
    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]
    numbers: tuple[Label, ...] = ()
    shapes: tuple[Shape, ...] = ()
    lines: tuple[Line, ...] = ()
    legend: tuple[tuple[int, str], ...] = ()


def draw_weeks(compared: Compared, language: str, before_name: str) -> Weeks:
    """Columns, stacked columns or lines over the weeks; what was before is a line of its own behind them."""
    figure, drawn = compared.now, compared.drawn
    # What was before is drawn where it has one counterpart: a stack is held against the whole of what was.
    before = [whole(figure, row) for row in compared.earlier()]
    with_before = any(value is not None for value in before)
    top, ticks = _ticks(_most(compared, before), figure.unit, language)
    board = _Board(figure, drawn, top, language)
    legend = [(look, str(figure.heads[number])) for look, number in enumerate(drawn, 1)]
    lines = board.lines() if figure.kind == "lines" else []
    if with_before:
        draw = scales.staircase if len(before) <= MOST_STAIRS else scales.line
        lines.insert(0, Line(0, draw(before, top, FRAME)))
        legend.append((0, before_name))
    return Weeks(
        height=FRAME.above + FRAME.height + UNDER,
        ticks=ticks,
        labels=_week_labels([str(row.label) for row in figure.rows]),
        numbers=board.numbers(),
        shapes=tuple(board.columns()) if figure.kind != "lines" else (),
        lines=tuple(lines),
        legend=tuple(legend) if len(legend) > 1 else (),
    )


def spark(values: Sequence[float | None], *, height: int = 36) -> str:
    """A line without an axis, in the height given: how it went, under a big number."""
    return scales.line(values, max((v for v in values if v), default=0) or 1, scales.Frame(height - 4, 2))


def _ticks(most: float, unit: Unit, language: str) -> tuple[float, tuple[Tick, ...]]:
    if unit == "percent" and most > HALF:
        levels: tuple[float, ...] = (0, 50, 100)
    elif unit == "hours":
        levels = scales.ticks(most, scales.clock_step(most * 60, STEPS) / 60)
    else:
        levels = scales.ticks(most, scales.round_step(most, STEPS, whole=unit in {"count", "days"}))
    top = levels[-1]
    return top, tuple(Tick(FRAME.y(level / top), short(level, unit, language)) for level in levels)


def _most(compared: Compared, before: Sequence[Value]) -> float:
    figure = compared.now
    rows = [[row.values[number] or 0 for number in compared.drawn] for row in figure.rows]
    found = (
        [sum(row) for row in rows] if figure.kind == "stacked" else [value for row in rows for value in row]
    )
    return float(max([*found, *(value or 0 for value in before)], default=0))


@dataclass(frozen=True, slots=True)
class _Board:
    """A figure with the scale on which its ``drawn`` heads are drawn."""

    figure: Figure
    drawn: Sequence[int]
    top: float
    language: str

    @property
    def stacked(self) -> bool:
        """Whether the parts of a week lie upon each other; beside each other otherwise."""
        return self.figure.kind == "stacked" or len(self.drawn) == 1

    def columns(self) -> Iterator[Shape]:
        """Each part of each week; of what is hidden in a week one stub, as high as any other."""
        for place, row in enumerate(self.figure.rows):
            reached = 0.0
            for look, number in enumerate(self.drawn, 1):
                if value := row.values[number]:
                    block = self._block(place, look, reached, reached + value / self.top)
                    yield Shape(look, block, self._says(row, number))
                    reached += value / self.top if self.stacked else 0
            if unknown := [number for number in self.drawn if row.hidden and row.values[number] is None]:
                stub = self._block(place, 1, reached, reached + HIDDEN_HEIGHT / FRAME.height)
                yield Shape(1, stub, self._says(row, unknown[0]), hidden=True)

    def lines(self) -> list[Line]:
        """A line for each head."""
        made = []
        for look, number in enumerate(self.drawn, 1):
            values = [row.values[number] for row in self.figure.rows]
            says = [self._says(row, number) for row in self.figure.rows]
            points = zip(scales.dots(values, self.top, FRAME), says, strict=True)
            known = tuple((*dot, text) for dot, text in points if dot)
            made.append(Line(look, scales.line(values, self.top, FRAME), known))
        return made

    def numbers(self) -> tuple[Label, ...]:
        """The number above each column where all fit on a phone, else above the highest and the last."""
        if self.figure.kind == "lines" or not self.stacked:
            return ()
        totals = [sum(row.values[number] or 0 for number in self.drawn) for row in self.figure.rows]
        texts = [self._number(row, total) for row, total in zip(self.figure.rows, totals, strict=True)]
        if len(texts) * LETTER * max(map(len, texts), default=0) > NARROWEST:
            highest = max(range(len(totals)), key=totals.__getitem__)
            texts = [text if number in {highest, len(texts) - 1} else "" for number, text in enumerate(texts)]
        middles = scales.slots(len(texts)) if texts else ()
        return tuple(
            Label(x, text, (FRAME.y(total / self.top) if total else FRAME.y(0) - HIDDEN_HEIGHT) - 5)
            for x, text, total in zip(middles, texts, totals, strict=True)
            if text
        )

    def _block(self, place: int, look: int, lower: float, upper: float) -> Block:
        count = len(self.figure.rows)
        if not self.stacked:
            beside = len(self.drawn) + 1
            place, count = place * beside + look - 1, count * beside
        return scales.column(place, count, lower, upper, FRAME)

    def _number(self, row: Row, total: float) -> str:
        if row.hidden and any(row.values[number] is None for number in self.drawn):
            # What is left of a stack is no number of its own.
            return "" if total else hidden_text()
        return short(total, self.figure.unit, self.language) if total else ""

    def _says(self, row: Row, number: int) -> str:
        value, unit = row.values[number], self.figure.units[number]
        said = hidden_text() if row.hidden and value is None else written(value, unit, self.language)
        return f"{row.label}: {self.figure.heads[number]} {said}"


def _week_labels(labels: Sequence[str]) -> tuple[Label, ...]:
    if not labels:
        return ()
    most = max(2, NARROWEST // (LETTER * max(map(len, labels)) + LETTER))
    shown, middles = scales.shown_labels(len(labels), most), scales.slots(len(labels))
    last = len(labels) - 1
    return tuple(
        Label(100, labels[number], anchor="end")
        if number == last and last > 3
        else Label(middles[number], labels[number])
        for number in sorted(shown)
    )
