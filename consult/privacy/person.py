"""Find everything that hangs on one mail address or number: questions, talks, seats, series, the person's card."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from consult.booking.groups.models import STANDING, GroupSession, GroupState, Seat
from consult.booking.models import Booking, BookingState, Invitation, InviteeRole
from consult.contact.models import Enquiry
from consult.people.models import Contact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from consult.database import DbSession


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of what hangs on an address or number, by kind. ``guest_in``: talks of others it was asked to."""

    enquiry: frozenset[int] = frozenset()
    booking: frozenset[int] = frozenset()
    seat: frozenset[int] = frozenset()
    series: frozenset[int] = frozenset()
    contact: frozenset[int] = frozenset()
    guest_in: frozenset[int] = field(default=frozenset())

    def by_kind(self) -> Mapping[str, frozenset[int]]:
        """The subjects, kind by kind; being a guest is none."""
        kinds = ("enquiry", "booking", "seat", "series", "contact")
        return {kind: getattr(self, kind) for kind in kinds}

    def __bool__(self) -> bool:
        return any(self.by_kind().values()) or bool(self.guest_in)


@dataclass(frozen=True, slots=True)
class ToCome:
    """A talk or group session that is still to come; ``reference`` is its number, or the name of the session."""

    kind: str
    id: int
    reference: str
    starts_at: datetime


def of_person(session: DbSession, key: str) -> Found:
    """Everything of whoever has this mail address, in whatever case it was typed, or this telephone number (E.164)."""
    key = key.strip().lower()
    contacts = frozenset(session.scalars(select(Contact.id).where(_has(Contact, key))))
    bookings = frozenset(
        session.scalars(select(Booking.id).where(or_(_has(Booking, key), Booking.contact_id.in_(contacts))))
    )
    enquiries = select(Enquiry.id).where(or_(_has(Enquiry, key), Enquiry.contact_id.in_(contacts)))
    series = select(Booking.series_id).where(Booking.id.in_(bookings), Booking.series_id.is_not(None))
    guest_in = select(Invitation.booking_id).where(
        func.lower(Invitation.address) == key,
        Invitation.role == InviteeRole.GUEST,
        Invitation.booking_id.not_in(bookings),
    )
    return Found(
        enquiry=frozenset(session.scalars(enquiries)),
        booking=bookings,
        seat=frozenset(session.scalars(select(Seat.id).where(Seat.address_key == key))),
        series=frozenset(number for number in session.scalars(series) if number is not None),
        contact=contacts,
        guest_in=frozenset(session.scalars(guest_in)),
    )


def _has(model: type[Contact | Booking | Enquiry], key: str) -> ColumnElement[bool]:
    return func.lower(model.email) == key if "@" in key else model.phone == key


def to_come(session: DbSession, found: Found, *, now: datetime) -> list[ToCome]:
    """The person's own talks and group sessions that stand and are not over, the first one first."""
    talks = session.execute(
        select(Booking.id, Booking.reference, Booking.starts_at).where(
            Booking.id.in_(found.booking), Booking.state != BookingState.CANCELLED, Booking.ends_at > now
        )
    )
    seats = session.execute(
        select(Seat.id, GroupSession.title, GroupSession.starts_at)
        .join(GroupSession, GroupSession.id == Seat.group_session_id)
        .where(
            Seat.id.in_(found.seat),
            Seat.state.in_(STANDING),
            GroupSession.state == GroupState.PLANNED,
            GroupSession.ends_at > now,
        )
    )
    coming = [ToCome("booking", *row) for row in talks] + [ToCome("seat", *row) for row in seats]
    return sorted(coming, key=lambda each: each.starts_at)
