"""What a chart shows, in sentences: for who hears a page, and for a mail without pictures.

Takes the language as an argument. Nothing here is a judgement: more is not better, and shorter is not worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.office.statistics.numbers import hidden_text, written
from consult.web.translating import translations

if TYPE_CHECKING:
    from consult.office.statistics.compared import Compared
    from consult.statistics.figures import Unit, Value

MOST_NAMED = 3


def described(compared: Compared, language: str) -> str:
    """Highest, lowest and last week, or the first three things with their numbers."""
    figure, _ = compared.now, translations(language).gettext
    if figure.is_empty:
        return _("Er is niets te tellen in deze periode.")
    if not compared.is_weekly:
        return _("Bovenaan: %(named)s.") % {"named": _first_things(compared, language)}
    told = []
    for number in compared.drawn:
        known = [
            (row.values[number], str(row.label)) for row in figure.rows if row.values[number] is not None
        ]
        if not known:
            continue
        (least, then), (most, when) = min(known, key=_by_value), max(known, key=_by_value)
        unit = figure.units[number]
        told.append(
            _("%(head)s: hoogste %(most)s (%(when)s), laagste %(least)s (%(then)s), laatste %(last)s.")
            % {
                "head": figure.heads[number],
                "most": written(most, unit, language),
                "when": when,
                "least": written(least, unit, language),
                "then": then,
                "last": written(known[-1][0], unit, language),
            }
        )
    return " ".join(told)


def change_of(now: Value, before: Value, unit: Unit, language: str) -> tuple[str, str]:
    """Which way a number went (``up``, ``down``, ``same``, or nothing when it cannot be said) and in words how far.

    A share or a ratio changes in points; anything else in per cent of what it was.
    """
    _ = translations(language).gettext
    if now is None or before is None:
        return "", ""
    if unit == "percent":
        points = round(now) - round(before)
        words = translations(language).ngettext("%(num)s punt", "%(num)s punten", abs(points))
        return _way(points), words % {"num": abs(points)}
    if unit in {"hours", "days", "ratio"}:
        # As both numbers are read: the difference of what is shown.
        digits = 2 if unit == "ratio" else 1
        moved = round(round(now, digits) - round(before, digits), digits)
        return _way(moved), written(abs(moved), unit, language)
    if not before:
        return _way(now), written(now, unit, language)
    share = round((now - before) / before * 100)
    return _way(share), written(abs(share), "percent", language)


def _way(moved: float) -> str:
    return "same" if not moved else "up" if moved > 0 else "down"


def _by_value(pair: tuple[Value, str]) -> float:
    return float(pair[0] or 0)


def _first_things(compared: Compared, language: str) -> str:
    figure = compared.now
    return ", ".join(
        f"{row.label} "
        + (
            hidden_text()
            if row.hidden and row.values[0] is None
            else written(row.values[0], figure.unit, language)
        )
        for row in figure.rows[:MOST_NAMED]
    )
