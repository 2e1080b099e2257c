"""The one table in which all benchmarks tell: so much, so many times a floor of the same run, and the goal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """At most so much, or at least so much: of the ratio when there is one, else of the value itself."""

    most: float | None = None
    least: float | None = None

    def is_met(self, measured: float) -> bool:
        """Whether what was measured is within it."""
        return (self.most is None or measured <= self.most) and (self.least is None or measured >= self.least)

    def __str__(self) -> str:
        return f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"


def head(about: str) -> None:
    """What the next rows are about."""
    print(f"\n{about:<50}{'measured':>12}{'':<7}{'ratio':>8}  {'of':<24}{'goal':<10}")


def row(
    work: str,
    value: float,
    unit: str = "µs",
    *,
    floor: float | None = None,
    of: str = "",
    goal: Goal | None = None,
) -> None:
    """One result; with a ``floor`` the goal is one for the ratio to it."""
    ratio = value / floor if floor else None
    judged = value if ratio is None else ratio
    verdict = "" if goal is None else f"{goal!s:<10}{'met' if goal.is_met(judged) else 'NOT MET'}"
    shown = f"{value:.0f}" if value >= 100 else f"{value:.3g}"
    ratio_text = "" if ratio is None else f"{ratio:.2f}"
    print(f"{work:<50}{shown:>12} {unit:<6}{ratio_text:>8}  {of:<24}{verdict}")
