"""A figure as a drawing: which columns, lines and bars stand where, and what is written beside them.

Knows the figure and the scales; refuses to know colour and markup, which are the template's. What is told apart is told
apart by a pattern as well as a colour: ``look`` is the number of a pattern, and 0 is what was before.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from consult.office.statistics import scales
from consult.office.statistics.numbers import hidden_text, short, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.office.statistics.compared import Compared
    from consult.office.statistics.scales import Block
    from consult.statistics.figures import Row, Unit, Value

FRAME = scales.Frame(height=150, above=22)
UNDER = 26
STEPS = 3
# The narrowest drawing, in pixels, and how wide one letter is: what fits there fits everywhere.
NARROWEST, LETTER = 280, 8
HIDDEN_HEIGHT = 12.0


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
    figure = compared.now
    before = [_value(row, 0) for row in compared.earlier()]
    # What was before is drawn where it has one counterpart: not behind a stack, whose parts it would not match.
    with_before = figure.kind != "stacked" and any(value is not None for value in before)
    heads = [[_value(row, number) for row in figure.rows] for number in range(len(figure.heads))]
    most = _most(compared, heads, before if with_before else [])
    top, ticks = _ticks(most, figure.unit, language)
    legend = [(number, str(head)) for number, head in enumerate(figure.heads, 1)]
    lines = _lines(heads, top, compared, language) if figure.kind == "lines" else []
    if with_before:
        lines.insert(0, Line(0, scales.staircase(before, top, FRAME)))
        legend.append((0, before_name))
    shapes = _columns(compared, heads, top, language) if figure.kind != "lines" else []
    return Weeks(
        height=FRAME.above + FRAME.height + UNDER,
        ticks=ticks,
        labels=_week_labels([str(row.label) for row in figure.rows]),
        numbers=_numbers(compared, heads, top, language),
        shapes=tuple(shapes),
        lines=tuple(lines),
        legend=tuple(legend) if len(legend) > 1 else (),
    )


def spark(values: Sequence[float | None], *, height: int = 36) -> str:
    """A line without an axis, in the height given: how it went, under a big number."""
    return scales.line(values, max((v for v in values if v), default=0) or 1, scales.Frame(height - 4, 2))


def _ticks(most: float, unit: Unit, language: str) -> tuple[float, tuple[Tick, ...]]:
    if unit == "percent":
        levels: tuple[float, ...] = (0, 50, 100)
    elif unit == "hours":
        levels = scales.ticks(most, scales.clock_step(most * 60, STEPS) / 60)
    else:
        levels = scales.ticks(most, scales.round_step(most, STEPS, whole=unit in {"count", "days"}))
    top = levels[-1]
    return top, tuple(Tick(FRAME.y(level / top), short(level, unit, language)) for level in levels)


def _most(compared: Compared, heads: Sequence[Sequence[Value]], before: Sequence[Value]) -> float:
    rows = list(zip(*heads, strict=True))
    if compared.now.kind == "stacked":
        found = [sum(value or 0 for value in row) for row in rows]
    else:
        found = [value or 0 for row in rows for value in row]
    return float(max([*found, *(value or 0 for value in before)], default=0))


def _columns(compared: Compared, heads: Sequence[Sequence[Value]], top: float, language: str) -> list[Shape]:
    figure, shapes = compared.now, []
    stacked = figure.kind == "stacked" or len(heads) == 1
    for number, row in enumerate(figure.rows):
        values = [head[number] for head in heads]
        reached = [0.0, *accumulate(float(value or 0) for value in values)]
        for which, value in enumerate(values):
            place, count = (number, len(figure.rows))
            if not stacked:
                place, count = number * (len(heads) + 1) + which, len(figure.rows) * (len(heads) + 1)
            block = _block(place, count, value, reached[which] if stacked else 0.0, top)
            hidden = row.hidden and value is None
            if block is None and not (hidden and which == 0):
                continue
            says = f"{row.label}: {figure.heads[which]} {_said(row, which, figure.units[which], language)}"
            shapes.append(Shape(which + 1, block or _stub(place, count), says, hidden=hidden))
    return shapes


def _block(place: int, count: int, value: Value, from_: float, top: float) -> Block | None:
    if not value:
        return None
    lower, upper = FRAME.y(from_ / top), FRAME.y((from_ + value) / top)
    part = 100 / count
    return scales.Block(
        round((place + 0.14) * part, 2), round(part * 0.72, 2), upper, round(lower - upper, 1)
    )


def _stub(place: int, count: int) -> Block:
    part = 100 / count
    bottom = FRAME.above + FRAME.height
    return scales.Block(
        round((place + 0.14) * part, 2), round(part * 0.72, 2), bottom - HIDDEN_HEIGHT, HIDDEN_HEIGHT
    )


def _lines(heads: Sequence[Sequence[Value]], top: float, compared: Compared, language: str) -> list[Line]:
    figure, made = compared.now, []
    for which, values in enumerate(heads):
        says = [
            f"{row.label}: {figure.heads[which]} {_said(row, which, figure.units[which], language)}"
            for row in figure.rows
        ]
        points = [
            (*dot, text) for dot, text in zip(scales.dots(values, top, FRAME), says, strict=True) if dot
        ]
        made.append(Line(which + 1, scales.line(values, top, FRAME), tuple(points)))
    return made


def _numbers(
    compared: Compared, heads: Sequence[Sequence[Value]], top: float, language: str
) -> tuple[Label, ...]:
    """The number above each column where all fit on a phone, else above the highest and the last."""
    figure = compared.now
    if figure.kind == "lines" or (figure.kind == "columns" and len(heads) > 1):
        return ()
    totals = [sum(head[number] or 0 for head in heads) for number in range(len(figure.rows))]
    texts = [short(total, figure.unit, language) if total else "" for total in totals]
    texts = [
        hidden_text() if row.hidden and not total else text
        for row, total, text in zip(figure.rows, totals, texts, strict=True)
    ]
    if len(texts) * LETTER * max(map(len, texts), default=0) > NARROWEST:
        highest = max(range(len(totals)), key=totals.__getitem__, default=0)
        texts = [text if number in {highest, len(texts) - 1} else "" for number, text in enumerate(texts)]
    middles = scales.slots(len(texts)) if texts else ()
    return tuple(
        Label(x, text, (FRAME.y(total / top) if total else FRAME.y(0) - HIDDEN_HEIGHT) - 5)
        for x, text, total in zip(middles, texts, totals, strict=True)
        if text
    )


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


def _value(row: Row | None, number: int) -> Value:
    return row.values[number] if row is not None and number < len(row.values) else None


def _said(row: Row, number: int, unit: Unit, language: str) -> str:
    value = _value(row, number)
    return hidden_text() if row.hidden and value is None else written(value, unit, language)
