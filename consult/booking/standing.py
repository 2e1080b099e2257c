"""What is known of a visitor before a talk is stored: an earlier arrival of the same form, and what is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from consult.booking.models import Booking, BookingState
from consult.people.models import Organisation
from consult.people.services import organisation_named

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.placing import NewBooking
    from consult.database import DbSession

OPEN_STATES = (BookingState.PENDING, BookingState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Standing:
    """The booking that the same form made before, the number of talks that are open, and the organisation."""

    known_id: int | None
    open_talks: int
    organisation: Organisation | None


def standing_of(session: DbSession, new: NewBooking, *, now: datetime) -> Standing:
    """All that must be known of the visitor, in one statement (two when an organisation is named)."""
    known = select(Booking.id).where(Booking.form_key == new.form_key).scalar_subquery()
    open_talks = (
        select(func.count())
        .where(
            func.lower(Booking.email) == new.email.lower(),
            Booking.series_id.is_(None),
            Booking.state.in_(OPEN_STATES),
            Booking.ends_at > now,
        )
        .scalar_subquery()
    )
    facts = select(known.label("known_id"), open_talks.label("open_talks")).subquery()
    domain = new.email.rpartition("@")[2].lower()
    row = session.execute(
        select(facts.c.known_id, facts.c.open_talks, Organisation)
        .select_from(facts)
        .outerjoin(Organisation, Organisation.domain == domain)
        .limit(1)
    ).one()
    organisation = (
        organisation_named(session, new.organisation, new.email) if new.organisation else row.Organisation
    )
    return Standing(row.known_id, row.open_talks, organisation)
