"""What an advisor does to a talk that takes more than one service, each in one step. Flushes, and never commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.booking import services as booking
from consult.desk.agenda.own_moment import note_reason

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.models import Booking
    from consult.booking.placing import NewBooking
    from consult.database import DbSession
    from consult.settings import Settings


def move(
    session: DbSession,
    talk: Booking,
    starts_at: datetime,
    own_reason: str | None,
    *,
    actor: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Move a talk. With an ``own_reason``, empty or not, the moment was chosen in person and need not be on offer.

    Raises:
        Cancelled, TooLate, SlotTaken: see ``consult.booking.services.move``.
    """
    freely = own_reason is not None
    booking.move(session, talk, starts_at, actor=actor, settings=settings, now=now, freely=freely)
    if own_reason:
        note_reason(session, talk, own_reason, actor=actor, now=now)


def plan(
    session: DbSession,
    new: NewBooking,
    own_reason: str | None,
    *,
    actor: str,
    settings: Settings,
    now: datetime,
) -> Booking:
    """Plan a talk for a visitor, who is told who planned it; the same form twice is one talk.

    Raises:
        NotOffered, SlotTaken: see ``consult.booking.services.book``.
    """
    talk = booking.book(session, new, settings=settings, now=now, actor=actor).booking
    if own_reason and talk.created_at == now:
        note_reason(session, talk, own_reason, actor=actor, now=now)
    return talk
