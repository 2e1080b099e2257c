"""A firm of fifty advisors and one kind of talk, on the real application: what the benchmark of bookings works on."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from itertools import count
from time import perf_counter
from typing import TYPE_CHECKING

import flask_migrate
import structlog
from sqlalchemy import select, update

from consult.app import create_app
from consult.booking.models import MeetingType, Place
from consult.booking.offering import Wish, offer
from consult.booking.placing import NewBooking, SlotTaken
from consult.booking.services import book
from consult.database import db
from consult.people.models import Advisor, WorkingHours
from consult.settings import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

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

    def next_moment(self) -> tuple[int, datetime, int]:
        """A number, a moment and an advisor, never given before: ten a day, from Monday on, for six weeks."""
        number = next(self.numbers)
        turn, advisor = divmod(number, ADVISORS)
        day, place = divmod(turn, 10)
        at = NOW.replace(hour=8, minute=0) + timedelta(days=7 + day % 5 + 7 * (day // 5), minutes=45 * place)
        return number, at, advisor + 1

    def next_booking(self) -> None:
        """One more talk with the next advisor, at a moment of its own."""
        number, at, advisor = self.next_moment()
        if not self.take(number, at, (advisor,)):
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


def office(folder: Path) -> tuple[Flask, Settings]:
    """The application on the database in a folder, quiet: a line for each answer would be what is measured."""
    settings = load(
        {},
        instance=folder,
        secret_key="x" * 32,
        ratelimit_enabled=False,
        form_seconds=0,
        testing=True,
        clock=NOW,
        base_url="http://localhost",
    )
    app = create_app(settings)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    return app, settings
