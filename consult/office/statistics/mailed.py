"""The figures of last week as a mail can show them: words, numbers, and bars made of table cells or of blocks.

Mail programs draw no SVG; the bars are the same numbers in the same order as the charts on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.office.statistics.compared import whole
from consult.office.statistics.numbers import written
from consult.office.statistics.saying import change_of
from consult.web.dates import short_day
from consult.web.translating import translations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.statistics.figures import Figure, Period, Value

# How many blocks the longest bar has in a mail of text.
BLOCKS = 24


@dataclass(frozen=True, slots=True)
class Week:
    """One bar: ``share`` of the longest, in whole per cents, and the same in blocks."""

    label: str
    number: str
    share: int
    blocks: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One figure: its number of last week, how it changed, and a bar for each week; the newest week comes first."""

    title: str
    definition: str
    number: str
    change: str
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The days of last week and its figures."""

    days: str
    figures: tuple[Drawn, ...]


def letter_of(figures: Sequence[Figure], period: Period, language: str) -> Letter:
    """The weekly figures of ``period``, whose last week is the one that is told."""
    monday = list(period.mondays())[-1]
    days = translations(language).gettext("%(first)s tot en met %(last)s") % {
        "first": short_day(monday, language),
        "last": short_day(period.last, language),
    }
    return Letter(days, tuple(_drawn(each, language) for each in figures if each.rows and not each.is_empty))


def _drawn(figure: Figure, language: str) -> Drawn:
    values = [whole(figure, row) for row in figure.rows]
    most = 100 if figure.unit == "percent" else max((value or 0 for value in values), default=0)
    weeks = tuple(
        _week(str(row.label), value, most, figure, language)
        for row, value in reversed(list(zip(figure.rows, values, strict=True)))
    )
    before = values[-2] if len(values) > 1 else None
    return Drawn(
        title=str(figure.title),
        definition=str(figure.definition),
        number=written(values[-1], figure.unit, language),
        change=_change(values[-1], before, figure, language),
        weeks=weeks,
    )


def _week(label: str, value: Value, most: float, figure: Figure, language: str) -> Week:
    share = round(100 * (value or 0) / most) if most else 0
    # What is there is seen: a bar of nothing would say that there was none.
    share = max(share, 1) if value else 0
    return Week(
        label,
        written(value, figure.unit, language),
        share,
        "█" * max(round(share * BLOCKS / 100), bool(value)),
    )


def _change(now: Value, before: Value, figure: Figure, language: str) -> str:
    _ = translations(language).gettext
    way, moved = change_of(now, before, figure.unit, language)
    if not way:
        return ""
    was = {"moved": moved, "was": written(before, figure.unit, language)}
    if way == "same":
        return _("gelijk aan de week ervoor")
    if way == "up":
        return _("%(moved)s meer dan de week ervoor, toen %(was)s") % was
    return _("%(moved)s minder dan de week ervoor, toen %(was)s") % was
