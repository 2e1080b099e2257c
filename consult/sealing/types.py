"""The types of columns that are sealed: whoever reads or writes a row sees plain values and knows nothing of keys.

The database cannot look into a sealed column: comparing, sorting or cutting one there is refused while the statement is
made. ``FindableText`` can be compared for equality; ``beginning`` gives the first characters.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    JSON,
    ColumnElement,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    type_coerce,
)
from sqlalchemy.sql import operators

from consult.sealing.keys import MARK, MOST_KEYS, NAME_LENGTH, NO_KEYS, Keyring

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import BindParameter, Column, Dialect, Engine
    from sqlalchemy.sql.operators import OperatorType
    from sqlalchemy.types import TypeEngine

# Each engine has its own dialect object, which every value passes on its way in and out.
_rings: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()
FRONT = NAME_LENGTH + 1
SPELLINGS = range(MOST_KEYS + 1)
JSON_KEY = "sealed"
# How the mark stands in JSON, up to the name of the key.
JSON_FRONT = json.dumps({JSON_KEY: MARK})[:-2]


def use_keys(engine: Engine, ring: Keyring) -> None:
    """From now on, this engine seals and opens with these keys."""
    _rings[engine.dialect] = ring


def ring_of(dialect: Dialect) -> Keyring:
    """The keys of an engine, by its dialect."""
    return _rings.get(dialect, NO_KEYS)


class _Compared(TypeDecorator.Comparator[Any], String.Comparator[Any]):
    """What the database may be asked about a sealed column."""

    def one_of(self, spelled: Iterable[BindParameter[str]]) -> ColumnElement[Any]:
        """Whether the value is one of these, as they are stored."""
        ask = super().operate
        return or_(*(ask(operators.eq, each) for each in spelled))

    def operate(self, op: OperatorType, *other: Any, **named: Any) -> ColumnElement[Any]:
        """Whether there is a value; and of a findable text whether it is this one.

        Raises:
            TypeError: anything else.
        """
        compares = op in {operators.eq, operators.ne}
        # SQLAlchemy itself compares columns with each other, as the keys of a dictionary.
        harmless = compares and (other[0] is None or isinstance(other[0], ColumnElement))
        if op in {operators.is_, operators.is_not} or harmless:
            return super().operate(op, *other, **named)
        if op is operators.eq and isinstance(self.type, FindableText) and isinstance(other[0], str):
            spelled = (bindparam(None, other[0], type_=Spelling(number)) for number in SPELLINGS)
            return self.one_of(spelled)
        raise TypeError(f"the database cannot look into {self.expr}: it may be sealed")


class SealedText(TypeDecorator[str]):
    """What somebody wrote, of at most ``length`` characters before it is sealed."""

    impl = Text
    cache_ok = True
    comparator_factory = _Compared
    findable = False

    def __init__(self, length: int | None = None) -> None:
        super().__init__()
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Room for the sealed text: SQLite does not look at lengths, and keeps the column as it was declared."""
        if self.length is None or dialect.name != "sqlite":
            return Text()
        return String(self.length)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal."""
        return None if value is None else ring_of(dialect).seal(value, findable=self.findable)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open."""
        return None if value is None else ring_of(dialect).open(value)


class FindableText(SealedText):
    """A short text that rows are found by, such as a telephone number: rows with the same one are seen to be alike."""

    cache_ok = True
    findable = True


class Spelling(TypeDecorator[str]):
    """A text to look for among findable ones, as key ``number`` seals it; 0 is plain."""

    impl = Text
    cache_ok = True

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """As it would be stored."""
        return None if value is None else ring_of(dialect).spelling(value, self.number)


class SealedBytes(TypeDecorator[bytes]):
    """Bytes that hold what somebody wrote, such as a mail."""

    impl = LargeBinary
    cache_ok = True
    comparator_factory = _Compared

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        ring = ring_of(dialect)
        if value is None or (ring.writes is None and not value.startswith(MARK.encode())):
            return value
        return ring.seal(value.decode("latin-1")).encode("latin-1")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Open."""
        if value is None or bytes(value[:1]) != MARK.encode():
            return value
        return ring_of(dialect).open(bytes(value).decode("latin-1")).encode("latin-1")


class SealedJson(TypeDecorator[Any]):
    """JSON that holds what somebody wrote; sealed it is an object with one text."""

    impl = JSON
    cache_ok = True
    comparator_factory = _Compared

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Seal."""
        ring = ring_of(dialect)
        return value if ring.writes is None or value is None else {JSON_KEY: ring.seal(json.dumps(value))}

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Open."""
        if isinstance(value, dict) and list(value) == [JSON_KEY] and str(value[JSON_KEY]).startswith(MARK):
            return json.loads(ring_of(dialect).open(value[JSON_KEY]))
        return value


def findable_as(column: Column[Any], name: str) -> ColumnElement[Any]:
    """For a statement that is made once: whether the column holds the text of the parameters of ``spellings``."""
    comparator = column.comparator
    assert isinstance(comparator, _Compared)  # noqa: S101 (for findable columns)
    return comparator.one_of(bindparam(f"{name}_{number}", type_=Spelling(number)) for number in SPELLINGS)


def spellings(name: str, text: str | None) -> dict[str, str | None]:
    """The parameters of such a statement."""
    return {f"{name}_{number}": text for number in SPELLINGS}


SEALED = (SealedText, SealedBytes, SealedJson)


def is_sealed(column: Column[Any]) -> bool:
    """Whether what stands in this column is sealed when there is a key."""
    return isinstance(column.type, SEALED)


def plain_type(column: Column[Any]) -> TypeEngine[Any]:
    """What the column holds, sealing left aside."""
    kind = column.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def as_stored(column: Column[Any]) -> ColumnElement[Any]:
    """The column as it stands in the database, sealed or not."""
    return type_coerce(column, plain_type(column)) if is_sealed(column) else column


def front_of(column: Column[Any]) -> ColumnElement[Any]:
    """The mark and the name of the key of a sealed value, and what is empty for a plain one; bytes for bytes."""
    if isinstance(column.type, SealedJson):
        text = cast(type_coerce(column, JSON()), Text)
        start = len(JSON_FRONT)
        sealed = func.substr(text, 1, start) == JSON_FRONT
        return case((sealed, literal(MARK).concat(func.substr(text, start + 1, NAME_LENGTH))), else_="")
    raw, nothing, mark = as_stored(column), literal(""), literal(MARK)
    if isinstance(column.type, SealedBytes):
        nothing, mark = literal(b"", LargeBinary()), literal(MARK.encode(), LargeBinary())
    return case((func.substr(raw, 1, 1) == mark, func.substr(raw, 1, FRONT)), else_=nothing)


def beginning(column: Any, length: int) -> ColumnElement[Any]:
    """At least the first ``length`` characters or bytes of a column; the whole of one that is sealed."""
    raw = type_coerce(column, column.type.impl_instance)
    mark: Any = MARK.encode() if isinstance(column.type, SealedBytes) else MARK
    sealed = func.substr(raw, 1, 1) == mark
    return type_coerce(case((sealed, raw), else_=func.substr(raw, 1, length)), column.type)
