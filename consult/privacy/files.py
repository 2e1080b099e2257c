"""What is erased must be gone from the files of an SQLite database too: overwritten, and out of the log beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

WORD_INDEXES = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE % USING fts5%'"


def scrub(engine: Engine) -> bool:
    """Write the log of changes (WAL) into the database and empty it; gives whether that was possible now.

    Deleted content is overwritten there (``secure_delete``). Somebody who is reading keeps the log; the next nightly
    round does it then. PostgreSQL reuses the space by itself (autovacuum): there is nothing to do.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 (the connection is open)
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        driver.execute("PRAGMA query_only=OFF")
        for (name,) in driver.execute(WORD_INDEXES).fetchall():
            # Removed words stay in an index until its parts are merged.
            driver.execute(f"INSERT INTO {name}({name}) VALUES ('optimize')")  # noqa: S608 (a name from the schema)
        busy, _pages, _written = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
