"""Plan, move and cancel talks. One function of the engine decides, in the transaction that books as in the offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from consult.activity.services import VISITOR, record
from consult.availability import minute_of
from consult.booking import emails
from consult.booking.models import Booking, BookingState, BusyPeriod, MeetingType
from consult.booking.offering import Wish, offer
from consult.booking.placing import (
    NewBooking,
    NotOffered,
    busy_minutes,
    free_advisors,
    is_overlap,
    lock_advisors,
    store,
    taken,
)
from consult.links.models import Purpose
from consult.links.services import issue_link, open_link, set_expiry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.availability import Slot
    from consult.database import DbSession
    from consult.settings import Settings

LINK_AFTER_TALK = timedelta(days=7)
MOVE_UNTIL = timedelta(hours=2)


class TooLate(Exception):
    """The talk begins so soon, or has begun, that it can no longer be moved or cancelled."""


class Cancelled(Exception):
    """The talk was cancelled."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A stored booking and the token of a private link to it."""

    booking: Booking
    token: str


def active_meeting_types(session: DbSession) -> Sequence[MeetingType]:
    """The kinds of talk a visitor may choose, in order."""
    return session.scalars(
        select(MeetingType).where(MeetingType.active).order_by(MeetingType.position, MeetingType.minutes)
    ).all()


def meeting_type_by_slug(session: DbSession, slug: str) -> MeetingType | None:
    """The active kind of talk with this name in addresses."""
    return session.scalar(select(MeetingType).where(MeetingType.slug == slug, MeetingType.active))


def by_reference(session: DbSession, reference: str) -> Booking | None:
    """The booking with this number."""
    return session.scalar(select(Booking).where(Booking.reference == reference))


def by_link(session: DbSession, token: str, *, now: datetime) -> Booking | None:
    """The booking behind a private link that still works."""
    booking_id = open_link(session, Purpose.BOOKING, token, now=now)
    return session.get(Booking, booking_id) if booking_id is not None else None


def book(session: DbSession, new: NewBooking, *, settings: Settings, now: datetime) -> Booked:
    """Plan a talk and queue its invites. The same form twice is one booking, told once.

    Raises:
        NotOffered: the kind of talk is not held at that place.
        SlotTaken: the moment is not, or no longer, free; with up to three others.
    """
    known = session.scalar(select(Booking).where(Booking.form_key == new.form_key))
    if known is not None:
        return Booked(known, _link(session, known, now=now))
    if new.place not in new.meeting_type.places:
        raise NotOffered
    wish = Wish(new.meeting_type, new.advisor_ids, settings.timezone)
    try:
        with session.begin_nested():
            booking = store(session, new, wish, settings=settings, now=now)
    except IntegrityError as error:
        known = session.scalar(select(Booking).where(Booking.form_key == new.form_key))
        if known is not None:
            return Booked(known, _link(session, known, now=now))
        if not is_overlap(error):
            raise
        raise taken(session, wish, new.starts_at, now=now) from None
    token = _link(session, booking, now=now)
    record(
        session,
        ("booking", booking.id),
        "booking.created",
        actor=VISITOR,
        now=now,
        advisor=booking.advisor_id,
    )
    emails.tell(session, booking, "booking-confirmed", token, settings=settings, now=now)
    session.flush()
    return Booked(booking, token)


def move(
    session: DbSession,
    booking: Booking,
    starts_at: datetime,
    *,
    actor: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Give a talk another moment with the same advisor, and tell everybody. To where it is already: nothing happens.

    Raises:
        Cancelled: there is nothing left to move.
        TooLate: a visitor moves within two hours of the start, or anybody after it.
        SlotTaken: the moment is not, or no longer, free; with up to three others.
    """
    lock_advisors(session, (booking.advisor_id,))
    session.refresh(booking, with_for_update=True)
    if booking.state == BookingState.CANCELLED:
        raise Cancelled
    if starts_at == booking.starts_at:
        return
    if now >= booking.starts_at or (actor == VISITOR and now > booking.starts_at - MOVE_UNTIL):
        raise TooLate
    wish = Wish(booking.meeting_type, (booking.advisor_id,), settings.timezone)
    if not free_advisors(session, wish, starts_at, now=now, without_booking=booking.id):
        raise taken(session, wish, starts_at, now=now, without_booking=booking.id)
    before = booking.starts_at
    try:
        with session.begin_nested():
            booking.starts_at, booking.ends_at = starts_at, starts_at + booking.length
            start, end, talk_end = busy_minutes(booking)
            session.execute(
                update(BusyPeriod)
                .where(BusyPeriod.booking_id == booking.id)
                .values(
                    start_minute=start,
                    end_minute=end,
                    counted_minute=minute_of(starts_at),
                    talk_end_minute=talk_end,
                )
            )
            _changed(booking, now)
            session.flush()
    except IntegrityError as error:
        session.refresh(booking)
        if not is_overlap(error):
            raise
        raise taken(session, wish, starts_at, now=now, without_booking=booking.id) from None
    set_expiry(session, Purpose.BOOKING, booking.id, booking.ends_at + LINK_AFTER_TALK)
    record(session, ("booking", booking.id), "booking.moved", actor=actor, now=now, before=before.isoformat())
    token = _link(session, booking, now=now)
    emails.tell(session, booking, "booking-moved", token, settings=settings, now=now)


def cancel(
    session: DbSession, booking: Booking, *, reason: str | None, actor: str, settings: Settings, now: datetime
) -> None:
    """Cancel a talk, free its time, and tell everybody. Twice is once.

    Raises:
        TooLate: the talk is over.
    """
    session.refresh(booking, with_for_update=True)
    if booking.state == BookingState.CANCELLED:
        return
    if now >= booking.ends_at:
        raise TooLate
    booking.state, booking.cancelled_at, booking.cancel_reason = BookingState.CANCELLED, now, reason
    session.execute(delete(BusyPeriod).where(BusyPeriod.booking_id == booking.id))
    _changed(booking, now)
    record(session, ("booking", booking.id), "booking.cancelled", actor=actor, now=now)
    session.flush()
    token = _link(session, booking, now=now)
    emails.tell(session, booking, "booking-cancelled", token, settings=settings, now=now, why=reason)


def other_moments(
    session: DbSession, booking: Booking, first: date, last: date, *, settings: Settings, now: datetime
) -> tuple[Slot, ...]:
    """The moments to which a talk may be moved."""
    wish = Wish(booking.meeting_type, (booking.advisor_id,), settings.timezone)
    slots = offer(session, wish, first, last, now=now, without_booking=booking.id)
    return tuple(slot for slot in slots if slot.start != booking.starts_at)


def _changed(booking: Booking, now: datetime) -> None:
    """A change that calendars must hear of: a higher SEQUENCE, a later DTSTAMP (RFC 5546 2.1.4, 2.1.5)."""
    booking.sequence += 1
    booking.changed_at = max(now, booking.changed_at + timedelta(seconds=1))


def _link(session: DbSession, booking: Booking, *, now: datetime) -> str:
    ends = booking.ends_at + LINK_AFTER_TALK
    return issue_link(session, Purpose.BOOKING, booking.id, expires_at=ends, now=now)
