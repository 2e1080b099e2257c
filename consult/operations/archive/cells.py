"""A row of any of our tables as one line of JSON and back, the same bytes on SQLite and on PostgreSQL.

Numbers, texts, true, false and nothing stand as they are; what JSON has no word for is a dictionary with one key.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON

from consult.sealing.types import plain_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Column


def to_line(columns: Sequence[Column[Any]], row: Sequence[Any]) -> bytes:
    """One row as a line, its columns in alphabetical order."""
    cells = {
        column.name: {"json": value} if isinstance(plain_type(column), JSON) else _packed(value)
        for column, value in zip(columns, row, strict=True)
    }
    text = json.dumps(cells, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def from_line(line: bytes, *, naive: bool) -> dict[str, Any]:
    """The values of one line by column; ``naive`` for a database that keeps no zones (SQLite): then they are in UTC."""
    cells: Mapping[str, Any] = json.loads(line)
    return {name: _unpacked(value, naive=naive) for name, value in cells.items()}


def _packed(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, datetime):
        utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return {"instant": utc.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    return value


def _unpacked(value: Any, *, naive: bool) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, packed),) = value.items()
    if kind == "instant":
        instant = datetime.fromisoformat(packed)
        return instant.replace(tzinfo=None) if naive else instant
    readers: dict[str, Callable[[str], Any]] = {
        "bytes": base64.b64decode,
        "date": date.fromisoformat,
        "time": time.fromisoformat,
    }
    return packed if kind == "json" else readers[kind](packed)
