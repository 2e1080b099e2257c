"""Takers that really run at once: threads of this process, or processes of their own on the same database."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from consult.activity.models import Activity
from consult.booking.models import Booking, BusyPeriod, MeetingType
from consult.booking.placing import NewBooking, NotOffered, SlotTaken
from consult.booking.services import book
from consult.database import db
from consult.outbox.models import OutgoingMail
from tests.support import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from consult.settings import Settings

ROOT = Path(__file__).parents[2]
MOMENT = datetime.fromisoformat("2026-11-19T09:00:00+00:00")


def taking(
    app: Flask, number: int, minutes: int, *, email: str | None = None, advisors: Sequence[int] = (1,)
) -> str:
    """Try to book so many minutes after MOMENT, in an own session; gives what came of it."""
    settings: Settings = app.extensions["consult"]
    with app.app_context():
        new = NewBooking(
            form_key=f"taker-{number}",
            meeting_type=db.session.scalars(select(MeetingType).where(MeetingType.slug == "sparren")).one(),
            advisor_ids=tuple(advisors),
            starts_at=MOMENT + timedelta(minutes=minutes),
            place="video",  # type: ignore[arg-type]  # (a place by its value)
            name=f"Nemer {number}",
            email=email or f"nemer{number}@gemeente.example",
        )
        try:
            book(db.session, new, settings=settings, now=rows.NOW)
        except (SlotTaken, NotOffered) as refused:
            db.session.rollback()
            return type(refused).__name__
        db.session.commit()
        return "booked"


def threads(app: Flask, offsets: Sequence[int], *, at_once: int = 10, **how: Any) -> Counter[str]:
    """Let this many threads go at the same instant; counts the answers."""
    gate = threading.Barrier(min(at_once, len(offsets)))
    first = threading.local()

    def go(number: int) -> str:
        if not getattr(first, "gone", False):
            first.gone = True
            gate.wait(20)
        return taking(app, number, offsets[number], **how)

    with ThreadPoolExecutor(gate.parties) as pool:
        return Counter(pool.map(go, range(len(offsets))))


def processes(settings: Settings, offsets: Sequence[Sequence[int]]) -> Counter[str]:
    """One process for each list; all go when all are ready. Each takes its list in order. Counts the answers."""
    running = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.booking.fire",
                settings.database,
                str(number),
                json.dumps(list(one)),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number, one in enumerate(offsets)
    ]
    try:
        for each in running:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in running:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        answers: Counter[str] = Counter()
        for each in running:
            answers.update(json.loads(each.communicate(timeout=50)[0]))
            assert each.returncode == 0
        return answers
    finally:
        for each in running:
            each.kill()
            each.wait()


def whole(app: Flask) -> int:
    """Check that every talk is all there and nothing else is: its time, mails and note; gives how many there are."""
    with app.app_context():
        session = db.session
        talks = session.scalars(select(Booking)).all()
        ids = sorted(talk.id for talk in talks)
        assert sorted(session.scalars(select(BusyPeriod.booking_id))) == ids
        assert (
            sorted(session.scalars(select(Activity.subject_id).where(Activity.what == "booking.created")))
            == ids
        )
        told = Counter(session.scalars(select(OutgoingMail.recipient)))
        for talk in talks:
            assert told.pop(talk.email) == 1, "a visitor is told once"
        assert sum(told.values()) == len(talks), "nobody else but the advisor is told"
        periods = session.execute(
            select(BusyPeriod.advisor_id, BusyPeriod.start_minute, BusyPeriod.end_minute).order_by(
                BusyPeriod.advisor_id, BusyPeriod.start_minute
            )
        ).all()
        for earlier, later in pairwise(periods):
            assert earlier[0] != later[0] or earlier[2] <= later[1], "two talks overlap"
        session.rollback()
        return len(talks)


def main(url: str, number: str, offsets: str) -> None:
    """One process of takers."""
    from consult.app import create_app
    from consult.settings import load

    app = create_app(
        load({}, database_url=url, instance=ROOT / "instance", secret_key="fire" * 8, testing=True)
    )
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    answers = [
        taking(app, int(number) * 1000 + place, minutes) for place, minutes in enumerate(json.loads(offsets))
    ]
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
