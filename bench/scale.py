"""Throughput by number of processes on PostgreSQL and Redis, until the database or the machine is the limit.

Run ``python bench/scale.py [SECONDS]``; it ends by itself. Rows: web processes (a public page; a question with all that
it stores; the limits are off), then workers (mails to a server that takes ten milliseconds each). Web, workers,
database and load share the processors of this machine: with two of them, two processes are about all there is to gain.
"""

from __future__ import annotations

import http.client
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import logging

import structlog
from sqlalchemy import func, insert, select, update

from bench.floors import bare_flask
from bench.house import furnished, load_on_machine, requested, running, served
from bench.load import QUESTION
from bench.outbox import _row as mail_row
from bench.outbox import letter, server
from bench.table import head, row
from consult.database import db
from consult.outbox.models import MailState, OutgoingMail
from tests.operations.processes import environment
from tests.support.machine import find

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings

SECONDS, ASKERS, MAILS = 6.0, 12, 600
PROCESSES = (1, 2, 4)
WORK: dict[str, tuple[str, str, str | None]] = {
    "pages": ("GET", "/vraag", None),
    "questions": ("POST", "/api/v1/enquiries", json.dumps(QUESTION)),
}


def rate(ports: list[int], ask: tuple[str, str, str | None], seconds: float) -> float:
    """Answers a second of all processes together, asked as fast as they come."""
    end = perf_counter() + seconds

    def asker(number: int) -> int:
        connection, good = http.client.HTTPConnection("127.0.0.1", ports[number % len(ports)], timeout=30), 0
        while perf_counter() < end:
            status = requested(connection, *ask)
            if status not in {200, 201}:
                raise RuntimeError(f"{ask[0]} {ask[1]} answered {status}")
            good += 1
        connection.close()
        return good

    with ThreadPoolExecutor(ASKERS) as pool:
        return sum(pool.map(asker, range(ASKERS))) / seconds


def drained(app: Flask, settings: Settings, workers: int, mails: int) -> float:
    """Mails a second that so many workers send together, from their first to their last one."""
    raw, now = letter(), datetime.now(UTC)
    with app.app_context():
        last = db.session.scalar(select(func.max(OutgoingMail.id))) or 0
        given = [mail_row(last + number, raw, now) for number in range(mails)]
        db.session.execute(insert(OutgoingMail), given)
        db.session.commit()
    with server(10) as port:
        env = environment(settings) | {"CONSULT_MAIL_PORT": str(port), "CONSULT_MAIL_SECURITY": "none"}
        with ExitStack() as stack:
            for _ in range(workers):
                stack.enter_context(running("worker", env=env))
            begin, from_here = 0.0, mails
            while left := _waiting(app):
                if left < mails and not begin:
                    begin, from_here = perf_counter(), left
                sleep(0.05)
            return from_here / (perf_counter() - begin)


def _waiting(app: Flask) -> int:
    with app.app_context():
        pending = select(func.count()).where(OutgoingMail.state == MailState.PENDING)
        left = db.session.scalar(pending) or 0
        db.session.remove()
    return left


def main(seconds: float = SECONDS, *, processes: tuple[int, ...] = PROCESSES, mails: int = MAILS) -> None:
    """Measure and print."""
    if not (find("initdb") and (find("redis-server") or find("valkey-server"))):
        print("\nScale is measured with PostgreSQL and Redis, which this machine lacks.")
        return
    floor = 1e6 / bare_flask()
    first: dict[str, float] = {}
    with furnished("postgres") as (settings, app):
        head(f"scale on PostgreSQL and Redis; {load_on_machine()}")
        row("a bare Flask answer, one thread", floor, "a sec.")
        for number in processes:
            with served(settings, processes=number) as ports:
                for work, ask in WORK.items():
                    found = rate(ports, ask, seconds)
                    row(
                        f"{work}, web processes: {number}",
                        found,
                        "a sec.",
                        floor=first.setdefault(work, found),
                        of="one process",
                    )
        with app.app_context():
            db.session.execute(update(OutgoingMail).values(state=MailState.SENT))
            db.session.commit()
        for number in processes:
            found = drained(app, settings, number, mails)
            row(
                f"mails, workers: {number}",
                found,
                "a sec.",
                floor=first.setdefault("mails", found),
                of="one worker",
            )


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    main(*map(float, sys.argv[1:]))
