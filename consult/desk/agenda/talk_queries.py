"""An advisor's talks as rows of columns: coming, past, and earlier ones of the same person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from consult.booking.hosts import held_by
from consult.booking.models import (
    LONGEST_BUSY_MINUTES,
    Booking,
    BookingState,
    Invitation,
    InviteeRole,
    MeetingType,
)
from consult.booking.series.models import TalkSeries
from consult.people.models import Advisor, Organisation
from consult.scheduling.values import Participation

if TYPE_CHECKING:
    from consult.contact.models import Enquiry
    from consult.database import DbSession
    from consult.desk.guard import Colleague
    from consult.timespan import Span

PER_PAGE = 25


class BookingRow(NamedTuple):
    """A talk in a list; ``participation`` is what the visitor answered to the invite."""

    reference: str
    name: str
    organisation: str | None
    kind: str
    kind_en: str
    place: str
    state: str
    starts_at: datetime
    ends_at: datetime
    advisor: str
    participation: str | None
    in_series: bool = False


def on_day(session: DbSession, who: Colleague, day: Span) -> list[BookingRow]:
    """My talks of one day that stand, in order of time."""
    within = (Booking.starts_at >= day.start) & (Booking.starts_at < day.end)
    return _listed(
        session,
        _rows(who).where(within, Booking.state == BookingState.CONFIRMED).order_by(Booking.starts_at),
    )


def between(session: DbSession, advisor_id: int, span: Span) -> list[BookingRow]:
    """The talks that somebody holds in this time, leading or not, and that were not called off; in order of time."""
    longest = timedelta(minutes=LONGEST_BUSY_MINUTES)
    within = (
        Booking.starts_at > span.start - longest,
        Booking.starts_at < span.end,
        Booking.ends_at > span.start,
    )
    query = _rows(None).where(*within, Booking.state != BookingState.CANCELLED, held_by((advisor_id,)))
    return _listed(session, query.order_by(Booking.starts_at, Booking.id))


def coming(session: DbSession, who: Colleague, *, now: datetime, offset: int = 0) -> list[BookingRow]:
    """My talks that have not ended, the next one first; one row more than a page shows when there are more."""
    query = _rows(who).where(Booking.starts_at >= now).order_by(Booking.starts_at)
    return _listed(session, query.limit(PER_PAGE + 1).offset(offset))


def past(session: DbSession, who: Colleague, *, now: datetime, offset: int = 0) -> list[BookingRow]:
    """My talks that have begun, the last one first; one row more than a page shows when there are more."""
    query = _rows(who).where(Booking.starts_at < now).order_by(Booking.starts_at.desc())
    return _listed(session, query.limit(PER_PAGE + 1).offset(offset))


def of_same_person(session: DbSession, enquiry: Enquiry, *, most: int = 5) -> list[BookingRow]:
    """Talks with who asked this question, by contact or address, newest first."""
    same: list[ColumnElement[bool]] = [Booking.enquiry_id == enquiry.id]
    if enquiry.contact_id:
        same.append(Booking.contact_id == enquiry.contact_id)
    if enquiry.email:
        same.append(Booking.email == enquiry.email)
    return _listed(session, _rows(None).where(or_(*same)).order_by(Booking.starts_at.desc()).limit(most))


def by_reference(session: DbSession, reference: str) -> Booking | None:
    """A talk with all that its page shows, in two statements."""
    return session.scalar(
        select(Booking)
        .options(
            joinedload(Booking.meeting_type),
            joinedload(Booking.advisor),
            joinedload(Booking.topic),
            joinedload(Booking.organisation),
            selectinload(Booking.invitations),
        )
        .where(Booking.reference == reference)
    )


def _listed(session: DbSession, query: Select[*tuple[Any, ...]]) -> list[BookingRow]:
    return [BookingRow(*row) for row in session.execute(query)]


def _rows(who: Colleague | None) -> Select[*tuple[Any, ...]]:
    """The columns; of ``who``, or of everybody when that is None or a coordinator without talks of their own."""
    # An answer to an earlier version of the invite is no answer to this one; a series counts in its talks.
    version = Booking.sequence + func.coalesce(TalkSeries.sequence, 0)
    answer = case(
        (Invitation.answered_sequence < version, Participation.NEEDS_ACTION), else_=Invitation.participation
    )
    participation = (
        select(func.min(answer))
        .where(Invitation.booking_id == Booking.id, Invitation.role == InviteeRole.VISITOR)
        .scalar_subquery()
    )
    return (
        select(
            Booking.reference,
            Booking.name,
            Organisation.name,
            MeetingType.name,
            MeetingType.name_en,
            Booking.place,
            Booking.state,
            Booking.starts_at,
            Booking.ends_at,
            Advisor.name,
            participation,
            Booking.series_id.is_not(None),
        )
        .join(Booking.meeting_type)
        .join(Booking.advisor)
        .outerjoin(Booking.organisation)
        .outerjoin(Booking.series)
        .where(held_by((who.advisor.id,)) if who and who.advisor else true())
    )
