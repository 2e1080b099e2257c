"""Remind the visitor and the guests of a talk: a day before, and again two hours before.

A reminder is written when its time has come, so that it says what is true then. It carries no calendar object.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from consult.booking.emails import VISITOR_AND_GUESTS, News, tell
from consult.booking.models import Booking, BookingState
from consult.booking.private_link import own_link
from consult.outbox.models import MailState, OutgoingMail

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings

MINUTES_BEFORE = (24 * 60, 2 * 60)
AT_ONCE = 50
EVENT = "booking-reminder"


def remind(session: DbSession, *, settings: Settings, now: datetime) -> int:
    """Queue the reminders whose time has come, at most 50 a round; gives how many talks were looked at.

    Who planned or moved the talk after a reminder's time knows it already, and gets only the later one. A talk that
    waits for approval, was cancelled or has begun is nobody's to be reminded of.
    """
    looked_at = 0
    for minutes, until in zip(MINUTES_BEFORE, (*MINUTES_BEFORE[1:], 0), strict=True):
        lead = timedelta(minutes=minutes)
        due = session.scalars(
            select(Booking)
            .where(
                Booking.state == BookingState.CONFIRMED,
                Booking.starts_at <= now + lead,
                Booking.starts_at > now + timedelta(minutes=until),
                or_(Booking.reminded_minutes.is_(None), Booking.reminded_minutes > minutes),
            )
            .order_by(Booking.starts_at)
            .limit(AT_ONCE - looked_at)
            .with_for_update(skip_locked=True)
        ).all()
        for booking in due:
            booking.reminded_minutes = minutes
            if booking.changed_at <= booking.starts_at - lead:
                _queue(session, booking, settings=settings, now=now)
        looked_at += len(due)
    session.flush()
    return looked_at


def withdraw(session: DbSession, booking: Booking, *, now: datetime) -> None:
    """Let no reminder leave any more that names a moment that is no longer true."""
    session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.subject_kind == "booking",
            OutgoingMail.subject_id == booking.id,
            OutgoingMail.event == EVENT,
            OutgoingMail.state == MailState.PENDING,
        )
        .values(state=MailState.EXPIRED, settled_at=now)
    )


def _queue(session: DbSession, booking: Booking, *, settings: Settings, now: datetime) -> None:
    news = News(event=EVENT, roles=VISITOR_AND_GUESTS, calendar=False, expires_at=booking.starts_at)
    tell(session, booking, news, own_link(session, booking, now=now), settings=settings, now=now)
