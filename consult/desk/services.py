"""Find what is acted on at the desk, take a question that nobody has, and note that answers were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.activity.services import record
from consult.contact import services as contact
from consult.contact import teams as contact_teams
from consult.contact.handing_over import is_somebodys
from consult.contact.models import Enquiry
from consult.people.models import Advisor, Topic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.booking.models import Booking
    from consult.database import DbSession
    from consult.settings import Settings


class AlreadyTaken(Exception):
    """A colleague was first; ``owner`` has the question now."""

    def __init__(self, owner: Advisor | None) -> None:
        super().__init__("already taken")
        self.owner = owner


def enquiry_shown(session: DbSession, reference: str) -> Enquiry | None:
    """A question with all that its page shows, in one statement."""
    return session.scalar(
        select(Enquiry)
        .options(
            joinedload(Enquiry.contact),
            joinedload(Enquiry.organisation),
            joinedload(Enquiry.topic),
            joinedload(Enquiry.page),
            joinedload(Enquiry.advisor),
        )
        .where(Enquiry.reference == reference)
    )


def enquiry_held(session: DbSession, reference: str) -> Enquiry | None:
    """A question to act on: nobody else changes it until the transaction ends."""
    return session.scalar(
        select(Enquiry)
        .where(Enquiry.reference == reference)
        .with_for_update(of=Enquiry)
        .execution_options(populate_existing=True)
    )


def colleagues(session: DbSession) -> list[tuple[int, str, bool]]:
    """Id, name and whether still at work, of everybody who ever was an advisor here; by name."""
    rows = session.execute(select(Advisor.id, Advisor.name, Advisor.active).order_by(Advisor.name))
    return [(number, name, active) for number, name, active in rows]


def teams(session: DbSession) -> Sequence[tuple[int, str]]:
    """Id and name of every team to hand over to."""
    return contact_teams.teams(session)


def topics(session: DbSession) -> list[tuple[int, str]]:
    """Id and name of every topic that is in use, in order."""
    query = select(Topic.id, Topic.name).where(Topic.active).order_by(Topic.position, Topic.name)
    return [(number, name) for number, name in session.execute(query)]


def take(
    session: DbSession, enquiry: Enquiry, advisor: Advisor, *, why: str, settings: Settings, now: datetime
) -> None:
    """Give a question of nobody, or of who works here no more, to this advisor. Taking it twice is once.

    Raises:
        AlreadyTaken: somebody else has it.
    """
    if is_somebodys(enquiry) and enquiry.advisor_id != advisor.id:
        raise AlreadyTaken(enquiry.advisor)
    if not is_somebodys(enquiry):
        contact.hand_over(session, enquiry, advisor, by=advisor, why=why, settings=settings, now=now)


def see_answers(session: DbSession, booking: Booking, *, actor: str, now: datetime) -> None:
    """Note that somebody has dealt with what invited people answered so far."""
    record(session, ("booking", booking.id), "booking.answers_seen", actor=actor, now=now)
    session.flush()
