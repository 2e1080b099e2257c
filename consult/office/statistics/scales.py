"""Where things go in a chart: round ticks, bars and lines, as numbers that a template writes into an SVG.

Sideways everything is a share of the width (0 to 100), so that one drawing fits a phone and a wide screen with letters
of the same size; upwards it is pixels from the top. Knows no colour, no language and no figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
# How much of its part a column takes.
FILL = 0.72
# Steps of time that a person reads as round, in minutes: up to a working day of eight hours, then days of it.
CLOCK = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 960, 2400, 4800, 9600, 24000, 48000)


@dataclass(frozen=True, slots=True)
class Frame:
    """The room for the drawing itself: ``height`` pixels, ``above`` pixels left free over it."""

    height: int
    above: int

    def y(self, share: float) -> float:
        """The pixel from the top of a share (0 to 1) of the height."""
        return round(self.above + self.height * (1 - min(max(share, 0.0), 1.0)), 1)


@dataclass(frozen=True, slots=True)
class Block:
    """A column or a bar: its left side and width in shares of the width, its top and height in pixels."""

    x: float
    width: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        """The share of the width above which a label stands."""
        return round(self.x + self.width / 2, 2)


def round_step(most: float, steps: int, *, whole: bool = False) -> float:
    """The smallest round number of which ``steps`` reach ``most``; a whole number when only those can occur."""
    if most <= 0:
        return 1.0
    least = most / steps
    size = 10 ** floor(log10(least))
    found = next(size * each for each in ROUND if size * each >= least - 1e-9 * size)
    return float(max(1, ceil(found))) if whole else float(found)


def clock_step(most: float, steps: int) -> float:
    """The smallest number of minutes that a person reads as round, of which ``steps`` reach ``most``."""
    return float(next((each for each in CLOCK if each * steps >= most), round_step(most, steps)))


def ticks(most: float, step: float) -> tuple[float, ...]:
    """Nought, and each step up to the first that is not below ``most``."""
    count = max(1, ceil(most / step - 1e-9))
    return tuple(step * number for number in range(count + 1))


def slots(count: int) -> tuple[float, ...]:
    """The middles of ``count`` equal parts of the width."""
    return tuple(round((number + 0.5) * 100 / count, 2) for number in range(count))


def column(place: int, count: int, lower: float, upper: float, frame: Frame) -> Block:
    """The column in the part ``place`` of ``count``, from one share (0 to 1) of the height up to another."""
    part, top, bottom = 100 / count, frame.y(upper), frame.y(lower)
    return Block(
        round(part * (place + (1 - FILL) / 2), 2), round(part * FILL, 2), top, round(bottom - top, 1)
    )


def line(values: Sequence[float | None], top: float, frame: Frame) -> str:
    """The path through the middles of the parts; it is lifted where a value is missing."""
    return _path(
        [None if value is None else [(x, frame.y(value / top if top else 0))] for x, value in _placed(values)]
    )


def staircase(values: Sequence[float | None], top: float, frame: Frame) -> str:
    """The path that lies level over each part: what was, behind the columns of what is."""
    half = 50 / len(values) if values else 0
    level = [
        None
        if value is None
        else [
            (round(x - half, 2), y := frame.y(value / top if top else 0)),
            (round(x + half, 2), y),
        ]
        for x, value in _placed(values)
    ]
    return _path(level)


def dots(values: Sequence[float | None], top: float, frame: Frame) -> list[tuple[float, float] | None]:
    """The points of ``line``."""
    return [
        None if value is None else (x, frame.y(value / top if top else 0)) for x, value in _placed(values)
    ]


def shown_labels(count: int, most: int) -> frozenset[int]:
    """Which of ``count`` labels are written when there is room for ``most``: evenly spread, the last always."""
    if count <= most:
        return frozenset(range(count))
    every = ceil((count - 1) / max(1, most - 1))
    return frozenset(range(count - 1, -1, -every))


def _placed(values: Sequence[float | None]) -> list[tuple[float, float | None]]:
    return list(zip(slots(len(values)), values, strict=True)) if values else []


def _path(pieces: Sequence[Sequence[tuple[float, float]] | None]) -> str:
    written, lifted = [], True
    for piece in pieces:
        for x, y in piece or ():
            written.append(f"{'M' if lifted else 'L'}{x:g} {y:g}")
            lifted = False
        lifted = lifted or piece is None
    return "".join(written)
