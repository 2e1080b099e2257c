"""How fast talks are offered and booked: ratios against floors measured in the same run, and fifty who want one moment.

Run ``python bench/booking.py``; it ends by itself within a minute. The floors: a bare Flask answer through the same
test client, and five rows stored with the raw sqlite3 driver in one durable transaction. All on one SQLite file. What
one does at a time is told in processor time, because others may use the machine; what many do at once in time that
passes. The mail server of one row says hello and nothing more, while a worker tries to send. Over HTTP (``doors``) the
server is one process, as many as SQLite wants: those who ask take the other core of two.
"""

from __future__ import annotations

import logging
import shutil
import socket
import sys
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.doors import Doors, serve, server
from bench.firm import ADVISORS, NOW, TAKERS, Firm, furnish, office
from bench.floors import bare_flask, bare_insert, cost
from bench.table import Goal, head, row
from consult.database import db
from consult.outbox.connection import SmtpConnection
from consult.outbox.delivery import Delivery, mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from consult.database import DbSession
    from consult.settings import Settings

# More than can be booked one after the other while that is measured.
PREPARED = 1500


@contextmanager
def stuck_delivery(app: Flask, settings: Settings) -> Iterator[None]:
    """A worker that tries to send what was queued, to a server that says hello and then nothing."""

    @contextmanager
    def begin() -> Iterator[DbSession]:
        with app.app_context():
            yield db.session
            db.session.commit()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = replace(
            mail_server(settings),
            host="127.0.0.1",
            port=listening.getsockname()[1],
            security="none",
            timeout=4,
        )
        delivery = Delivery(begin, lambda: SmtpConnection(server), now=lambda: NOW)
        worker = threading.Thread(target=delivery.run, args=(threading.Event(),))
        worker.start()
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"220 hello\r\n")
            yield
        worker.join()


def one_at_a_time(firm: Firm, doors: Doors, folder: Path) -> None:
    """Processor time."""
    flask, insert = bare_flask(), bare_insert(folder)
    head("talks: processor time of one at a time")
    row("a booking, mails queued, committed", cost(firm.next_booking, 3), goal=Goal(3000))
    booking = cost(firm.next_booking, 2)
    row("the same", booking, floor=insert, of="five bare durable rows")
    for name, make in (("POST /afspraak", doors.page), ("POST /api/v1/bookings", doors.call)):
        waiting = [make() for _ in range(PREPARED)]
        asked = cost(partial(doors.knock_next, waiting), 2)
        row(name, asked, floor=flask + insert, of="a bare answer and rows")
    row("moments of 60 days, one advisor", cost(firm.moments(1), 1), goal=Goal(2000))
    row("moments of 60 days, any of 50", cost(firm.moments(ADVISORS)), goal=Goal(10_000))
    for name, address in (("one advisor", "/afspraak/a1"), ("any of 50", "/afspraak")):
        page = cost(partial(doors.client.get, address), 1)
        row(f"the page of moments, {name}", page, floor=flask, of="a bare Flask answer")
    with stuck_delivery(firm.app, firm.settings):
        hanging = cost(firm.next_booking, 2)
    beside = cost(firm.next_booking, 2)
    row("a booking while the mail server hangs", hanging, floor=beside, of="without it", goal=Goal(1.1))


def many_at_once(firm: Firm, doors: Doors, folder: Path) -> None:
    """Time that passes."""
    head("talks: many at once, in time that passes")
    rate, slowest = firm.eight(3)
    row("eight book at once", rate, "a sec.", goal=Goal(least=300))
    row("99 of 100 of these within", slowest, "ms", goal=Goal(50))
    with server(Path(__file__), folder) as port:
        for name, make in (("POST /afspraak", doors.page), ("POST /api/v1/bookings", doors.call)):
            doors.eight(port, make, 0.5)
            rate, slowest = doors.eight(port, make, 3)
            row(f"eight connections, {name}", rate, "a sec.", goal=Goal(least=300))
            row("99 of 100 of these within", slowest, "ms", goal=Goal(50))
    accepted, seconds = firm.race()
    row(f"{TAKERS} takers of one moment: accepted", accepted, "", goal=Goal(1))
    row("the last of them has an answer after", seconds, "s", goal=Goal(0.5))


def main() -> None:
    """Measure and print; with ``serve`` and a folder, be the server that is measured."""
    if sys.argv[1:2] == ["serve"]:
        return serve(*office(Path(sys.argv[2])))
    folder = Path(tempfile.mkdtemp())
    try:
        app, settings = office(folder)
        with app.app_context():
            furnish()
        firm = Firm(app, settings)
        doors = Doors(app, firm.next_moment)
        one_at_a_time(firm, doors, folder)
        many_at_once(firm, doors, folder)
        with app.app_context():
            db.engine.dispose()
    finally:
        shutil.rmtree(folder)
    return None


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    main()
