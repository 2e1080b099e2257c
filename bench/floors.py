"""What the least costs that a page or a booking can do: a bare Flask answer, five rows stored by the bare driver."""

from __future__ import annotations

import sqlite3
from statistics import median
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS = 1.5


def cost(work: Callable[[], object], seconds: float = SECONDS) -> float:
    """Microseconds of processor time of one call: the median of as many as fit in ``seconds``."""
    work()
    taken, end = [], perf_counter() + seconds
    while perf_counter() < end:
        begin = thread_time()
        work()
        taken.append(thread_time() - begin)
    return median(taken) * 1e6


def bare_flask() -> float:
    """The floor of a page: an application that answers two letters."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "ok")
    client = app.test_client()
    return cost(lambda: client.get("/"))


def bare_insert(folder: Path) -> float:
    """The floor of a booking: five rows, stored durably, with the bare driver."""
    connection = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT)")

    def store() -> None:
        connection.execute("BEGIN IMMEDIATE")
        for size in (200, 100, 100, 3000, 3000):
            connection.execute("INSERT INTO row (text) VALUES (?)", ("x" * size,))
        connection.execute("COMMIT")

    return cost(store)
