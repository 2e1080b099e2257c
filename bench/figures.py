"""What the pages with figures cost at the server with a full house, against the same pages with a small one.

First each area by itself over a year beside the year before, then every whole page, signed in and through the whole
application, of everything and of one province, over a quarter and over a year. A cost is this process's own work and,
with PostgreSQL, the time inside its statements: of a row of calls the least, for what a busy machine adds is not the
page's. Each page must stay under 300 ms and fifteen statements.

Run: python -m bench.figures [--enquiries 50000] [--bookings 20000] [--rounds 4] [--database-url postgresql://…]
"""

from __future__ import annotations

import argparse
import gc
import logging
import random
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import structlog
from sqlalchemy import Engine, event, select

from bench.counted_house import enrich
from bench.desk import signed_in
from bench.full_house import house
from consult import clock
from consult.database import db
from consult.office.statistics.showing import SLUGS
from consult.people.accounts import Account, Role, RoleName
from consult.settings import load
from consult.statistics.areas import compared
from consult.statistics.figures import EVERYTHING, Area, Cut, CutKind, Period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

LIMIT_MS, LIMIT_STATEMENTS = 300.0, 15
SMALL = 500
YEAR = 52
LENGTHS, PROVINCE = (13, YEAR), "Gelderland"


class Cost(NamedTuple):
    """Milliseconds of work, and how many statements."""

    took: float
    statements: int


class Statements:
    """How many statements were run, and how long they took in seconds on the wall."""

    def __init__(self) -> None:
        self.number, self.took, self._began = 0, 0.0, 0.0

    def begin(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        """One begins."""
        self.number += not statement.startswith(("PRAGMA", "BEGIN"))
        self._began = time.perf_counter()

    def end(self, *_rest: object) -> None:
        """It ended."""
        self.took += time.perf_counter() - self._began


@contextmanager
def _timed() -> Iterator[Statements]:
    """The statements that are run inside."""
    found = Statements()
    event.listen(Engine, "before_cursor_execute", found.begin)
    event.listen(Engine, "after_cursor_execute", found.end)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", found.begin)
        event.remove(Engine, "after_cursor_execute", found.end)


def cost(work: Callable[[], object], rounds: int, *, elsewhere: bool) -> Cost:
    """The least of ``rounds`` calls after a first; ``elsewhere``: the database works in a process of its own."""
    found = []
    for _ in range(rounds + 1):
        with _timed() as statements:
            began = time.process_time()
            work()
            own = time.process_time() - began
        found.append(Cost((own + statements.took * elsewhere) * 1000, statements.number))
    return min(found[1:])


def areas(app: Flask, folder: Path, rounds: int, *, elsewhere: bool) -> dict[str, Cost]:
    """What each area costs over a year beside the year before."""
    settings = load({}, instance=folder, secret_key="x" * 40, testing=True)
    found = {}
    with app.app_context():
        now = clock.now()
        period = Period.of_weeks(YEAR, today=now.date())
        for cut in (EVERYTHING, Cut(CutKind.PROVINCE, PROVINCE)):
            for area in Area:

                def count(area: Area = area, cut: Cut = cut) -> None:
                    db.session.rollback()
                    compared(
                        db.session, (area,), (period, period.previous()), cut, settings=settings, now=now
                    )

                name = f"area {area}, {cut.key or 'all'}, {YEAR} weeks"
                found[name] = cost(count, rounds, elsewhere=elsewhere)
    return found


def pages(app: Flask, rounds: int, *, elsewhere: bool) -> dict[str, Cost]:
    """What each whole page costs."""
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == "bench@example.nl")).one()
        account.roles.append(Role(name=RoleName.COORDINATOR))
        db.session.commit()
    client, found = signed_in(app), {}
    for weeks in LENGTHS:
        for cut in ("", f"provincie-{PROVINCE}"):
            for slug in ("", *SLUGS.values()):
                address = f"/beheer/cijfers{slug and f'/{slug}'}?weken={weeks}&van={cut}"

                def call(address: str = address) -> None:
                    answer = client.get(address)
                    if answer.status_code != 200:
                        raise SystemExit(f"{address} answered {answer.status_code}")

                name = f"{slug or 'overview'}, {PROVINCE if cut else 'all'}, {weeks} weeks"
                found[name] = cost(call, rounds, elsewhere=elsewhere)
    return found


def measure(folder: Path, url: str, counts: tuple[int, int], rounds: int) -> dict[str, Cost]:
    """Fill an empty database and give the cost of each area and page."""
    elsewhere = not url.startswith("sqlite")
    app = house(folder, url, random.Random(1), counts, messages=0)
    with app.app_context():
        enrich(random.Random(2))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    # As `consult serve` does before it answers.
    gc.collect()
    gc.freeze()
    by_area = areas(app, folder, rounds, elsewhere=elsewhere)
    return by_area | pages(app, rounds, elsewhere=elsewhere)


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enquiries", type=int, default=50_000)
    parser.add_argument("--bookings", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--database-url", help="an empty PostgreSQL database; SQLite without it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few = measure(folder, f"sqlite:///{folder}/small.sqlite3", (SMALL, SMALL), 1)
        url = asked.database_url or f"sqlite:///{folder}/full.sqlite3"
        many = measure(folder, url, (asked.enquiries, asked.bookings), asked.rounds)
    print(f"\n{asked.enquiries} questions, {asked.bookings} talks on {url.partition(':')[0]}")
    print(f"{'area or page, cut, weeks':40}{'ms':>8}{'SQL':>5}{'× small':>9}")
    for work, (took, statements) in many.items():
        good = took < LIMIT_MS and statements <= LIMIT_STATEMENTS
        ratio = took / few[work].took
        print(f"{work:40}{took:8.1f}{statements:5}{ratio:9.1f}{'' if good else '  over the limit'}")


if __name__ == "__main__":
    main()
