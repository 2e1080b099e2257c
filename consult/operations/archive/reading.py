"""Fill an empty database from a backup, compare what came out, and leave old mail alone.

The database is brought to the migration of the backup first, then filled and compared, and then brought to the newest.
"""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING, Any

import flask_migrate
from alembic.runtime.migration import MigrationContext
from alembic.util.exc import CommandError
from sqlalchemy import Integer, MetaData, bindparam, func, insert, inspect, select, text, update

from consult.operations.archive import manifest
from consult.operations.archive.cells import from_line
from consult.operations.archive.manifest import Manifest, NotABackup
from consult.operations.archive.writing import AT_A_TIME, MOST_BYTES, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Table

RESTORED = "put aside when a backup was restored"


class NotEmpty(Exception):
    """The database to fill holds rows, or is at another migration than the backup."""


def restore(
    engine: Engine,
    path: Path,
    *,
    now: datetime,
    send_waiting: bool = False,
    told: Callable[[str, int, int], None] | None = None,
) -> Manifest:
    """Fill the database of the current app. Mail that waited when the backup was made is put aside, not sent.

    Needs the app context of that database. All rows come in one transaction: it is filled whole, or not at all.

    Raises:
        NotABackup: the file is none, or is damaged; NotEmpty: the database is in use.
    """
    stated = manifest.read(path)
    _prepare(engine, stated)
    with zipfile.ZipFile(path) as archive, engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        tables = _tables(connection, stated)
        for table in tables:
            _fill(connection, table, _stored(archive, table.name, stated), stated, told)
        differing = differences(connection, tables, stated)
        if differing:
            raise NotABackup(f"what came out differs in {', '.join(differing)}")
        if not send_waiting:
            _put_mail_aside(connection, now)
        if connection.dialect.name == "postgresql":
            _continue_numbers(connection, tables)
    flask_migrate.upgrade()
    return stated


def differences(connection: Connection, tables: Iterable[Table], stated: Manifest) -> list[str]:
    """The tables that do not hold what the backup says, by name."""
    found = []
    for table in tables:
        digest, rows = hashlib.sha256(), 0
        for line in lines(connection, table):
            digest.update(line)
            rows += 1
        part = stated.tables[table.name]
        if (rows, digest.hexdigest()) != (part.rows, part.sha256):
            found.append(table.name)
    return found


def _prepare(engine: Engine, stated: Manifest) -> None:
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current not in {None, stated.head}:
            raise NotEmpty(
                f"it is at migration {current}, the backup at {stated.head}: start from an empty one"
            )
        if current is None and set(inspect(connection).get_table_names()) - {"alembic_version"}:
            raise NotEmpty("it holds tables that are not ours")
    if current is None:
        try:
            flask_migrate.upgrade(revision=stated.head)
        except (CommandError, SystemExit):
            raise NotABackup(f"it is of migration {stated.head}, which a newer version made") from None
    with engine.connect() as connection:
        for table in _tables(connection, stated):
            if connection.scalar(select(func.count()).select_from(table)):
                raise NotEmpty(f"there are rows in {table.name}")


def _tables(connection: Connection, stated: Manifest) -> list[Table]:
    """The tables as this database has them, in an order in which they can be filled."""
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name in stated.tables)
    if missing := stated.tables.keys() - there.tables.keys():
        raise NotABackup(f"it holds tables that this version does not know: {', '.join(sorted(missing))}")
    return [there.tables[name] for name in stated.tables]


def _stored(archive: zipfile.ZipFile, name: str, stated: Manifest) -> Iterator[bytes]:
    try:
        with archive.open(manifest.place(name)) as source:
            yield from source
    except (KeyError, zipfile.BadZipFile, EOFError) as error:
        raise NotABackup(f"the rows of {name} ({stated.tables[name].rows}) are damaged") from error


def _fill(
    connection: Connection,
    table: Table,
    stored: Iterator[bytes],
    stated: Manifest,
    told: Callable[[str, int, int], None] | None,
) -> None:
    """Insert all rows; what refers to a row of the same table is filled in after all of them are there."""
    naive = connection.dialect.name == "sqlite"
    own = [key.parent.name for key in table.foreign_keys if key.target_fullname.startswith(f"{table.name}.")]
    later: list[dict[str, Any]] = []
    waiting: list[dict[str, Any]] = []
    done, size, total = 0, 0, stated.tables[table.name].rows
    for line in stored:
        row = from_line(line, naive=naive)
        if any(row[name] is not None for name in own):
            later.append({"row": row["id"], **{f"own_{name}": row[name] for name in own}})
            row |= dict.fromkeys(own)
        waiting.append(row)
        size += len(line)
        if len(waiting) == AT_A_TIME or size > MOST_BYTES or done + len(waiting) == total:
            connection.execute(insert(table), waiting)
            done += len(waiting)
            waiting, size = [], 0
            if told is not None:
                told(table.name, done, total)
    if later:
        values: dict[str, Any] = {name: bindparam(f"own_{name}") for name in own}
        connection.execute(update(table).where(table.c.id == bindparam("row")).values(values), later)


def _put_mail_aside(connection: Connection, now: datetime) -> None:
    """What waited then was sent since, by the database that was lost: it is shown, and sent again only by hand."""
    mail = MetaData()
    mail.reflect(connection, only=["outgoing_mail"])
    outgoing = mail.tables["outgoing_mail"]
    settled = now.replace(tzinfo=None) if connection.dialect.name == "sqlite" else now
    connection.execute(
        update(outgoing)
        .where(outgoing.c.state == "pending")
        .values(state="failed", settled_at=settled, leased_until=None, last_error=RESTORED)
    )


def _continue_numbers(connection: Connection, tables: Iterable[Table]) -> None:
    """The next row of each table gets the next number."""
    for table in tables:
        key = next(iter(table.primary_key.columns))
        if len(table.primary_key.columns) > 1 or not isinstance(key.type, Integer):
            continue
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, key.name)))
        if sequence is not None:
            highest = connection.scalar(select(func.max(key)))
            connection.execute(select(func.setval(sequence, highest or 1, highest is not None)))
