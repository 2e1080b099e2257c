"""Take a person out of rows: what was written becomes empty, what is a code, a number or a moment stays.

Works from the tables themselves and the register, so that a column that is added later is emptied too.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, LargeBinary, UniqueConstraint, and_, bindparam, delete, select, update

from consult.booking.models import InviteeRole
from consult.privacy.codes import codes_only
from consult.privacy.register import KEPT, children, written
from consult.sealing.types import plain_type

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Column, ColumnElement, Table

    from consult.database import DbSession

# What stands where a name or a text was; read by people, in the language of the firm.
GONE = "Gewist"
# Nothing can be sent here (RFC 2606).
NOWHERE = "consult.invalid"
ADDRESSES = frozenset({"email", "address", "address_key"})
AT_A_TIME = 500


def blank(session: DbSession, table: Table, where: ColumnElement[bool], *, but: Collection[str] = ()) -> int:
    """Empty what was written in these rows, columns of ``but`` left alone; gives how many rows there are."""
    columns = [each for each in written(table) if each.name not in but]
    coded = [each for each in columns if isinstance(plain_type(each), JSON)]
    rows = session.execute(select(table.c.id, *coded).where(where)).mappings().all()
    if not rows or not columns:
        return len(rows)
    values = [
        {"row": row["id"], **{f"new_{each.name}": _emptied(each, row) for each in columns}} for row in rows
    ]
    statement = (
        update(table)
        .where(table.c.id == bindparam("row"))
        .values({each.name: bindparam(f"new_{each.name}", type_=each.type) for each in columns})
    )
    session.execute(statement, values)
    return len(rows)


def blank_children(session: DbSession, kind: str, ids: Collection[int]) -> None:
    """Empty the rows that belong to these subjects; rows of a table that the register does not keep go altogether."""
    for table, parent in children(kind):
        for chunk in in_chunks(ids):
            theirs = parent.in_(chunk)
            if table.name not in KEPT:
                session.execute(delete(table).where(theirs))
            elif table.name == "invitation":
                # An advisor is not the one who is erased; what was written along with an answer goes.
                blank(session, table, and_(theirs, table.c.role != InviteeRole.ADVISOR))
                own = {"name", "address"}
                blank(session, table, and_(theirs, table.c.role == InviteeRole.ADVISOR), but=own)
            else:
                blank(session, table, theirs)


def in_chunks(ids: Collection[int]) -> Iterator[list[int]]:
    """The numbers in lists that fit into one statement."""
    ordered = sorted(ids)
    for first in range(0, len(ordered), AT_A_TIME):
        yield ordered[first : first + AT_A_TIME]


def _emptied(column: Column[object], row: Any) -> object:
    if isinstance(plain_type(column), JSON):
        return codes_only(row[column.name])
    if column.nullable:
        return None
    if isinstance(plain_type(column), LargeBinary):
        return b""
    if column.name in ADDRESSES:
        return f"gewist-{row['id']}@{NOWHERE}"
    if _is_unique(column):
        # Not made from the row's number: the address that answers come back to must not be guessed.
        return secrets.token_hex(16)
    return GONE


def _is_unique(column: Column[object]) -> bool:
    constraints = column.table.constraints
    return bool(column.unique) or any(
        isinstance(each, UniqueConstraint) and column.name in each.columns for each in constraints
    )
