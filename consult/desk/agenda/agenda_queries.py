"""What takes an advisor's time between two moments, besides talks; one bounded statement for each kind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from consult.availability import instant_at, minute_of
from consult.booking.groups.models import GroupSession, GroupState, Seat, SeatState, SessionHost
from consult.booking.hosts import held_by
from consult.booking.models import (
    LONGEST_BUSY_MINUTES,
    Booking,
    BookingState,
    BusyPeriod,
    Proposal,
    ProposalState,
)
from consult.people.calendars import foreign_busy
from consult.people.models import Absence, Advisor
from consult.timespan import Span

if TYPE_CHECKING:
    from consult.database import DbSession

LONGEST = timedelta(minutes=LONGEST_BUSY_MINUTES)


class Person(NamedTuple):
    """Somebody whose agenda can be looked at."""

    id: int
    slug: str
    name: str


class HostedGroup(NamedTuple):
    """A group session and how many seats of it are taken."""

    slug: str
    title: str
    title_en: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int


class Asked(NamedTuple):
    """Another moment that somebody asks for, for a talk that stands elsewhere."""

    reference: str
    name: str
    starts_at: datetime
    ends_at: datetime


class Away(NamedTuple):
    """An absence, and who stands in."""

    id: int
    starts_at: datetime
    ends_at: datetime
    stand_in: str | None


def people(session: DbSession) -> list[Person]:
    """Everybody who works here, by name."""
    query = select(Advisor.id, Advisor.slug, Advisor.name).where(Advisor.active).order_by(Advisor.name)
    return [Person(*row) for row in session.execute(query)]


def groups(session: DbSession, advisor_id: int, span: Span) -> list[HostedGroup]:
    """The group sessions that this advisor hosts in this time."""
    taken = (
        select(func.count())
        .where(
            Seat.group_session_id == GroupSession.id,
            Seat.state.in_((SeatState.CONFIRMED, SeatState.OFFERED)),
        )
        .scalar_subquery()
    )
    query = (
        select(
            GroupSession.slug,
            GroupSession.title,
            GroupSession.title_en,
            GroupSession.starts_at,
            GroupSession.ends_at,
            GroupSession.capacity,
            taken,
        )
        .join(SessionHost, SessionHost.group_session_id == GroupSession.id)
        .where(
            SessionHost.advisor_id == advisor_id,
            GroupSession.state == GroupState.PLANNED,
            GroupSession.starts_at > span.start - LONGEST,
            GroupSession.starts_at < span.end,
            GroupSession.ends_at > span.start,
        )
    )
    return [HostedGroup(*row) for row in session.execute(query)]


def holds(session: DbSession, advisor_id: int, span: Span, *, now: datetime) -> list[Span]:
    """The time that visitors hold while they fill in a form, buffers left out."""
    query = select(BusyPeriod.counted_minute, BusyPeriod.start_minute, BusyPeriod.talk_end_minute).where(
        BusyPeriod.advisor_id == advisor_id,
        BusyPeriod.start_minute > minute_of(span.start) - LONGEST_BUSY_MINUTES,
        BusyPeriod.start_minute < minute_of(span.end),
        BusyPeriod.talk_end_minute > minute_of(span.start),
        BusyPeriod.expires_at > now,
    )
    return [
        Span(instant_at(start if counted is None else counted), instant_at(end))
        for counted, start, end in session.execute(query)
    ]


def proposals(session: DbSession, advisor_id: int, span: Span) -> list[Asked]:
    """The moments that visitors ask for and that wait for an answer."""
    query = (
        select(Booking.reference, Booking.name, Proposal.starts_at, Proposal.ends_at)
        .join(Booking, Booking.id == Proposal.booking_id)
        .where(
            Proposal.state == ProposalState.OPEN,
            Proposal.starts_at < span.end,
            Proposal.ends_at > span.start,
            Booking.state != BookingState.CANCELLED,
            held_by((advisor_id,)),
        )
    )
    return [Asked(*row) for row in session.execute(query)]


def absences(session: DbSession, advisor_id: int, span: Span) -> list[Away]:
    """When this advisor is away in this time."""
    query = (
        select(Absence.id, Absence.starts_at, Absence.ends_at, Advisor.first_name)
        .outerjoin(Advisor, Advisor.id == Absence.stand_in_id)
        .where(Absence.advisor_id == advisor_id, Absence.starts_at < span.end, Absence.ends_at > span.start)
        .order_by(Absence.starts_at)
    )
    return [Away(*row) for row in session.execute(query)]


def elsewhere(session: DbSession, advisor_id: int, span: Span, *, now: datetime) -> list[Span]:
    """When the advisor's own calendars say busy."""
    low, high = minute_of(span.start), minute_of(span.end)
    rows = foreign_busy(session, (advisor_id,), low, high, now=now)
    return [Span(instant_at(max(low, start)), instant_at(min(high, end))) for _id, start, end in rows]
