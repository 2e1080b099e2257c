"""The database: the typed model base, how instants are stored, and how transactions begin on both engines.

Knows no table. The transaction of a page that only looks is read-only in the database itself, so that a GET can
change nothing. SQLite begins every other one with ``BEGIN IMMEDIATE``: two writers queue and never deadlock.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, Pool, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Dialect
    from sqlalchemy.pool import ConnectionPoolEntry

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Tables that only the migrations know: an index that the database itself keeps differs from one engine to the other.
INDEX_TABLES = "enquiry_search"

# What a service takes: a session, or the one that Flask-SQLAlchemy scopes to a request.
DbSession: TypeAlias = Session | scoped_session[Any]


class Base(DeclarativeBase):
    """What every table shares: constraint names that a migration can rely on."""

    metadata = MetaData(naming_convention=CONVENTION)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def has_model(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic should look for this in the models (its ``include_name``)."""
    return kind != "table" or not (name or "").startswith(INDEX_TABLES)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, always UTC; SQLite drops zones, so a naive value is refused.

    Raises:
        ValueError: the value has no zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value; store the rest in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Give every instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_looks_only: ContextVar[bool] = ContextVar("consult_looks_only", default=False)


@contextmanager
def looking_only(*, on: bool = True) -> Iterator[None]:
    """Transactions begun inside may not write: the database refuses it. ``on=False`` lifts that again inside."""
    token = _looks_only.set(on)
    try:
        yield
    finally:
        _looks_only.reset(token)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Set what SQLite leaves off by default; the driver's own BEGIN is switched off in favour of ours."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    # The wait comes first: switching to WAL takes a lock that another process may hold.
    for pragma in (
        "busy_timeout=10000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


# Who wants to write waits here for the others of this process, in place of knocking on SQLite's door ever less often.
_writers: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()
_WAIT_SECONDS = 10


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    looks_only = _looks_only.get()
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql":
        driver.read_only = looks_only
    elif connection.dialect.name == "sqlite":
        driver.execute(f"PRAGMA query_only={'ON' if looks_only else 'OFF'}")
        if looks_only:
            connection.exec_driver_sql("BEGIN")
            return
        turn = _writers.setdefault(connection.engine, Lock())
        if turn.acquire(timeout=_WAIT_SECONDS):
            connection.info["turn"] = turn
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            _let_next_write(connection.info)
            raise


def _let_next_write(info: dict[Any, Any]) -> None:
    if turn := info.pop("turn", None):
        turn.release()


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _ended(connection: Connection) -> None:
    _let_next_write(connection.info)


@event.listens_for(Pool, "checkin")
@event.listens_for(Pool, "invalidate")
def _left(_driver: Any, record: ConnectionPoolEntry, *_why: Any) -> None:
    """However a transaction ended: nobody waits for a connection that is not in use."""
    _let_next_write(record.info)
