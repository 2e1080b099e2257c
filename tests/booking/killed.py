"""A process that books and is killed right after it has written to one table, before the commit."""

from __future__ import annotations

import os
import signal
import sys

from sqlalchemy import Engine, event

from consult.app import create_app
from consult.settings import load
from tests.booking.fire import ROOT, taking


def main(url: str, table: str) -> None:
    """Book, and die after the first row of ``table``."""
    app = create_app(
        load({}, database_url=url, instance=ROOT / "instance", secret_key="fire" * 8, testing=True)
    )

    @event.listens_for(Engine, "after_cursor_execute")
    def _die(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(f"INSERT INTO {table}"):
            os.kill(os.getpid(), signal.SIGKILL)

    taking(app, 0, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
