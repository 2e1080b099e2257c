"""Give every text that people wrote the encryption of now: under the first key, or none. Also counts what stands how.

Works in small parts beside a running web and worker; whoever breaks it off begins again, and what was done stays done.
A row that changes meanwhile is left to its writer and looked at again.
"""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Text, and_, cast, func, select, tuple_, type_coerce, update

from consult.privacy.register import TRAIL, tables
from consult.privacy.trail import opened
from consult.sealing.keys import MARK, NO_KEY, Keyring
from consult.sealing.types import SealedBytes, SealedJson, as_stored, front_of, is_sealed, ring_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Column, ColumnElement, Table

    from consult.database import DbSession

AT_A_TIME = 200
PLAIN = ""


@dataclass(frozen=True, slots=True)
class Step:
    """How far one column is; ``total`` is what was to be done when it was begun."""

    column: str
    done: int
    total: int


def sealed_columns() -> Iterator[Column[Any]]:
    """Every column that is sealed when there is a key."""
    for table in tables().values():
        yield from (each for each in table.columns if is_sealed(each))


def census(session: DbSession) -> Mapping[str, int]:
    """How many texts stand under which key, by its name; plain ones under an empty name."""
    counted: Counter[str] = Counter()
    for column in sealed_columns():
        front = front_of(column).label("front")
        query = select(front, func.count()).where(_is_filled(column)).group_by(front)
        for found, number in session.execute(query):
            counted[_name(found)] += number
    return counted


def to_do(session: DbSession, column: Column[Any]) -> int:
    """How many values of this column do not stand as they would be written now."""
    query = select(func.count()).select_from(column.table)
    return session.scalars(query.where(_is_due(column, _ring(session)))).one()


def rotate(
    begin: Callable[[], AbstractContextManager[DbSession]], *, told: Callable[[Step], None] | None = None
) -> int:
    """Rewrite what does not stand as it would be written now, each part in a transaction; gives how many values.

    Raises:
        Unreadable: a key is missing; what was done stays, nothing is lost.
    """
    changed = 0
    for column in sealed_columns():
        with begin() as session:
            total = to_do(session, column)
        done, after = 0, None
        while done < total:
            with begin() as session:
                found, after = _rewrite(session, column, after)
            if not found:
                break
            done += found
            if told is not None:
                told(Step(f"{column.table.name}.{column.name}", min(done, total), total))
        changed += done
    return changed


def _rewrite(
    session: DbSession, column: Column[Any], after: Sequence[Any] | None
) -> tuple[int, Sequence[Any] | None]:
    """One part of a column, in the order of its keys; gives how many, and the key of the last one."""
    table: Table = column.table
    keys = list(table.primary_key.columns)
    query = select(*keys, column, _raw(column).label("raw")).where(_is_due(column, _ring(session)))
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*after))
    rows = session.execute(query.order_by(*keys).limit(AT_A_TIME)).all()
    if not rows:
        return 0, after
    # The trail is only added to, unless it is opened; what stands in it does not change here.
    with opened(session) if table.name == TRAIL else nullcontext():
        for row in rows:
            *key, opened_value, raw = row
            same = [each == value for each, value in zip(keys, key, strict=True)]
            session.execute(update(table).where(*same, _raw(column) == raw).values({column: opened_value}))
    return len(rows), rows[-1][: len(keys)]


def _ring(session: DbSession) -> Keyring:
    return ring_of(session.get_bind().dialect)


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    """What stands there, as something that can be compared."""
    return (
        cast(type_coerce(column, JSON()), Text) if isinstance(column.type, SealedJson) else as_stored(column)
    )


def _is_filled(column: Column[Any]) -> ColumnElement[bool]:
    if isinstance(column.type, SealedJson):
        return column.is_not(None)
    nothing: Any = b"" if isinstance(column.type, SealedBytes) else ""
    return and_(column.is_not(None), as_stored(column) != nothing)


def _is_due(column: Column[Any], ring: Keyring) -> ColumnElement[bool]:
    fine = [ring.front] if ring.writes else [PLAIN, MARK + NO_KEY]
    if isinstance(column.type, SealedBytes):
        return and_(_is_filled(column), front_of(column).not_in([each.encode() for each in fine]))
    return and_(_is_filled(column), front_of(column).not_in(fine))


def _name(front: Any) -> str:
    text = bytes(front).decode("latin-1") if not isinstance(front, str) else front
    name = text.removeprefix(MARK)
    return PLAIN if name == NO_KEY else name
