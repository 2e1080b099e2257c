"""A database that was used since any migration that landed keeps every row on the way up, back, and up again."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import flask_migrate
import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Time,
    func,
    insert,
    select,
    text,
)

from consult.database import INDEX_TABLES, db
from consult.operations.archive import manifest, reading
from consult.operations.archive.manifest import Manifest, Part
from consult.operations.archive.writing import lines

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

pytestmark = [pytest.mark.both_databases, pytest.mark.proof]
FIRST = "0001"
LANDED = (FIRST, "0002")
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
# What the database itself asks of a value; everything else is made from the type of its column.
ASKED: dict[str, Any] = {
    "working_hours.weekday": 2,
    "busy_period.end_minute": lambda number: 1000 * number + 30,
    "busy_period.start_minute": lambda number: 1000 * number,
    "busy_period.kind": 0,
    "busy_period.talk_end_minute": lambda number: 1000 * number + 20,
    "foreign_busy.end_minute": lambda number: number + 30,
    "group_session.ends_at": BEGAN + timedelta(days=9),
    "feed_address.advisor_id": lambda number: number if number == 1 else None,
    "feed_address.team_id": lambda number: number if number == 2 else None,
    "enquiry.state": "open",
    "booking.state": "confirmed",
}
Rows = dict[str, list[dict[str, Any]]]


def reflected() -> MetaData:
    there = MetaData()
    with db.engine.connect() as connection:
        # What the database makes of the questions for its search, it makes again.
        there.reflect(connection, only=lambda name, _: not name.startswith(INDEX_TABLES))
    return there


def fill(there: MetaData) -> None:
    """Two rows in every table, each referring to the row with the same number."""
    with db.engine.begin() as connection:
        for table in there.sorted_tables:
            if table.name != "alembic_version":
                for number in (1, 2):
                    connection.execute(insert(table).values(values(table, number)))


def values(table: Table, number: int) -> dict[str, Any]:
    row = {}
    for column in table.columns:
        asked = ASKED.get(f"{table.name}.{column.name}", ASKED)
        if asked is not ASKED:
            row[column.name] = asked(number) if callable(asked) else asked
        elif column.foreign_keys:
            (key,) = column.foreign_keys
            row[column.name] = None if key.column.table is table else number
        else:
            row[column.name] = made(column.type, column.name, number)
    return row


def made(kind: Any, name: str, number: int) -> Any:
    if isinstance(kind, Boolean):
        return number == 1
    if isinstance(kind, DateTime):
        moment = BEGAN + timedelta(days=number)
        return moment if db.engine.dialect.name == "postgresql" else moment.replace(tzinfo=None)
    simple = {
        Integer: number,
        Date: date(2026, 1, number),
        Time: time(8 + number),
        JSON: {"kept": [number]},
        LargeBinary: bytes([0, 255, number]),
    }
    for known, value in simple.items():
        if isinstance(kind, known):
            return value
    return f"{name} é {number}"[: getattr(kind, "length", None)] if (kind.length or 99) > 5 else f"n{number}"


def rows_of(there: MetaData, columns: dict[str, list[str]]) -> Rows:
    found: Rows = {}
    with db.engine.connect() as connection:
        for name, wanted in columns.items():
            table = there.tables[name]
            rows = connection.execute(select(*(table.c[each] for each in wanted))).mappings()
            found[name] = sorted(({**row} for row in rows), key=lambda row: str(list(row.values())))
    return found


@pytest.mark.parametrize("used_since", LANDED)
def test_every_row_comes_along_up_back_and_up_again(app: Flask, used_since: str) -> None:
    with app.app_context():
        flask_migrate.downgrade(revision="base")
        flask_migrate.upgrade(revision=used_since)
        there = reflected()
        fill(there)
        columns = {
            name: [each.name for each in table.columns]
            for name, table in there.tables.items()
            if name != "alembic_version"
        }
        before = rows_of(there, columns)
        assert len(before) > 30
        flask_migrate.upgrade()
        newest = reflected()
        lost = {
            f"{name}.{each}"
            for name, wanted in columns.items()
            for each in wanted
            if each not in newest.tables[name].c
        }
        assert lost == set(), "a column that goes takes what people wrote with it"
        assert rows_of(newest, columns) == before
        flask_migrate.downgrade(revision=used_since)
        assert rows_of(reflected(), columns) == before
        flask_migrate.upgrade()
        assert rows_of(reflected(), columns) == before


def test_a_backup_of_an_older_version_is_restored_and_brought_to_the_newest(
    app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "older.zip"
    with app.app_context():
        flask_migrate.downgrade(revision="base")
        flask_migrate.upgrade(revision=FIRST)
        there = reflected()
        fill(there)
        parts = {}
        with zipfile.ZipFile(file, "w") as archive, db.engine.connect() as connection:
            for table in there.sorted_tables:
                if table.name != "alembic_version":
                    raw = b"".join(lines(connection, table))
                    parts[table.name] = Part(raw.count(b"\n"), hashlib.sha256(raw).hexdigest())
                    archive.writestr(manifest.place(table.name), raw)
            stated = Manifest(BEGAN.isoformat(), FIRST, parts)
            archive.writestr(manifest.NAME, stated.to_json())
        flask_migrate.downgrade(revision="base")
        restored = reading.restore(db.engine, file, now=BEGAN)
        assert restored.rows == sum(part.rows for part in parts.values()) > 60
        newest = reflected()
        with db.engine.connect() as connection:
            for name, part in parts.items():
                found = connection.scalar(select(func.count()).select_from(newest.tables[name]))
                assert found == part.rows, name
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) != FIRST
