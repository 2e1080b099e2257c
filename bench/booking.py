"""How fast talks are offered and booked: ratios against floors measured in the same run, and fifty who want one moment.

Run ``python bench/booking.py``; it ends by itself within a minute. The floors: a bare Flask answer through the same
test client, and five rows stored with the raw sqlite3 driver in one durable transaction. All on one SQLite file. What
one does at a time is told in processor time, because others may use the machine; what many do at once in time that
passes. The mail server of the last rows says hello and nothing more, while a worker tries to send.
"""

from __future__ import annotations

import logging
import shutil
import socket
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import flask_migrate
import structlog
from sqlalchemy import select, update

from bench.floors import bare_flask, bare_insert, cost
from bench.table import Goal, head, row
from consult.app import create_app
from consult.booking.models import MeetingType, Place
from consult.booking.offering import Wish, offer
from consult.booking.placing import NewBooking, SlotTaken
from consult.booking.services import book
from consult.database import db
from consult.outbox.connection import SmtpConnection
from consult.outbox.delivery import Delivery, mail_server
from consult.people.models import Advisor, WorkingHours
from consult.settings import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from consult.database import DbSession
    from consult.settings import Settings

NOW = datetime(2026, 11, 2, 9, 7, tzinfo=UTC)
ADVISORS, TAKERS = 50, 50


def furnish() -> None:
    """Fifty advisors who work from nine to five, one kind of talk without limits."""
    flask_migrate.upgrade()
    for number in range(1, ADVISORS + 1):
        name = f"Adviseur {number}"
        db.session.add(
            Advisor(
                slug=f"a{number}",
                name=name,
                first_name=name,
                email=f"a{number}@bureau.example",
                joined_at=NOW,
            )
        )
        for weekday in range(5):
            hours = WorkingHours(advisor_id=number, weekday=weekday, starts=time(9), ends=time(17))
            db.session.add(hours)
    db.session.add(MeetingType(slug="sparren", name="Sparren", name_en="Talk", places=[Place.VIDEO]))
    db.session.flush()
    # Not in the row itself: there None means the usual limit.
    limits = {"per_day": None, "per_week": None, "per_visitor": None, "notice_minutes": 0}
    db.session.execute(update(MeetingType).values(**limits))
    db.session.commit()


class Firm:
    """What is measured, on the real application."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.settings, self.numbers = app, settings, count(1)

    def take(self, number: int, starts_at: datetime, advisors: tuple[int, ...]) -> bool:
        """Book and commit; whether it was accepted."""
        with self.app.app_context():
            new = NewBooking(
                form_key=f"form-{number}",
                meeting_type=db.session.scalars(select(MeetingType)).one(),
                advisor_ids=advisors,
                starts_at=starts_at,
                place=Place.VIDEO,
                name="Joke Jansen",
                email=f"joke{number}@gemeente.example",
            )
            try:
                book(db.session, new, settings=self.settings, now=NOW)
            except SlotTaken:
                db.session.rollback()
                return False
            db.session.commit()
            return True

    def next_booking(self) -> None:
        """One more talk with the next advisor, at a moment of its own."""
        number = next(self.numbers)
        turn, advisor = divmod(number, ADVISORS)
        day, place = divmod(turn, 7)
        at = NOW.replace(hour=8, minute=0) + timedelta(days=1 + day + 2 * (day // 4), hours=place)
        if not self.take(number, at, (advisor + 1,)):
            raise RuntimeError("a free moment was refused")

    def moments(self, advisors: int) -> Callable[[], object]:
        """Sixty days of moments with any of so many advisors."""

        def ask() -> object:
            with self.app.app_context():
                kind = db.session.scalars(select(MeetingType)).one()
                wish = Wish(kind, tuple(range(1, advisors + 1)))
                return offer(db.session, wish, NOW.date(), (NOW + timedelta(days=59)).date(), now=NOW)

        return ask

    def eight(self, seconds: float = 4) -> tuple[float, float]:
        """Talks a second of eight at once, and the milliseconds within which 99 of 100 are booked."""
        end = perf_counter() + seconds

        def go() -> list[float]:
            taken = []
            while (begin := perf_counter()) < end:
                self.next_booking()
                taken.append(perf_counter() - begin)
            return taken

        with ThreadPoolExecutor(8) as pool:
            everybody = sorted(each for some in [pool.submit(go) for _ in range(8)] for each in some.result())
        return len(everybody) / seconds, everybody[int(len(everybody) * 0.99)] * 1000

    def race(self) -> tuple[int, float]:
        """Fifty want one moment at once: how many got it, and the seconds until the last had an answer."""
        gate, at = threading.Barrier(TAKERS + 1), NOW.replace(hour=9, minute=0) + timedelta(days=49)

        def go(number: int) -> bool:
            gate.wait()
            return self.take(1_000_000 + number, at, (1,))

        with ThreadPoolExecutor(TAKERS) as pool:
            answers = [pool.submit(go, number) for number in range(TAKERS)]
            gate.wait()
            begin = perf_counter()
            accepted = sum(answer.result() for answer in answers)
            return accepted, perf_counter() - begin


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


def main() -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp())
    try:
        settings = load(
            {},
            instance=folder,
            secret_key="x" * 32,
            ratelimit_enabled=False,
            testing=True,
            clock=NOW,
            base_url="http://localhost",
        )
        app = create_app(settings)
        # A line for each answer would be what is measured.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        with app.app_context():
            furnish()
        firm, client = Firm(app, settings), app.test_client()
        flask, insert = bare_flask(), bare_insert(folder)
        head("talks: processor time of one at a time")
        booking = cost(firm.next_booking, 4)
        row("a booking, mails queued, committed", booking, goal=Goal(3000))
        row("the same", booking, floor=insert, of="five bare durable rows")
        row("moments of 60 days, one advisor", cost(firm.moments(1)), goal=Goal(2000))
        row("moments of 60 days, any of 50", cost(firm.moments(ADVISORS)), goal=Goal(10_000))
        for name, address in (("one advisor", "/afspraak/a1"), ("any of 50", "/afspraak")):
            page = cost(partial(client.get, address))
            row(f"the page of moments, {name}", page, floor=flask, of="a bare Flask answer")
        with stuck_delivery(app, settings):
            hanging = cost(firm.next_booking, 2)
        beside = cost(firm.next_booking, 2)
        row("a booking while the mail server hangs", hanging, floor=beside, of="without it", goal=Goal(1.1))
        head("talks: many at once, in time that passes")
        rate, slowest = firm.eight()
        row("eight book at once", rate, "a sec.", goal=Goal(least=300))
        row("99 of 100 of these within", slowest, "ms", goal=Goal(50))
        accepted, seconds = firm.race()
        row(f"{TAKERS} takers of one moment: accepted", accepted, "", goal=Goal(1))
        row("the last of them has an answer after", seconds, "s", goal=Goal(0.5))
        with app.app_context():
            db.engine.dispose()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    main()
