"""How long the desk's pages take at the server with a full house, against the same pages with a small one.

Vandaag, the inbox, a thread, a search and the agenda, signed in, through the whole application: the median of a row of
calls in milliseconds, by the clock on the wall and by this process's own work (with SQLite that is all there is, and a
busy machine does not change it), the SQL statements of one, and the ratio to a small database in the same run.

Run: python -m bench.desk [--enquiries 50000] [--bookings 20000] [--rounds 15] [--database-url postgresql://…]
"""

from __future__ import annotations

import argparse
import logging
import random
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import structlog
from sqlalchemy import Engine, event, select, text

from bench.full_house import PASSWORD, house
from consult.contact.models import Enquiry
from consult.database import db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

LIMIT_MS, LIMIT_STATEMENTS = 150.0, 15
SMALL = 200


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL statements that are run inside."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def signed_in(app: Flask) -> FlaskClient:
    """A browser at the desk."""
    client = app.test_client()
    page = client.get("/inloggen").get_data(as_text=True)
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    client.post("/inloggen", data={"email": "bench@example.nl", "password": PASSWORD, "csrf_token": token})
    return client


def measure(app: Flask, rounds: int) -> dict[str, tuple[float, float, int]]:
    """Page → median in ms by the wall and of our own work, and how many statements it runs."""
    with app.app_context():
        query = select(Enquiry.reference).where(Enquiry.advisor_id == 1, Enquiry.state == "open").limit(1)
        reference = db.session.scalar(query)
        db.session.execute(text("ANALYZE"))
        db.session.commit()
    pages = {
        "Vandaag": "/werkplek/",
        "inbox": "/werkplek/vragen",
        "everything": "/werkplek/vragen?weergave=alles",
        "thread": f"/werkplek/vragen/{reference}",
        "search, rare": "/werkplek/vragen?weergave=alles&zoek=woord17+woord23",
        "search, in all": "/werkplek/vragen?weergave=alles&zoek=gemeente",
        "agenda, week": "/werkplek/agenda",
        "agenda, list": "/werkplek/agenda?weergave=lijst",
        "all talks": "/werkplek/afspraken",
    }
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    client, found = signed_in(app), {}
    for name, address in pages.items():
        walls, works = [], []
        for _ in range(rounds + 1):
            with counted() as statements:
                wall, work = time.perf_counter(), time.process_time()
                answer = client.get(address)
                walls.append((time.perf_counter() - wall) * 1000)
                works.append((time.process_time() - work) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")
        found[name] = (statistics.median(walls[1:]), statistics.median(works[1:]), len(statements))
    return found


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enquiries", type=int, default=50_000)
    parser.add_argument("--bookings", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--database-url", help="an empty PostgreSQL database; SQLite without it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = house(Path(folder), f"sqlite:///{folder}/small.sqlite3", random.Random(1), (SMALL, SMALL))
        few = measure(small, asked.rounds)
        url = asked.database_url or f"sqlite:///{folder}/full.sqlite3"
        began = time.perf_counter()
        full = house(Path(folder), url, random.Random(1), (asked.enquiries, asked.bookings))
        print(
            f"filled in {time.perf_counter() - began:.0f} s: {asked.enquiries} questions, {asked.bookings} talks"
        )
        many = measure(full, asked.rounds)
    print(f"{'page':16}{'wall ms':>9}{'work ms':>9}{'SQL':>5}{'work × small':>14}")
    for name, (wall, work, statements) in many.items():
        counts = wall if asked.database_url else work
        mark = "" if counts < LIMIT_MS and statements <= LIMIT_STATEMENTS else "  over the limit"
        print(f"{name:16}{wall:9.1f}{work:9.1f}{statements:5}{work / few[name][1]:14.1f}{mark}")


if __name__ == "__main__":
    main()
