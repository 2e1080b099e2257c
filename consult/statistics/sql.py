"""Counting in the database: in which week an instant falls, and instants as whole seconds.

The same on SQLite and PostgreSQL. Knows no table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, case, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import BigInteger

from consult.database import UtcDateTime
from consult.worktime import day_start

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import InstrumentedAttribute
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

    from consult.statistics.figures import Period


class seconds(FunctionElement[int]):  # noqa: N801 (reads as the function of the database that it is)
    """Whole seconds since 1970 of an instant: a number is read many times sooner than a date and a time."""

    name = "seconds"
    inherit_cache = True
    type = BigInteger()


@compiles(seconds, "sqlite")
def _on_sqlite(element: seconds, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **kw)}) AS INTEGER)"


@compiles(seconds, "postgresql")
def _on_postgresql(element: seconds, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(floor(date_part('epoch', {compiler.process(element.clauses, **kw)})) AS BIGINT)"


def week_of(column: InstrumentedAttribute[datetime], period: Period, zone: str) -> ColumnElement[int]:
    """The number from 0 of the week of ``period`` that an instant of the period falls in, on the clock of ``zone``."""
    clock = ZoneInfo(zone)
    return place_among(column, [day_start(monday, clock) for monday in period.mondays()])


def place_among(
    column: InstrumentedAttribute[Any], starts: Sequence[Any], kind: TypeEngine[Any] | None = None
) -> ColumnElement[int]:
    """The place of the last of ``starts`` that is not after the value: a few comparisons, whatever their number.

    Starts are in order, and the first counts for all before it.
    """
    kind = kind or UtcDateTime()

    def between(first: int, after: int) -> ColumnElement[int]:
        if after - first == 1:
            return literal(first, Integer)
        middle = (first + after) // 2
        return case(
            (column < literal(starts[middle], kind), between(first, middle)), else_=between(middle, after)
        )

    return between(0, len(starts))
