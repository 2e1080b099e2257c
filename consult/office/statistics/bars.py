"""A figure about things (pages, advisors, organisations) as bars under each other, the name above each.

Knows the figure and the scales; refuses to know colour and markup. A ratio is held against a line at one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.office.statistics.numbers import hidden_text, short, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.office.statistics.compared import Compared
    from consult.statistics.figures import Row, Unit, Value

MOST = 15
# Of the width; the rest is for the number behind the longest bar.
WIDEST = 84.0
NAME, BAR, EARLIER, GAP = 20, 14, 5, 12
LONGEST_NAME = 38


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its height on the page in pixels, its length in shares of the width, and its number."""

    look: int
    y: int
    height: int
    length: float
    text: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a thing and its bars."""

    name: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """A drawing of things; ``target`` is where a bar would end that is exactly right, ``left_out`` how many are not."""

    height: int
    things: tuple[Named, ...]
    target: float | None
    legend: tuple[tuple[int, str], ...]
    left_out: int


def draw_bars(compared: Compared, language: str, before_name: str) -> Bars:
    """The heads that have the unit of the first, at most fifteen things; what was before is a thin bar under it."""
    figure = compared.now
    drawn = compared.drawn
    pairs = list(zip(figure.rows, compared.earlier(), strict=True))[:MOST]
    with_before = any(_number(row, 0) for _row, row in pairs)
    most = max([_number(row, n) for pair in pairs for row in pair for n in drawn], default=0.0)
    most = max(most, 1.0 if figure.unit == "ratio" else 0.0)
    if figure.unit == "percent":
        most = 100.0
    things, y = [], 0
    for row, earlier in pairs:
        bars = _bars(row, drawn, y + NAME, most, compared, language)
        end = y + NAME + len(bars) * (BAR + 2)
        if with_before:
            bars.append(Bar(0, end - 1, EARLIER, _length(_number(earlier, 0), most), ""))
            end += EARLIER
        things.append(Named(_cut_off(str(row.label)), y + NAME - 6, tuple(bars)))
        y = end + GAP
    legend = [(place, str(figure.heads[number])) for place, number in enumerate(drawn, 1)]
    legend += [(0, before_name)] if with_before else []
    return Bars(
        height=max(0, y - GAP) + 2,
        things=tuple(things),
        target=_length(1.0, most) if figure.unit == "ratio" else None,
        legend=tuple(legend) if len(legend) > 1 else (),
        left_out=len(figure.rows) - len(pairs),
    )


def _bars(
    row: Row, drawn: Sequence[int], y: int, most: float, compared: Compared, language: str
) -> list[Bar]:
    made = []
    for place, number in enumerate(drawn):
        value, unit = row.values[number], compared.now.units[number]
        hidden = row.hidden and value is None
        # In a chart of one sort of bars there is room to name the unit at each number.
        text = written(value, unit, language) if len(drawn) == 1 else _short(value, unit, language)
        length = 4.0 if hidden else _length(_number(row, number), most)
        shown = hidden_text() if hidden else text
        made.append(Bar(place + 1, y + place * (BAR + 2), BAR, length, shown, hidden=hidden))
    return made


def _short(value: Value, unit: Unit, language: str) -> str:
    return "–" if value is None else short(value, unit, language)


def _number(row: Row | None, number: int) -> float:
    return float(row.values[number] or 0) if row is not None else 0.0


def _length(value: float, most: float) -> float:
    return round(WIDEST * min(value / most, 1.0), 2) if most else 0.0


def _cut_off(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
