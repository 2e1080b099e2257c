"""After the talk: who came, what came of it, what is next, and when to look back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.activity.services import record
from consult.booking.models import Booking, BookingState, Outcome

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Select

    from consult.database import DbSession


class NotYet(Exception):
    """The talk has not begun, or never stood: there is nothing to say about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What the advisor says about a talk that was; None leaves empty. ``follow_up_on`` is a date to look back on."""

    outcome: Outcome
    text: str | None = None
    next_step: str | None = None
    follow_up_on: date | None = None


def record_outcome(
    session: DbSession, booking: Booking, after: Aftermath, *, actor: str, now: datetime
) -> None:
    """Store what came of a talk, in place of what was said before. The same once more: nothing happens.

    Raises:
        NotYet: the talk has not begun, or it does not stand.
    """
    session.refresh(booking, with_for_update=True)
    if booking.state != BookingState.CONFIRMED or now < booking.starts_at:
        raise NotYet
    said = (after.outcome, after.text, after.next_step, after.follow_up_on)
    if said == (booking.outcome, booking.outcome_text, booking.next_step, booking.follow_up_on):
        return
    booking.outcome, booking.outcome_text, booking.next_step, booking.follow_up_on = said
    record(session, ("booking", booking.id), "booking.outcome", actor=actor, now=now, outcome=after.outcome)
    session.flush()


def talks_of_organisations() -> Select[int | None, datetime]:
    """Organisation id (``id``) and start (``at``) of every talk that was held or is still to come."""
    return select(Booking.organisation_id.label("id"), Booking.starts_at.label("at")).where(
        Booking.state != BookingState.CANCELLED
    )
