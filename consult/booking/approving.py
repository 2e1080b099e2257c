"""Talks that wait for the advisor's word: say yes, say no, or let go of them when no word comes in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.activity.services import SYSTEM, record
from consult.booking.emails import VISITOR_AND_ADVISOR, VISITOR_ONLY, News, tell
from consult.booking.ending import end_talk
from consult.booking.models import Booking, BookingState
from consult.booking.private_link import own_link
from consult.booking.services import Cancelled, TooLate
from consult.booking.taking import confirm_booking

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings

AT_ONCE = 50


def approve(session: DbSession, booking: Booking, *, actor: str, settings: Settings, now: datetime) -> None:
    """Let a pending talk stand and invite everybody. Twice is once.

    Raises:
        Cancelled: it was cancelled, declined or released before.
        TooLate: its time has come.
    """
    session.refresh(booking, with_for_update=True)
    if booking.state == BookingState.CANCELLED:
        raise Cancelled
    if booking.state == BookingState.CONFIRMED:
        return
    if now >= booking.starts_at:
        raise TooLate
    booking.state, booking.approve_by = BookingState.CONFIRMED, None
    booking.changed_at = max(now, booking.changed_at)
    confirm_booking(session, booking)
    record(session, ("booking", booking.id), "booking.approved", actor=actor, now=now)
    session.flush()
    news = News(event="booking-confirmed")
    tell(session, booking, news, own_link(session, booking, now=now), settings=settings, now=now)


def decline(
    session: DbSession, booking: Booking, *, reason: str | None, actor: str, settings: Settings, now: datetime
) -> None:
    """Say no to a pending talk, free its time and tell the visitor. Twice is once.

    Raises:
        TooLate: the talk was approved before; it can be cancelled.
    """
    session.refresh(booking, with_for_update=True)
    if booking.state == BookingState.CANCELLED:
        return
    if booking.state == BookingState.CONFIRMED:
        raise TooLate
    end_talk(session, booking, "booking.declined", reason=reason, actor=actor, now=now)
    news = News(event="booking-declined", roles=VISITOR_ONLY, calendar=False, why=reason)
    tell(session, booking, news, own_link(session, booking, now=now), settings=settings, now=now)


def release_overdue(session: DbSession, *, settings: Settings, now: datetime) -> int:
    """Let go of the pending talks that nobody approved in time, at most 50 a round, and tell both; gives how many."""
    overdue = session.scalars(
        select(Booking)
        .where(Booking.state == BookingState.PENDING, Booking.approve_by <= now)
        .order_by(Booking.approve_by)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for booking in overdue:
        end_talk(session, booking, "booking.released", reason=None, actor=SYSTEM, now=now)
        news = News(event="booking-released", roles=VISITOR_AND_ADVISOR, calendar=False)
        tell(session, booking, news, own_link(session, booking, now=now), settings=settings, now=now)
    return len(overdue)
