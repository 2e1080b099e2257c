"""What waits at the desk about talks: to approve, to answer, to deal with, to look back on; a statement for each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, func, null, select, true

from consult.activity.models import Activity
from consult.booking import clashes
from consult.booking.hosts import held_by
from consult.booking.models import Booking, BookingState, Invitation, InviteeRole, Proposal, ProposalState
from consult.contact.models import Enquiry, EnquiryState
from consult.postbox.models import ArrivalState, IncomingMail
from consult.scheduling.values import Participation

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.desk.guard import Colleague

MOST = 25
LOOKED_BACK = timedelta(days=14)


class TalkRow(NamedTuple):
    """A talk that asks for something; ``name`` is who it is about, ``at`` the moment that matters."""

    reference: str
    name: str
    starts_at: datetime
    ends_at: datetime
    at: datetime | None


def to_approve(session: DbSession, who: Colleague, *, now: datetime) -> list[TalkRow]:
    """Talks that wait for my word, the first to lapse first; ``at`` is until when."""
    query = _rows(who, Booking.name, Booking.approve_by)
    waiting = query.where(Booking.state == BookingState.PENDING, Booking.starts_at > now)
    return _listed(session, waiting.order_by(Booking.approve_by))


def proposed(session: DbSession, who: Colleague, *, now: datetime) -> list[TalkRow]:
    """Other moments that visitors ask for, oldest first; ``at`` is the moment asked for."""
    query = _rows(who, Booking.name, Proposal.starts_at).join(Proposal, Proposal.booking_id == Booking.id)
    waiting = query.where(
        Proposal.state == ProposalState.OPEN,
        Booking.state != BookingState.CANCELLED,
        Booking.starts_at > now,
    )
    return _listed(session, waiting.order_by(Proposal.at))


def declined(session: DbSession, who: Colleague, *, now: datetime) -> list[TalkRow]:
    """Invited people who said no to a talk that still stands, the first talk first; ``at`` is when they said it."""
    seen = (
        select(Activity.id)
        .where(
            Activity.subject_kind == "booking",
            Activity.subject_id == Booking.id,
            Activity.what == "booking.answers_seen",
            Activity.at >= Invitation.answered_at,
        )
        .exists()
    )
    query = _rows(who, Invitation.name, Invitation.answered_at).join(
        Invitation, Invitation.booking_id == Booking.id
    )
    said_no = query.where(
        Invitation.participation == Participation.DECLINED,
        Invitation.role != InviteeRole.ADVISOR,
        Booking.state == BookingState.CONFIRMED,
        Booking.starts_at > now,
        ~seen,
    )
    return _listed(session, said_no.order_by(Booking.starts_at))


def clashing(session: DbSession, who: Colleague, *, now: datetime) -> list[TalkRow]:
    """Talks to come at a time at which a calendar of mine says that I am busy, the first talk first."""
    own = clashes.clashing(advisor_id=who.advisor_id, now=now)
    query = _rows(who, Booking.name, null()).where(Booking.id.in_(own))
    return _listed(session, query.order_by(Booking.starts_at))


def without_outcome(session: DbSession, who: Colleague, *, now: datetime) -> list[TalkRow]:
    """My talks of the last 14 days of which nobody said what came of them, the oldest first."""
    query = _rows(who, Booking.name, Booking.ends_at).where(
        Booking.state == BookingState.CONFIRMED,
        Booking.outcome.is_(None),
        Booking.ends_at <= now,
        Booking.starts_at > now - LOOKED_BACK,
    )
    return _listed(session, query.order_by(Booking.starts_at))


def urgent_for_all(session: DbSession, who: Colleague) -> list[tuple[str, str, datetime]]:
    """Questions that cannot wait, that I was told of and nobody took: number, name and promise, the first due first."""
    query = (
        select(Enquiry.reference, Enquiry.name, Enquiry.answer_by, Enquiry.decision)
        .where(Enquiry.urgent, Enquiry.taken_at.is_(None), Enquiry.state == EnquiryState.OPEN)
        .order_by(Enquiry.answer_by)
        .limit(MOST)
    )
    return [
        (reference, name, answer_by)
        for reference, name, answer_by, decision in session.execute(query)
        if who.advisor_id in decision.get("alert", ())
    ]


def mails_left(session: DbSession) -> int:
    """How many mails nobody could act on."""
    query = (
        select(func.count()).select_from(IncomingMail).where(IncomingMail.state == ArrivalState.UNREADABLE)
    )
    return session.scalar(query) or 0


def _listed(session: DbSession, query: Select[Any]) -> list[TalkRow]:
    return [TalkRow(*row) for row in session.execute(query.limit(MOST))]


def _rows(who: Colleague, name: Any, at: Any) -> Select[Any]:
    whose = held_by((who.advisor.id,)) if who.advisor else true()
    return select(Booking.reference, name, Booking.starts_at, Booking.ends_at, at).where(whose)
