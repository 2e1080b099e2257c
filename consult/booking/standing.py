"""What is known of a visitor before a talk is stored: an earlier arrival of the same form, and what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, cast, func, null, select

from consult.booking.models import Booking, BookingState
from consult.outbox.models import OutgoingMail
from consult.people.models import Organisation
from consult.people.services import organisation_named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from consult.booking.placing import NewBooking
    from consult.database import DbSession

OPEN_STATES = (BookingState.PENDING, BookingState.CONFIRMED)
MAILS_A_DAY = 3
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """The booking that the same form made before, how many talks are open and made today, and the organisation.

    ``flooded`` is a guest who was invited so often today that no visitor may do it again.
    """

    known_id: int | None
    open_talks: int
    made_today: int
    flooded: str | None
    organisation: Organisation | None


def standing_of(session: DbSession, new: NewBooking, *, now: datetime) -> Standing:
    """All that must be known of the visitor, in one statement (two when an organisation is named)."""
    known = select(Booking.id).where(Booking.form_key == new.form_key).scalar_subquery()
    theirs = func.lower(Booking.email) == new.email.lower()
    alone = Booking.series_id.is_(None)
    open_talks = select(func.count()).where(
        theirs, alone, Booking.state.in_(OPEN_STATES), Booking.ends_at > now
    )
    made_today = select(func.count()).where(theirs, alone, Booking.created_at > now - DAY)
    facts = select(
        known.label("known_id"),
        open_talks.scalar_subquery().label("open_talks"),
        made_today.scalar_subquery().label("made_today"),
        _flooded(new.guests, now).label("flooded"),
    ).subquery()
    domain = new.email.rpartition("@")[2].lower()
    row = session.execute(
        select(*facts.c, Organisation)
        .select_from(facts)
        .outerjoin(Organisation, Organisation.domain == domain)
        .limit(1)
    ).one()
    organisation = (
        organisation_named(session, new.organisation, new.email) if new.organisation else row.Organisation
    )
    return Standing(row.known_id, row.open_talks, row.made_today, row.flooded, organisation)


def _flooded(guests: Sequence[str], now: datetime) -> ColumnElement[str | None]:
    """One of the guests who was told of as many new talks in the last day as anybody may be."""
    if not guests:
        return cast(null(), String)
    address = func.lower(OutgoingMail.recipient)
    return (
        select(func.min(address))
        .where(
            OutgoingMail.event == "booking-confirmed",
            OutgoingMail.created_at > now - DAY,
            address.in_([each.lower() for each in guests]),
        )
        .group_by(address)
        .having(func.count() >= MAILS_A_DAY)
        .limit(1)
        .scalar_subquery()
    )
