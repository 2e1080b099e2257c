"""Figures as the counting hands them over, made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from consult.statistics.figures import Figure, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.statistics.figures import Value

HIDDEN = "hidden"


def figure(kind: str = "columns", rows: Sequence[tuple[Any, ...]] = (), **changed: Any) -> Figure:
    """A figure of counts; a row is its label and values, with ``HIDDEN`` at the end for one that is hidden."""
    made = tuple(_row(each, keyed=kind == "bars") for each in rows)
    width = len(made[0].values) if made else 1
    usual: dict[str, Any] = {
        "key": "vragen",
        "title": "Vragen per week",
        "definition": "Vragen die binnenkwamen, zonder spam.",
        "kind": kind,
        "heads": tuple(f"Kop {number}" for number in range(1, width + 1)) if width > 1 else ("Vragen",),
        "units": ("count",) * width,
        "rows": made,
    }
    return Figure(**(usual | changed))


def weekly(*values: Value, kind: str = "columns", **changed: Any) -> Figure:
    """A figure over weeks with one head."""
    return figure(kind, [(f"week {number}", value) for number, value in enumerate(values, 1)], **changed)


def _row(each: tuple[Any, ...], *, keyed: bool) -> Row:
    hidden = each[-1] == HIDDEN
    label, *values = each[:-1] if hidden else each
    return Row(label, tuple(values), hidden=hidden, key=str(label) if keyed else "")
