"""The middle of many numbers, and what nine out of ten stay within."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def median(numbers: Sequence[float]) -> float | None:
    """The middle one, of an even number the mean of the middle two; None without numbers. To two decimals."""
    return round(statistics.median(numbers), 2) if numbers else None


def ninetieth(numbers: Sequence[float]) -> float | None:
    """The smallest of them that nine out of ten are not above (nearest rank); None without numbers. To two decimals."""
    if not numbers:
        return None
    place = -(-9 * len(numbers) // 10)
    return round(sorted(numbers)[place - 1], 2)


def percent(part: int, whole: int) -> float | None:
    """So many of a hundred, to one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None
