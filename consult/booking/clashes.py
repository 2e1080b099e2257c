"""Talks that stand at a time at which an advisor's own calendar says busy: found, and told once.

A moment is judged by our copy of that calendar. What the calendar says afterwards cannot refuse the talk any more, so
whoever holds it hears of it, and decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.activity.services import SYSTEM, record
from consult.availability import minute_of
from consult.booking.emails import News, tell
from consult.booking.hosts import invitation_of
from consult.booking.models import Booking, BusyPeriod
from consult.people.calendars import ForeignBusy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Select

    from consult.database import DbSession
    from consult.settings import Settings


def clashing(*, advisor_id: int | None = None, now: datetime) -> Select[int | None]:
    """The ids of the talks to come that clash with a calendar of who holds them: of this advisor, or of anybody."""
    query = (
        select(BusyPeriod.booking_id)
        .join(
            ForeignBusy,
            (ForeignBusy.advisor_id == BusyPeriod.advisor_id)
            & (ForeignBusy.start_minute < BusyPeriod.talk_end_minute)
            & (ForeignBusy.end_minute > BusyPeriod.counted_minute),
        )
        .where(BusyPeriod.booking_id.is_not(None), BusyPeriod.counted_minute > minute_of(now))
    )
    return query if advisor_id is None else query.where(BusyPeriod.advisor_id == advisor_id)


def tell_of_clashes(
    session: DbSession, booking_ids: Iterable[int], advisor_id: int, *, settings: Settings, now: datetime
) -> None:
    """Tell this advisor of talks that clash with a calendar of theirs since it was read just now."""
    for booking in session.scalars(
        select(Booking).where(Booking.id.in_(tuple(booking_ids))).order_by(Booking.starts_at)
    ).all():
        record(session, ("booking", booking.id), "booking.clashed", actor=SYSTEM, now=now, advisor=advisor_id)
        news = News(event="booking-clash", calendar=False, expires_at=booking.starts_at)
        own = invitation_of(booking, advisor_id)
        if own is not None:
            tell(session, booking, news, "", only=own, settings=settings, now=now)
