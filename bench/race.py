"""Fifty who want the same, twenty times for each contest, on SQLite and on PostgreSQL: who won, lost and was mailed.

Run ``python bench/race.py``; it ends by itself, within some minutes. Those who take part are the threads of two
processes. It stops with an error at the first contest that has not exactly one winner (or two, who share nothing,
where one moment is wanted of two advisors together and apart), or that gives anybody another answer than a clear no.
``tests/booking/contests.py`` says what is at stake; the suite plays a few rounds.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import flask_migrate
import structlog

from consult.app import create_app
from consult.database import db
from consult.settings import load
from tests.booking.arena import arena
from tests.booking.contests import CONTESTS, nobody_else_heard, prepare, winners
from tests.support.databases import postgres_url
from tests.support.servers import postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS, TAKERS = 20, 50


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """An empty database of each kind; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="consult-race-") as folder, postgres_server() as socket:
        yield {
            "SQLite": f"sqlite:///{folder}/race.sqlite3",
            "PostgreSQL": postgres_url(socket, "postgres"),
        }


def race(name: str, url: str) -> None:
    """All rounds on one database."""
    with tempfile.TemporaryDirectory(prefix="consult-race-") as folder:
        settings = load({}, database_url=url, instance=Path(folder), secret_key="fire" * 8, testing=True)
        app = create_app(settings)
        with app.app_context():
            flask_migrate.upgrade()
            prepare(db.session, settings, ROUNDS)
            db.session.commit()
            db.session.remove()
        begin, won = perf_counter(), 0
        given = {contest: Counter[str]() for contest in CONTESTS}
        with arena(app, settings, threads=TAKERS // 2) as everybody:
            for number in range(ROUNDS):
                for contest in CONTESTS:
                    answers = everybody.round(number, contest)
                    won += winners(contest, answers, TAKERS)
                    given[contest] += answers
        took = perf_counter() - begin
        with app.app_context():
            mails = nobody_else_heard(db.session, won)
            db.session.remove()
            db.engine.dispose()
    print(f"\n{name}: {ROUNDS} rounds of each contest, {TAKERS} takers, {took:.0f} s")
    for contest, answers in given.items():
        other = answers.total() - answers["won"] - answers["lost"]
        print(f"  {contest:<10}{answers['won']:>6} won {answers['lost']:>7} lost {other:>4} errors")
    print(f"  {mails} mails, none to who lost; nothing overlaps")


def main() -> None:
    """Both databases, one after the other."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with databases() as urls:
        for name, url in urls.items():
            race(name, url)


if __name__ == "__main__":
    main()
