"""What waits at the desk about talks: to approve, to answer, to deal with, to look back on; one statement for all."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sqlalchemy import Select, String, cast, func, literal, null, select, true, union_all

from consult.activity.models import Activity
from consult.booking import clashes
from consult.booking.groups.clashes import clashing_sessions
from consult.booking.groups.models import GroupSession
from consult.booking.hosts import held_by
from consult.booking.models import Booking, BookingState, Invitation, InviteeRole, Proposal, ProposalState
from consult.contact.models import Enquiry, EnquiryState
from consult.database import UtcDateTime
from consult.postbox.models import ArrivalState, IncomingMail
from consult.scheduling.values import Participation

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.desk.guard import Colleague

MOST = 25
LOOKED_BACK = timedelta(days=14)


class TalkRow(NamedTuple):
    """A talk that asks for something; ``name`` is who it is about, ``at`` the moment that matters.

    Of a group session they are its name in addresses and its title.
    """

    reference: str
    name: str
    starts_at: datetime
    ends_at: datetime
    at: datetime | None


class Waits(StrEnum):
    """Why a talk asks for something."""

    CLASH = "clash"
    SESSION_CLASH = "session clash"
    APPROVAL = "approval"
    PROPOSAL = "proposal"
    DECLINED = "declined"
    NO_OUTCOME = "no outcome"
    FOLLOW_UP = "follow up"


def waiting(session: DbSession, who: Colleague, *, today: date, now: datetime) -> dict[Waits, list[TalkRow]]:
    """The talks that ask for something, by why, each in the order in which it is pressing; one statement for all.

    ``at`` of a talk to approve is until when, of a proposal the moment asked for, of a no when it was said, and of a
    talk without outcome when it ended. ``today`` is the day by the firm's clock.
    """
    parts = (
        _part(Waits.CLASH, *_clashing(who, now)),
        _part(Waits.SESSION_CLASH, *_clashing_sessions(who, now)),
        _part(Waits.APPROVAL, *_to_approve(who, now)),
        _part(Waits.PROPOSAL, *_proposed(who, now)),
        _part(Waits.DECLINED, *_declined(who, now)),
        _part(Waits.NO_OUTCOME, *_without_outcome(who, now)),
        _part(Waits.FOLLOW_UP, *_to_follow_up(who, today)),
    )
    found: dict[Waits, list[TalkRow]] = {why: [] for why in Waits}
    for why, _order, *row in sorted(session.execute(union_all(*parts)), key=itemgetter(1)):
        found[Waits(why)].append(TalkRow(*row))
    return found


Part: TypeAlias = tuple[Select[Any], Any]


def _to_approve(who: Colleague, now: datetime) -> Part:
    """Talks that wait for my word, the first to lapse first."""
    query = _rows(who, Booking.name, Booking.approve_by)
    return query.where(Booking.state == BookingState.PENDING, Booking.starts_at > now), Booking.approve_by


def _proposed(who: Colleague, now: datetime) -> Part:
    """Other moments that visitors ask for, oldest first."""
    query = _rows(who, Booking.name, Proposal.starts_at).join(Proposal, Proposal.booking_id == Booking.id)
    still = (Booking.state != BookingState.CANCELLED, Booking.starts_at > now)
    return query.where(Proposal.state == ProposalState.OPEN, *still), Proposal.at


def _declined(who: Colleague, now: datetime) -> Part:
    """Invited people who said no to a talk that still stands, the first talk first."""
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
    return said_no, Booking.starts_at


def _clashing(who: Colleague, now: datetime) -> Part:
    """Talks to come at a time at which a calendar of mine says that I am busy, the first talk first."""
    own = clashes.clashing(advisor_id=who.advisor_id, now=now)
    query = _rows(who, Booking.name, cast(null(), UtcDateTime))
    return query.where(Booking.id.in_(own)), Booking.starts_at


def _clashing_sessions(who: Colleague, now: datetime) -> Part:
    """Group sessions to come at a time at which a calendar of mine says that I am busy, the first one first."""
    own = clashing_sessions(advisor_id=who.advisor_id, now=now)
    moments: tuple[Any, ...] = (GroupSession.starts_at, GroupSession.ends_at, cast(null(), UtcDateTime))
    query = select(GroupSession.slug, GroupSession.title, *moments).where(GroupSession.id.in_(own))
    return query, GroupSession.starts_at


def _without_outcome(who: Colleague, now: datetime) -> Part:
    """My talks of the last 14 days of which nobody said what came of them, the oldest first."""
    query = _rows(who, Booking.name, Booking.ends_at).where(
        Booking.state == BookingState.CONFIRMED,
        Booking.outcome.is_(None),
        Booking.ends_at <= now,
        Booking.starts_at > now - LOOKED_BACK,
    )
    return query, Booking.starts_at


def _to_follow_up(who: Colleague, today: date) -> Part:
    """My talks whose day to look back on has come, the oldest first; until that day is taken away."""
    query = _rows(who, Booking.name, cast(null(), UtcDateTime)).where(
        Booking.state == BookingState.CONFIRMED, Booking.follow_up_on <= today
    )
    return query, Booking.starts_at


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


def _part(why: Waits, query: Select[Any], order: Any) -> Select[Any]:
    """The first rows of one part, with why and in what order; to be put together with the others."""
    first = query.add_columns(order).order_by(order).limit(MOST).subquery()
    *row, last = first.c
    return select(literal(why, String), last, *row)


def _rows(who: Colleague, name: Any, at: Any) -> Select[Any]:
    whose = held_by((who.advisor.id,)) if who.advisor else true()
    return select(Booking.reference, name, Booking.starts_at, Booking.ends_at, at).where(whose)
