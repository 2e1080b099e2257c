"""An absence with all that it hits: questions and talks of the advisor, moved to the stand-in in one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.activity.models import Activity
from consult.activity.services import record
from consult.booking import handing_over
from consult.booking.hosts import held_by, invitation_of
from consult.booking.leaving import talks_hit
from consult.booking.models import Booking
from consult.booking.services import Cancelled, TooLate
from consult.contact.leaving import give_to_stand_in, questions_hit
from consult.contact.models import Enquiry
from consult.people import absences
from consult.people.models import Absence
from consult.timespan import Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings

WORTH_A_LOOK = timedelta(days=14)
# What a talk can have against another advisor; it then stays, to be moved by hand.
STAYS = (handing_over.NotFree, handing_over.LeadsSeries, handing_over.SameAdvisor, Cancelled, TooLate)


@dataclass(frozen=True, slots=True)
class Hits:
    """What falls in an absence: questions by promised moment, talks by time."""

    questions: Sequence[Enquiry]
    talks: Sequence[Booking]


@dataclass(frozen=True, slots=True)
class Covered:
    """What a stand-in took over in an absence: questions, and talks that were in it."""

    questions: Sequence[Enquiry]
    talks: Sequence[Booking]


@dataclass(frozen=True, slots=True)
class Moved:
    """How much went to the stand-in, and the talks that could not."""

    questions: int
    talks: int
    left: tuple[Booking, ...]


def plan(
    session: DbSession, advisor: Advisor, span: Span, stand_in: Advisor | None, *, actor: str, now: datetime
) -> Absence:
    """Plan an absence and write that down.

    Raises:
        AlreadyOver, Overlapping, StandInAway: see ``consult.people.absences``.
    """
    absence = absences.plan_absence(session, advisor, span, stand_in, now=now)
    _note(session, absence, "advisor.absence_planned", actor=actor, now=now)
    return absence


def end(session: DbSession, absence: Absence, *, actor: str, now: datetime) -> None:
    """End an absence, or drop one that has yet to begin, and write that down."""
    _note(session, absence, "advisor.absence_ended", actor=actor, now=now)
    absences.end_absence(session, absence, now=now)


def hits(session: DbSession, absence: Absence, *, now: datetime) -> Hits:
    """The questions and the talks to come that this absence hits."""
    span = Span(absence.starts_at, absence.ends_at)
    talks = talks_hit(session, absence.advisor_id, span, now=now)
    return Hits(questions_hit(session, absence.advisor_id, span, now=now), talks)


def move_all(
    session: DbSession,
    absence: Absence,
    stand_in: Advisor,
    *,
    by: Advisor,
    why: str,
    settings: Settings,
    now: datetime,
) -> Moved:
    """Give everything that the absence hits to the stand-in, and tell everybody; what cannot go stays where it is."""
    found = hits(session, absence, now=now)
    questions = give_to_stand_in(
        session, found.questions, stand_in, by=by, why=why, settings=settings, now=now
    )
    left = []
    for talk in found.talks:
        try:
            place = invitation_of(talk, absence.advisor_id)
            if place is not None:
                handing_over.give_place(session, place, stand_in, by=by, why=why, settings=settings, now=now)
        except STAYS:
            left.append(talk)
    return Moved(questions, len(found.talks) - len(left), tuple(left))


def lately(session: DbSession, advisor_id: int, *, now: datetime) -> Absence | None:
    """The absence with a stand-in that this advisor came back from, for as long as that is worth a look."""
    return session.scalars(
        select(Absence)
        .options(joinedload(Absence.stand_in))
        .where(
            Absence.advisor_id == advisor_id,
            Absence.stand_in_id.is_not(None),
            Absence.ends_at <= now,
            Absence.ends_at > now - WORTH_A_LOOK,
        )
        .order_by(Absence.ends_at.desc())
        .limit(1)
    ).first()


def covered(session: DbSession, absence: Absence) -> Covered:
    """What the stand-in took over, and keeps until it is taken back or closed."""
    questions = session.scalars(
        select(Enquiry)
        .where(
            Enquiry.stand_in_for_id == absence.advisor_id,
            Enquiry.advisor_id == absence.stand_in_id,
            Enquiry.asked_at < absence.ends_at,
        )
        .order_by(Enquiry.answer_by)
    ).all()
    given = select(Activity.subject_id).where(
        Activity.subject_kind == "booking",
        Activity.what == "booking.handed_over",
        Activity.data["before"].as_integer() == absence.advisor_id,
        Activity.at < absence.ends_at,
    )
    talks = session.scalars(
        select(Booking)
        .where(
            held_by((absence.stand_in_id or 0,)),
            Booking.starts_at < absence.ends_at,
            Booking.ends_at > absence.starts_at,
            Booking.id.in_(given),
        )
        .order_by(Booking.starts_at)
    ).all()
    return Covered(questions, talks)


def _note(session: DbSession, absence: Absence, what: str, *, actor: str, now: datetime) -> None:
    told = {"from": absence.starts_at.isoformat(), "until": absence.ends_at.isoformat()}
    subject = ("advisor", absence.advisor_id)
    record(session, subject, what, actor=actor, now=now, stand_in=absence.stand_in_id, **told)
