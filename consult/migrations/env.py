"""How Alembic reaches our database and tables; run through ``consult db …``."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app

from consult.database import Base, UtcDateTime, db


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own types as what they are in the database, so that a migration does not depend on our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run the migrations on the app's own database, each in a transaction."""
    if context.is_offline_mode():
        raise SystemExit("migrations run on a live database only: leave out --sql")
    arguments = dict(current_app.extensions["migrate"].configure_args)
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            transaction_per_migration=True,
            **arguments,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
