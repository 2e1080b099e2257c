"""Six contests that come back every round, each on a day of its own so that nothing needs to be emptied in between.

What is at stake: one moment; one last seat; the last place of a day; moments that overlap and are not equal; the one
talk that a visitor may have open; and one moment of two advisors, wanted together and apart. A taker is named by its
round, its contest and its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.booking.groups import seats
from consult.booking.groups.models import GroupSession, Seat
from consult.booking.groups.seats import NewSeat
from consult.booking.models import Booking, Invitation, MeetingType, Place
from consult.booking.placing import NewBooking, NotOffered, SlotTaken
from consult.booking.services import book
from consult.database import db
from consult.outbox.models import OutgoingMail
from tests.booking import fire
from tests.support import group_rows, rows

if TYPE_CHECKING:
    from collections import Counter

    from flask import Flask

    from consult.database import DbSession
    from consult.settings import Settings

# Monday 23 November, midnight in Amsterdam; twenty working days from here on know no clock change and no holiday.
MONDAY = datetime.fromisoformat("2026-11-22T23:00:00+00:00")
WEEK = 5
CONTESTS = ("moment", "seat", "day", "overlap", "visitor", "together")
RIK, MIRTE, SAM, ANNE, KIM = 1, 2, 3, 4, 5
HELD_BY = {
    "moment": (RIK,),
    "day": (MIRTE,),
    "overlap": (SAM,),
    "visitor": (MIRTE, SAM, KIM),
    "together": (RIK, ANNE),
}


@dataclass(frozen=True, slots=True)
class Taker:
    """One of the many: in which round, for what, and which number."""

    round: int
    contest: str
    number: int

    @property
    def email(self) -> str:
        """The address by which a mail to this one is known; of a contest for one visitor that of them all."""
        number = 0 if self.contest == "visitor" else self.number
        return f"{self.contest}{self.round}-{number}@gemeente.example"

    def at(self, clock: str) -> datetime:
        """A time on the day of this round."""
        hours, minutes = map(int, clock.split(":"))
        weeks, day = divmod(self.round, WEEK)
        return MONDAY + timedelta(weeks=weeks, days=day, hours=hours, minutes=minutes)


def prepare(session: DbSession, settings: Settings, rounds: int) -> None:
    """Five advisors, a kind of talk for each contest, and a session with one seat for each round."""
    for name in ("Rik de Wit", "Mirte Smit", "Sam Bos", "Anne Vos", "Kim Moes"):
        rows.create_advisor(session, name)
    host = rows.create_advisor(session, "Gast Heer", hours=(time(8), time(20)))
    rules = {"horizon_days": 60, "per_week": None, "buffer_after_minutes": 0}
    rows.create_meeting_type(session, "moment", per_day=None, **rules)
    rows.create_meeting_type(session, "day", per_day=1, **rules)
    rows.create_meeting_type(session, "overlap", per_day=None, minutes=60, **rules)
    rows.create_meeting_type(session, "visitor", per_day=None, per_visitor=1, **rules)
    rows.create_meeting_type(session, "together", per_day=None, host_ids=[*HELD_BY["together"]], **rules)
    for number in range(rounds):
        group_rows.plan(
            session,
            settings,
            (host,),
            slug=f"ronde-{number}",
            starts_at=Taker(number, "seat", 0).at("10:00"),
            capacity=1,
            waiting_capacity=0,
        )


def winners(contest: str, answers: Counter[str], takers: int) -> int:
    """Check that one won and that all others were told no, and nothing else; gives how many won.

    A moment that is wanted together and apart may have two winners who share nothing.
    """
    allowed = {1, 2} if contest == "together" else {1}
    assert answers["won"] in allowed, f"{contest}: {answers}"
    assert answers["won"] + answers["lost"] == takers, f"{contest}: {answers}"
    return answers["won"]


def nobody_else_heard(session: DbSession, won: int) -> int:
    """Check that nothing overlaps and that each winner, and no loser, was told once; gives how many mails there are."""
    fire.no_overlap(session)
    talks = session.scalars(select(Booking.email)).all()
    seats = session.scalars(select(Seat.email)).all()
    assert len(talks) + len(seats) == won
    hosts = OutgoingMail.event == "seat-host"
    told = session.scalars(select(OutgoingMail.recipient).where(~hosts)).all()
    assert len(told) == len(seats) + len(session.scalars(select(Invitation)).all()), "each is told once"
    visitors = sorted(address for address in told if address.endswith("@gemeente.example"))
    assert visitors == sorted([*talks, *seats])
    return len(told)


def take(app: Flask, taker: Taker) -> str:
    """Try, in a session of one's own; gives what came of it: won, lost, or the name of what should never be."""
    with app.app_context():
        try:
            won = _seat(app, taker) if taker.contest == "seat" else _talk(app, taker)
        except (SlotTaken, NotOffered):
            db.session.rollback()
            return "lost"
        except Exception as error:  # noqa: BLE001 (a taker that breaks is what the proof looks for)
            db.session.rollback()
            return f"{type(error).__name__}: {error}"
        db.session.commit()
        return "won" if won else "lost"


def _seat(app: Flask, taker: Taker) -> bool:
    settings: Settings = app.extensions["consult"]
    slug = f"ronde-{taker.round}"
    group = db.session.scalars(select(GroupSession.id).where(GroupSession.slug == slug)).one()
    new = NewSeat(form_key=taker.email, name=f"Nemer {taker.number}", email=taker.email)
    found = seats.sign_up(db.session, group, new, settings=settings, now=rows.NOW)
    return found.outcome == seats.Outcome.SEAT


def _talk(app: Flask, taker: Taker) -> bool:
    settings: Settings = app.extensions["consult"]
    contest, ids, clock = taker.contest, HELD_BY[taker.contest], "10:00"
    if contest == "day":
        clock = ("10:00", "11:00", "14:00", "15:00")[taker.number % 4]
    elif contest == "overlap":
        clock = ("13:00", "13:15", "13:45")[taker.number % 3]
    elif contest == "visitor":
        # With several advisors: it is not the queue for one of them that keeps the visitors apart.
        clock, ids = f"{9 + taker.number % 7}:00", ids[taker.number % 3 :][:1]
    elif contest == "together":
        clock = "15:00"
        if taker.number % 3:
            contest, ids = "moment", ids[taker.number % 3 - 1 :][:1]
    kind = db.session.scalars(select(MeetingType).where(MeetingType.slug == contest)).one()
    new = NewBooking(
        form_key=f"{taker.contest} {taker.round} {taker.number}",
        meeting_type=kind,
        advisor_ids=ids,
        starts_at=taker.at(clock),
        place=Place.VIDEO,
        name=f"Nemer {taker.number}",
        email=taker.email,
    )
    book(db.session, new, settings=settings, now=rows.NOW)
    return True
