"""Takers that really run at once, as threads of this process; and what must be true of everything after it."""

from __future__ import annotations

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

    from consult.database import DbSession
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


def whole(app: Flask) -> int:
    """Check that every talk is all there and nothing else is: its time, mails and note; gives how many there are."""
    with app.app_context():
        session = db.session
        talks = session.scalars(select(Booking)).all()
        ids = sorted(talk.id for talk in talks)
        assert sorted(set(session.scalars(select(BusyPeriod.booking_id)))) == ids
        assert (
            sorted(session.scalars(select(Activity.subject_id).where(Activity.what == "booking.created")))
            == ids
        )
        told = Counter(session.scalars(select(OutgoingMail.recipient)))
        for talk in talks:
            assert told.pop(talk.email) == 1, "a visitor is told once"
        assert sum(told.values()) == len(talks), "nobody else but the advisor is told"
        no_overlap(session)
        session.rollback()
        return len(talks)


def no_overlap(session: DbSession) -> None:
    """Check that no two stretches of anybody's time overlap."""
    order = (BusyPeriod.advisor_id, BusyPeriod.start_minute)
    periods = session.execute(
        select(BusyPeriod.advisor_id, BusyPeriod.start_minute, BusyPeriod.end_minute).order_by(*order)
    ).all()
    for earlier, later in pairwise(periods):
        assert earlier[0] != later[0] or earlier[2] <= later[1], "two talks overlap"
