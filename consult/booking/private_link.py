"""The private link to a talk: works until a week after it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from consult.links.models import Purpose
from consult.links.services import issue_link, set_expiry

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.models import Booking
    from consult.booking.storing import Talk
    from consult.database import DbSession

LINK_AFTER_TALK = timedelta(days=7)


def own_link(session: DbSession, booking: Talk, *, now: datetime) -> str:
    """The token of a new private link to this talk."""
    return issue_link(
        session, Purpose.BOOKING, booking.id, expires_at=booking.ends_at + LINK_AFTER_TALK, now=now
    )


def extend_links(session: DbSession, booking: Booking) -> None:
    """Let the links that were given out follow a talk that moved."""
    set_expiry(session, Purpose.BOOKING, booking.id, booking.ends_at + LINK_AFTER_TALK)
