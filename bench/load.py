"""The load that the service must carry: submissions at a steady pace, many takers of one moment, tries that overlap.

Run ``python bench/load.py [SECONDS]``; it ends by itself. On SQLite (synchronous=FULL) and on PostgreSQL, where this
machine has it; web processes, database and load share its processors. A submission is POST /api/v1/enquiries, with all
that it stores: question, choice of the advisor, mails. Answers are timed from when they were due: a queue counts.
"""

from __future__ import annotations

import http.client
import json
import logging
import random
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from time import perf_counter, sleep
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import structlog
from sqlalchemy import func, select

from bench.floors import bare_flask
from bench.house import furnished, load_on_machine, requested, served, tried
from bench.table import Goal, head, row
from consult.app import create_app
from consult.booking.models import Booking, BusyPeriod
from consult.database import db
from consult.settings import load
from tests.booking import fire
from tests.support.machine import find

if TYPE_CHECKING:
    from flask import Flask

PACE, SECONDS, ASKERS = 50, 60, 16
TAKERS, ROUNDS = 24, 5
PROCESSES, TRIES = 8, 250
# After Thursday 19 November: that day itself, and working days in the two weeks after it.
DAYS = (0, 1, 4, 5, 6, 7, 8, 11, 12, 13)
QUESTION = {
    "question": "Hoe begin ik een wijkgesprek?",
    "name": "Joke Jansen",
    "email": "joke@gemeente.example",
}


def submissions(ports: list[int], *, pace: int, seconds: float) -> tuple[list[float], Counter[int]]:
    """Ask so often a second; gives the milliseconds of each answer, and how many of each status."""
    begin, total = perf_counter() + 0.2, int(pace * seconds)
    body = json.dumps(QUESTION)

    def asker(first: int) -> tuple[list[float], Counter[int]]:
        took: list[float] = []
        answers: Counter[int] = Counter()
        connection = http.client.HTTPConnection("127.0.0.1", ports[first % len(ports)], timeout=30)
        for number in range(first, total, ASKERS):
            due = begin + number / pace
            sleep(max(0.0, due - perf_counter()))
            answers[requested(connection, "POST", "/api/v1/enquiries", body)] += 1
            took.append((perf_counter() - due) * 1000)
        connection.close()
        return took, answers

    with ThreadPoolExecutor(ASKERS) as pool:
        parts = list(pool.map(asker, range(ASKERS)))
    return sorted(each for took, _ in parts for each in took), sum((a for _, a in parts), Counter())


def races(app: Flask, rounds: int, takers: int) -> tuple[int, int]:
    """So many takers of one moment, some times over; gives how many won and how many had a clear no."""
    given: Counter[str] = Counter()
    with ThreadPoolExecutor(takers) as pool:
        for day in DAYS[:rounds]:
            gate = threading.Barrier(takers)

            def take(number: int, day: int = day, gate: threading.Barrier = gate) -> str:
                gate.wait(20)
                return fire.taking(app, 100 * (day + 1) + number, 24 * 60 * day)

            given += Counter(pool.map(take, range(takers)))
    return given["booked"], given["SlotTaken"] + given["NotOffered"]


def try_often(url: str, first: str, tries: str) -> None:
    """One of the processes that try: book at random among the moments of two weeks."""
    app = create_app(
        load({}, database_url=url, instance=fire.ROOT / "instance", secret_key="fire" * 8, testing=True)
    )
    chance = random.Random(int(first))
    for number in range(int(tries)):
        at = chance.choice(DAYS) * 24 * 60 + chance.randrange(0, 240, 15)
        fire.taking(app, 1000 * (int(first) + 1) + number, at)


def overlaps(app: Flask) -> tuple[int, int]:
    """How many talks there are, and how many stretches of anybody's time overlap."""
    order = (BusyPeriod.advisor_id, BusyPeriod.start_minute)
    with app.app_context():
        found = db.session.execute(select(*order, BusyPeriod.end_minute).order_by(*order)).all()
        talks = db.session.scalar(select(func.count()).select_from(Booking)) or 0
        db.session.remove()
    return talks, sum(one[0] == other[0] and one[2] > other[1] for one, other in pairwise(found))


def measure(name: str, *, floor: float, seconds: float, pace: int, rounds: int, tries: int) -> None:
    """All of it on one kind of database."""
    with furnished(name) as (settings, app):
        head(f"load on {name}; {load_on_machine()}")
        with served(settings, processes=1 if name == "sqlite" else 2) as ports:
            took, answers = submissions(ports, pace=pace, seconds=seconds)
        of = "a bare Flask answer"
        row(
            f"{pace} submissions a second, {seconds:g} s: 50 of 100 in",
            _part(took, 0.5),
            "ms",
            floor=floor,
            of=of,
        )
        row("95 of 100 in", _part(took, 0.95), "ms", goal=Goal(300))
        row("errors", answers.total() - answers[201], "", of=_others(answers), goal=Goal(0))
        won, lost = races(app, rounds, TAKERS)
        row(f"{TAKERS} takers of one moment, {rounds} times: booked", won, "", goal=Goal(rounds, rounds))
        row("the others: a clear no", lost, "", goal=Goal(least=rounds * (TAKERS - 1)))
        begin = perf_counter()
        tried(settings.database, PROCESSES, tries)
        seconds_taken = perf_counter() - begin
        talks, both = overlaps(app)
        row(f"{PROCESSES} processes, {tries} tries each: talks", talks, "")
        row("overlaps", both, "", goal=Goal(0))
        row("tries a second, with the start of the processes", PROCESSES * tries / seconds_taken, "a sec.")


def main(seconds: float = SECONDS, *, pace: int = PACE, rounds: int = ROUNDS, tries: int = TRIES) -> None:
    """Measure on both databases, and print."""
    floor = bare_flask() / 1000
    for name in ("sqlite", "postgres") if find("initdb") else ("sqlite",):
        measure(name, floor=floor, seconds=seconds, pace=pace, rounds=rounds, tries=tries)


def _others(answers: Counter[int]) -> str:
    return ", ".join(f"{count} × {status}" for status, count in answers.items() if status != 201)


def _part(took: list[float], part: float) -> float:
    return took[min(len(took) - 1, int(len(took) * part))]


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if sys.argv[1:2] == ["tries"]:
        try_often(*sys.argv[2:])
    else:
        main(*map(float, sys.argv[1:]))
