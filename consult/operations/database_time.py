"""The time as the database tells it, for workers on several machines: leases are compared by one clock.

On SQLite everybody is on one machine, whose clock is the database's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from consult import clock

if TYPE_CHECKING:
    from sqlalchemy import Engine


def follow_database(engine: Engine) -> None:
    """Let this process go by the clock of its database server, until the next call corrects that."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        clock.follow(connection.scalar(select(func.clock_timestamp())))
