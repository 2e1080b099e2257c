"""Give every text that people wrote the encryption of now: under the first key, or none.

Works in small parts beside a running web and worker; whoever breaks it off begins again, and what was done stays done.
A row that changes meanwhile is left to its writer and looked at again.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, tuple_, update

from consult.database import Model
from consult.privacy.register import TRAIL
from consult.privacy.trail import opened
from consult.sealing.standing import is_due, raw, sealed_columns
from consult.sealing.types import ring_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Column, Table

    from consult.database import DbSession
    from consult.sealing.keys import Keyring

AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class Step:
    """How far one column is; ``total`` is what was to be done when it was begun."""

    column: str
    done: int
    total: int


def to_do(session: DbSession, column: Column[Any]) -> int:
    """How many values of this column do not stand as they would be written now."""
    query = select(func.count()).select_from(column.table)
    return session.scalars(query.where(is_due(column, _ring(session)))).one()


def rotate(
    begin: Callable[[], AbstractContextManager[DbSession]], *, told: Callable[[Step], None] | None = None
) -> int:
    """Rewrite what does not stand as it would be written now, each part in a transaction; gives how many values.

    Raises:
        Unreadable: a key is missing; what was done stays, nothing is lost.
    """
    changed = 0
    for column in sealed_columns(Model.metadata):
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
    query = select(*keys, column, raw(column).label("stored")).where(is_due(column, _ring(session)))
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*after))
    rows = session.execute(query.order_by(*keys).limit(AT_A_TIME)).all()
    if not rows:
        return 0, after
    # The trail is only added to, unless it is opened; what stands in it does not change here.
    with opened(session) if table.name == TRAIL else nullcontext():
        for row in rows:
            *key, opened_value, stored = row
            same = [each == value for each, value in zip(keys, key, strict=True)]
            session.execute(update(table).where(*same, raw(column) == stored).values({column: opened_value}))
    return len(rows), rows[-1][: len(keys)]


def _ring(session: DbSession) -> Keyring:
    return ring_of(session.get_bind().dialect)
