"""Whether the database is there and at the newest migration; knows no table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import DBAPIError

from consult.database import db


@dataclass(frozen=True, slots=True)
class SchemaState:
    """At which migration the database is and which is the newest; ``reason`` is set when it cannot be reached."""

    current: str | None
    head: str | None
    reason: str | None = None

    @property
    def at_head(self) -> bool:
        """Whether this code can work on this database."""
        return self.reason is None and self.current == self.head

    @property
    def problem(self) -> str:
        """What is wrong, in a few words; empty when nothing is."""
        if self.at_head:
            return ""
        if self.reason:
            return f"the database cannot be reached ({self.reason})"
        if self.current is None:
            return "the database is empty"
        return f"the database is at migration {self.current} and should be at {self.head}"

    @property
    def mend(self) -> str:
        """The command that mends it."""
        return "consult check" if self.reason else "consult db upgrade"


def state() -> SchemaState:
    """Where the current app's database is. Never raises for a database that is away: that is an answer too."""
    head = _head(str(current_app.extensions["migrate"].directory))
    try:
        with db.engine.connect() as connection:
            return SchemaState(MigrationContext.configure(connection).get_current_revision(), head)
    except DBAPIError as error:
        return SchemaState(None, head, type(error.orig).__name__ if error.orig else type(error).__name__)


@lru_cache(maxsize=4)
def _head(folder: str) -> str | None:
    return ScriptDirectory(folder).get_current_head()
