"""Plan, move and cancel talks. One function of the engine decides, in the transaction that books as in the offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.activity.services import SYSTEM, VISITOR, record
from consult.booking import reminders
from consult.booking.emails import News, heard_of, sparing, tell
from consult.booking.ending import changed, end_talk
from consult.booking.hosts import host_ids, wish_again
from consult.booking.models import Booking, BookingState, MeetingType
from consult.booking.offering import offer
from consult.booking.placing import Known, NewBooking, NotOffered, Withdrawn, free_advisors, store, taken
from consult.booking.private_link import extend_links, own_link
from consult.booking.taking import is_overlap, shift_booking
from consult.booking.waiting import answer_by
from consult.links.models import Purpose
from consult.links.services import open_link
from consult.people.models import Advisor
from consult.timespan import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.availability import Slot
    from consult.booking.storing import Talk
    from consult.database import DbSession
    from consult.outbox.texts.speaking import Own
    from consult.settings import Settings

MOVE_UNTIL = timedelta(hours=2)


class TooLate(Exception):
    """The talk begins so soon, or has begun, that it can no longer be moved or cancelled."""


class Cancelled(Exception):
    """The talk was cancelled."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A stored booking by its id, and the token of a private link to it."""

    session: DbSession
    booking_id: int
    token: str

    @property
    def booking(self) -> Booking:
        """The booking, read when it is asked for: who only leads the visitor to it needs no row."""
        return self.session.get_one(Booking, self.booking_id)


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


def book(
    session: DbSession, new: NewBooking, *, settings: Settings, now: datetime, actor: str = VISITOR
) -> Booked:
    """Plan a talk and queue its mails. The same form twice is one booking, told once.

    A kind of talk that asks for approval, and one that looks like spam, is pending until the advisor says yes, unless
    an advisor plans it: it takes its time, and only the visitor and the advisor are told. An advisor
    who plans for a visitor needs no notice and keeps to no limit per visitor; nobody ever gets time that is taken.
    Who was told of enough new talks today is mailed nothing of a visitor's new one; see ``emails.sparing``.

    Raises:
        NotOffered: the kind of talk is not held at that place. Withdrawn: visitors cannot plan it any more.
        TooMany: the visitor has too many talks open.
        SlotTaken: the moment is not, or no longer, free; with up to three others.
    """
    if actor == VISITOR and not new.meeting_type.active:
        raise Withdrawn
    if new.place not in new.meeting_type.places:
        raise NotOffered
    wish = new.wish(settings.timezone, actor)
    try:
        # A savepoint of the connection: nothing that is stored inside is known to the session.
        with session.connection().begin_nested():
            stored = store(session, new, wish, actor=actor, settings=settings, now=now)
    except Known as known:
        booking = session.get_one(Booking, known.booking_id)
        return Booked(session, booking.id, own_link(session, booking, now=now))
    except IntegrityError as error:
        same = session.scalar(select(Booking).where(Booking.form_key == new.form_key))
        if same is not None:
            return Booked(session, same.id, own_link(session, same, now=now))
        if not is_overlap(error):
            raise
        raise taken(session, wish, new.starts_at, now=now) from None
    talk: Talk = stored.booking
    token = own_link(session, talk, now=now)
    subject = ("booking", talk.id)
    record(session, subject, "booking.created", actor=actor, now=now, advisor=talk.advisor_id)
    if new.doubt and actor == VISITOR:
        record(session, subject, "booking.held", actor=SYSTEM, now=now, why=new.doubt)
    news = _news_of_new(session, talk, actor)
    if stored.told_enough:
        talk = kept = session.get_one(Booking, talk.id)
        news = sparing(session, kept, news, stored.told_enough, now)
    own: Own | None = None if stored.has_own_texts else {}
    tell(session, talk, news, token, own=own, settings=settings, now=now)
    return Booked(session, talk.id, token)


def move(
    session: DbSession,
    booking: Booking,
    starts_at: datetime,
    *,
    actor: str,
    settings: Settings,
    now: datetime,
    freely: bool = False,
) -> None:
    """Give a talk another moment with the same advisors, and tell everybody. To where it is already: nothing happens.

    ``freely`` is for an advisor who chose the moment in person: it need not be one that is offered, but it may not
    overlap anything nor lie in the past.

    Raises:
        Cancelled: there is nothing left to move.
        TooLate: a visitor moves within two hours of the start, or anybody after it.
        SlotTaken: the moment is not, or no longer, free; with up to three others.
    """
    wish = wish_again(booking, settings.timezone, urgent=actor != VISITOR)
    free = free_advisors(session, wish, starts_at, now=now, to_take=True)
    session.refresh(booking, with_for_update=True)
    if booking.state == BookingState.CANCELLED:
        raise Cancelled
    if starts_at == booking.starts_at:
        return
    session.expire(booking, ["invitations"])
    if host_ids(booking) != wish.advisor_ids:
        # It was handed over meanwhile: this moment was asked of somebody else.
        raise taken(session, wish_again(booking, settings.timezone), starts_at, now=now)
    if now >= booking.starts_at or (actor == VISITOR and now > booking.starts_at - MOVE_UNTIL):
        raise TooLate
    if not (free or (freely and starts_at > now)):
        raise taken(session, wish, starts_at, now=now)
    before = booking.starts_at
    try:
        with session.begin_nested():
            _shift(session, booking, starts_at, now=now)
    except IntegrityError as error:
        session.refresh(booking)
        if not is_overlap(error):
            raise
        raise taken(session, wish, starts_at, now=now) from None
    extend_links(session, booking)
    reminders.withdraw(session, booking, now=now)
    record(session, ("booking", booking.id), "booking.moved", actor=actor, now=now, before=before.isoformat())
    stands = booking.state == BookingState.CONFIRMED
    news = News(event="booking-moved", calendar=stands, roles=heard_of(stood=stands))
    tell(session, booking, news, own_link(session, booking, now=now), settings=settings, now=now)


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
    stood = end_talk(session, booking, "booking.cancelled", reason=reason, actor=actor, now=now)
    news = News(event="booking-cancelled", why=reason, calendar=stood, roles=heard_of(stood=stood))
    tell(session, booking, news, own_link(session, booking, now=now), settings=settings, now=now)


def other_moments(
    session: DbSession,
    booking: Booking,
    first: date,
    last: date,
    *,
    settings: Settings,
    now: datetime,
    at_most: int | None = None,
) -> tuple[Slot, ...]:
    """The moments to which a talk may be moved, the first ``at_most`` of them."""
    wish = wish_again(booking, settings.timezone)
    # Its own moment may be among them, and is not another.
    slots = offer(session, wish, first, last, now=now, at_most=at_most and at_most + 1)
    return tuple(slot for slot in slots if slot.start != booking.starts_at)


def _shift(session: DbSession, booking: Booking, starts_at: datetime, *, now: datetime) -> None:
    booking.starts_at, booking.ends_at = starts_at, starts_at + booking.length
    booking.reminded_minutes = None
    if booking.approve_by is not None:
        asked_at = booking.created_at
        booking.approve_by = answer_by(session, booking.advisor_id, starts_at, asked_at=asked_at, now=now)
    shift_booking(session, booking, Span(booking.starts_at, booking.ends_at))
    changed(booking, now)
    session.flush()


def _news_of_new(session: DbSession, booking: Talk, actor: str) -> News:
    """A talk that waits for approval has nothing for a calendar yet."""
    if booking.state == BookingState.PENDING:
        return News(event="booking-requested", roles=heard_of(stood=False), calendar=False)
    planner = session.get(Advisor, int(actor.partition(":")[2])) if actor.startswith("advisor:") else None
    return News(event="booking-confirmed", planned_by=planner.name if planner else None)
