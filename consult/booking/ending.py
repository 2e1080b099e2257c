"""Let a talk come to nothing: the one way in which its time becomes free again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from consult.activity.services import record
from consult.booking import reminders
from consult.booking.models import Booking, BookingState
from consult.booking.taking import free_booking

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession


def end_talk(
    session: DbSession, booking: Booking, what: str, *, reason: str | None, actor: str, now: datetime
) -> bool:
    """Cancel a talk without telling anybody yet; gives whether it stood, so that calendars must hear of it."""
    stood = booking.state == BookingState.CONFIRMED
    booking.state, booking.cancelled_at, booking.cancel_reason = BookingState.CANCELLED, now, reason
    free_booking(session, booking)
    reminders.withdraw(session, booking, now=now)
    changed(booking, now)
    record(session, ("booking", booking.id), what, actor=actor, now=now)
    session.flush()
    return stood


def changed(booking: Booking, now: datetime) -> None:
    """A change that calendars must hear of: a higher SEQUENCE, a later DTSTAMP (RFC 5546 2.1.4, 2.1.5)."""
    booking.sequence += 1
    booking.changed_at = max(now, booking.changed_at + timedelta(seconds=1))
