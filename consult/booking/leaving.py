"""What an absence hits among the talks that an advisor holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.booking.hosts import held_by
from consult.booking.models import Booking, BookingState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.timespan import Span


def talks_hit(session: DbSession, advisor_id: int, span: Span, *, now: datetime) -> Sequence[Booking]:
    """The talks to come that this advisor holds in that time, leading or not; by time."""
    return session.scalars(
        select(Booking)
        .where(
            held_by((advisor_id,)),
            Booking.state != BookingState.CANCELLED,
            Booking.starts_at < span.end,
            Booking.ends_at > span.start,
            Booking.starts_at > now,
        )
        .order_by(Booking.starts_at)
    ).all()
