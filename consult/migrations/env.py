"""How Alembic reaches our database and tables; run through ``consult db …``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context
from flask import current_app

from consult.database import Base, UtcDateTime, db, has_model
from consult.sealing.types import SEALED, SealedJson, SealedText

if TYPE_CHECKING:
    from sqlalchemy import Connection


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own types as what they are in the database, so that a migration does not depend on our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, SEALED):
        return sealed(item)
    return False


def sealed(item: Any) -> str:
    """A sealed type as the database has it: PostgreSQL needs room for more than what was written."""
    if isinstance(item, SealedText):
        short = f'sa.String(length={item.length}).with_variant(sa.Text(), "postgresql")'
        return "sa.Text()" if item.length is None else short
    return "sa.JSON()" if isinstance(item, SealedJson) else "sa.LargeBinary()"


def _let_tables_be_remade(connection: Connection) -> None:
    """SQLite changes a table by copying it and dropping the old one, which would delete what refers to it.

    Set on the driver's connection, as the pragma does nothing inside a transaction; the connection is not used again.
    """
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")


def run() -> None:
    """Run the migrations on the app's own database, all in one transaction: who is killed has changed nothing."""
    if context.is_offline_mode():
        raise SystemExit("migrations run on a live database only: leave out --sql")
    arguments = dict(current_app.extensions["migrate"].configure_args)
    with db.engine.connect() as connection:
        _let_tables_be_remade(connection)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            include_name=has_model,
            # SQLite can do it too; Alembic thinks not.
            transactional_ddl=True,
            transaction_per_migration=False,
            **arguments,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.detach()


run()
