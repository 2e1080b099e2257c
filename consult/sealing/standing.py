"""How the values of sealed columns stand in the database: plain, or under which key. Opens none of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Text, and_, cast, func, select, type_coerce

from consult.sealing.keys import MARK, NO_KEY
from consult.sealing.types import SealedBytes, SealedJson, as_stored, front_of, is_sealed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Column, ColumnElement, Connection, MetaData

    from consult.sealing.keys import Keyring

PLAIN = ""


def sealed_columns(metadata: MetaData) -> Iterator[Column[Any]]:
    """Every column that is sealed when there is a key."""
    for table in metadata.sorted_tables:
        yield from (each for each in table.columns if is_sealed(each))


def census(connection: Connection, metadata: MetaData) -> Mapping[str, int]:
    """How many values stand under which key, by its name; plain ones under an empty name."""
    counted: Counter[str] = Counter()
    for column in sealed_columns(metadata):
        front = front_of(column).label("front")
        query = select(front, func.count()).where(_is_filled(column)).group_by(front)
        for found, number in connection.execute(query):
            counted[_name(found)] += number
    return counted


def raw(column: Column[Any]) -> ColumnElement[Any]:
    """What stands in a column, as something that the database can compare."""
    return (
        cast(type_coerce(column, JSON()), Text) if isinstance(column.type, SealedJson) else as_stored(column)
    )


def is_due(column: Column[Any], ring: Keyring) -> ColumnElement[bool]:
    """Whether a value does not stand as this ring would write it."""
    fine: list[Any] = [ring.front] if ring.writes else [PLAIN, MARK + NO_KEY]
    if isinstance(column.type, SealedBytes):
        fine = [each.encode() for each in fine]
    return and_(_is_filled(column), front_of(column).not_in(fine))


def _is_filled(column: Column[Any]) -> ColumnElement[bool]:
    if isinstance(column.type, SealedJson):
        return column.is_not(None)
    nothing: Any = b"" if isinstance(column.type, SealedBytes) else ""
    return and_(column.is_not(None), as_stored(column) != nothing)


def _name(front: Any) -> str:
    text = front if isinstance(front, str) else bytes(front).decode("latin-1")
    name = text.removeprefix(MARK)
    return PLAIN if name == NO_KEY else name
