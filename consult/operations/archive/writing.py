"""Write a whole database into one file as it is at one moment, while others go on working in it.

A ZIP of one file per table with a row on each line: the same for SQLite and PostgreSQL, and readable without us.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import LargeBinary, func, select

from consult.database import Model, looking_only
from consult.operations.archive import manifest
from consult.operations.archive.cells import to_line
from consult.operations.archive.manifest import Manifest, Part
from consult.sealing.types import as_stored, plain_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Column, Connection, Engine, Table

AT_A_TIME = 500
# Of rows that hold files no more than this is in memory at once, or one row.
MOST_BYTES = 4 * 1024 * 1024


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection on which everything is read as it was at the first statement; it writes nothing and locks nobody."""
    isolated = engine
    if engine.dialect.name == "postgresql":
        isolated = engine.execution_options(isolation_level="REPEATABLE READ")
    with looking_only(), isolated.connect() as connection:
        yield connection


def write(
    engine: Engine, path: Path, *, now: datetime, told: Callable[[str, int, int], None] | None = None
) -> Manifest:
    """Back up to ``path``, readable by its owner only; it is there when it is whole, and not before.

    ``told`` hears after each part which table, how many of its rows are done, and how many there are.

    Raises:
        FileExistsError: something is there already.
    """
    if path.exists():
        raise FileExistsError(path)
    unfinished = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, one_moment(engine) as connection:
            made = _write_tables(file, connection, now, told)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return made


def _write_tables(
    file: Any, connection: Connection, now: datetime, told: Callable[[str, int, int], None] | None
) -> Manifest:
    head = MigrationContext.configure(connection).get_current_revision() or ""
    parts: dict[str, Part] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for table in Model.metadata.sorted_tables:
            total = connection.scalar(select(func.count()).select_from(table)) or 0
            with archive.open(manifest.place(table.name), "w", force_zip64=True) as target:
                digest, rows = hashlib.sha256(), 0
                for line in lines(connection, table):
                    target.write(line)
                    digest.update(line)
                    rows += 1
                    if told is not None and (rows % AT_A_TIME == 0 or rows == total):
                        told(table.name, rows, total)
            parts[table.name] = Part(rows, digest.hexdigest())
        made = Manifest(now.isoformat(), head, parts)
        archive.writestr(manifest.NAME, made.to_json())
    return made


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows of one table in the order of their keys; what is sealed stays sealed."""
    columns = [each for each in table.columns if each.computed is None]
    wanted = select(*map(as_stored, columns)).order_by(*table.primary_key.columns)
    wanted = wanted.execution_options(yield_per=_rows_at_once(connection, columns))
    for row in connection.execute(wanted):
        yield to_line(columns, row)


def _rows_at_once(connection: Connection, columns: list[Column[Any]]) -> int:
    """How many rows are read together: fewer where a column holds files."""
    files = [func.max(func.length(each)) for each in map(as_stored, filter(_holds_files, columns))]
    largest = max((size or 0 for size in connection.execute(select(*files)).one()), default=0) if files else 0
    return max(1, min(AT_A_TIME, MOST_BYTES // max(largest, 1)))


def _holds_files(column: Column[Any]) -> bool:
    return isinstance(plain_type(column), LargeBinary)
