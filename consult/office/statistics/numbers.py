"""Numbers in words: as a chart and a sentence show them, and as a cell of a table or a file holds them.

Takes the language as an argument, because a mail has another one than a page.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from babel.numbers import format_decimal

from consult.web.translating import translator

if TYPE_CHECKING:
    from consult.statistics.figures import Unit, Value

# What is written behind a number, and in a heading above plain numbers.
BEHIND = {"percent": "\N{NO-BREAK SPACE}%", "ratio": "\N{NO-BREAK SPACE}×"}
PATTERNS = {"count": "#,##0", "percent": "0", "hours": "#,##0.#", "days": "#,##0.#", "ratio": "0.0#"}
# A cell keeps one digit more, and no mark between thousands: a program reads it.
CELLS = {"count": "0", "percent": "0.#", "hours": "0.##", "days": "0.##", "ratio": "0.##"}


def written(value: Value, unit: Unit, language: str) -> str:
    """``1.234``, ``45 %``, ``3,5 uur``, ``2 dagen`` or ``1,2 ×``; a dash when there is nothing to say."""
    if value is None:
        return "–"
    number = _formatted(value, PATTERNS[unit], language)
    return f"{number}{_behind(unit, number, language)}"


def short(value: float, unit: Unit, language: str) -> str:
    """The number with at most a sign behind it, for in a chart, whose legend says the unit."""
    return f"{_formatted(value, PATTERNS[unit], language)}{'%' if unit == 'percent' else ''}"


def cell(value: Value, unit: Unit, language: str) -> str:
    """The bare number in the language's own digits; empty when there is nothing to say."""
    return "" if value is None else _formatted(value, CELLS[unit], language)


def unit_name(unit: Unit, language: str) -> str:
    """How a heading names the unit of the numbers under it; empty for a count."""
    named = {"percent": "%", "ratio": "×"}
    if unit in named:
        return named[unit]
    _ = translator(language)
    return {"hours": _("werkuren"), "days": _("dagen")}.get(unit, "")


def hidden_text() -> str:
    """What stands in place of a count that would tell of few."""
    return "<\N{NO-BREAK SPACE}5"


def _behind(unit: Unit, number: str, language: str) -> str:
    if unit in BEHIND:
        return BEHIND[unit]
    _ = translator(language)
    one = number == "1"
    words = {"hours": _("uur"), "days": _("dag") if one else _("dagen")}.get(unit, "")
    return f"\N{NO-BREAK SPACE}{words}" if words else ""


@lru_cache(maxsize=4096)
def _formatted(value: float, pattern: str, language: str) -> str:
    return format_decimal(value, format=pattern, locale="nl_NL" if language == "nl" else "en_GB")
