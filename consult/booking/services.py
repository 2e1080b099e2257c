"""Plan, move and cancel talks. One function of the engine decides, in the transaction that books as in the offer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from consult import availability
from consult.activity.services import VISITOR, record
from consult.availability import BusyKind, Days, Terms, minute_of
from consult.booking import emails
from consult.booking.models import (
    Booking,
    BookingState,
    BusyPeriod,
    Invitation,
    InviteeRole,
    MeetingType,
    Place,
)
from consult.booking.offering import Wish, hosts_for, nearest, offer
from consult.links.models import Purpose
from consult.links.services import issue_link, next_reference, open_link, set_expiry
from consult.people.models import Advisor
from consult.people.services import Workload, for_routing, organisation_named, recognise
from consult.routing.balance import WINDOW
from consult.routing.engine import decide as route
from consult.routing.question import Question
from consult.routing.roster import Roster
from consult.web.dates import local_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.availability import Slot
    from consult.database import DbSession
    from consult.settings import Settings

LINK_AFTER_TALK = timedelta(days=7)
MOVE_UNTIL = timedelta(hours=2)
SEARCH_AROUND_DAYS = 14


class SlotTaken(Exception):
    """The moment was free when it was shown and is not any more; ``alternatives`` are."""

    def __init__(self, alternatives: Sequence[Slot]) -> None:
        super().__init__("the moment is taken")
        self.alternatives = tuple(alternatives)


class NotOffered(Exception):
    """This moment, place or advisor was never on offer."""


class TooLate(Exception):
    """The talk begins so soon, or has begun, that it can no longer be moved or cancelled."""


class Cancelled(Exception):
    """The talk was cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBooking:
    """What a visitor chose, checked and cleaned; any one of ``advisor_ids`` will do."""

    form_key: str
    meeting_type: MeetingType
    advisor_ids: tuple[int, ...]
    starts_at: datetime
    place: Place
    name: str
    email: str
    phone: str | None = None
    location: str | None = None
    note: str | None = None
    organisation: str | None = None
    topic_id: int | None = None
    page_id: int | None = None
    enquiry_id: int | None = None
    language: str = "nl"


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
            booking = _store(session, new, wish, settings=settings, now=now)
    except IntegrityError as error:
        known = session.scalar(select(Booking).where(Booking.form_key == new.form_key))
        if known is not None:
            return Booked(known, _link(session, known, now=now))
        if not _is_overlap(error):
            raise
        raise _taken(session, wish, new.starts_at, now=now) from None
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
    _lock(session, (booking.advisor_id,))
    session.refresh(booking, with_for_update=True)
    if booking.state == BookingState.CANCELLED:
        raise Cancelled
    if starts_at == booking.starts_at:
        return
    if now >= booking.starts_at or (actor == VISITOR and now > booking.starts_at - MOVE_UNTIL):
        raise TooLate
    wish = Wish(booking.meeting_type, (booking.advisor_id,), settings.timezone)
    if not _free_with(session, wish, starts_at, now=now, without_booking=booking.id):
        raise _taken(session, wish, starts_at, now=now, without_booking=booking.id)
    before = booking.starts_at
    try:
        with session.begin_nested():
            booking.starts_at, booking.ends_at = starts_at, starts_at + booking.length
            start, end, talk_end = _minutes(booking)
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
        if not _is_overlap(error):
            raise
        raise _taken(session, wish, starts_at, now=now, without_booking=booking.id) from None
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
    session.query(BusyPeriod).filter(BusyPeriod.booking_id == booking.id).delete()
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


def _store(session: DbSession, new: NewBooking, wish: Wish, *, settings: Settings, now: datetime) -> Booking:
    _lock(session, wish.advisor_ids)
    free = _free_with(session, wish, new.starts_at, now=now)
    if not free:
        raise _taken(session, wish, new.starts_at, now=now)
    advisor_id, decision = _choose(session, new, free, now=now)
    organisation = organisation_named(session, new.organisation, new.email)
    contact = recognise(
        session, name=new.name, email=new.email, phone=new.phone, organisation=organisation, now=now
    )
    booking = Booking(
        reference=next_reference(session, "A", local_date(now, settings.timezone).year),
        form_key=new.form_key,
        uid=f"{secrets.token_hex(16)}@{settings.answer_domain}",
        meeting_type=new.meeting_type,
        advisor=session.get(Advisor, advisor_id),
        starts_at=new.starts_at,
        ends_at=new.starts_at + timedelta(minutes=new.meeting_type.minutes),
        place=new.place,
        location=new.location,
        name=new.name,
        email=new.email,
        phone=new.phone,
        note=new.note,
        organisation=organisation,
        contact=contact,
        topic_id=new.topic_id,
        page_id=new.page_id,
        enquiry_id=new.enquiry_id,
        language=new.language,
        decision=decision,
        created_at=now,
        changed_at=now,
    )
    booking.invitations = _invitations(booking)
    session.add(booking)
    session.flush()
    start, end, talk_end = _minutes(booking)
    session.add(
        BusyPeriod(
            advisor_id=advisor_id,
            start_minute=start,
            end_minute=end,
            counted_minute=minute_of(booking.starts_at),
            talk_end_minute=talk_end,
            kind=BusyKind.BOOKING,
            booking_id=booking.id,
        )
    )
    session.flush()
    return booking


def _invitations(booking: Booking) -> list[Invitation]:
    advisor = booking.advisor
    return [
        Invitation(
            role=InviteeRole.VISITOR,
            name=booking.name,
            address=booking.email,
            language=booking.language,
            reply_token=secrets.token_hex(16),
        ),
        Invitation(
            role=InviteeRole.ADVISOR,
            name=advisor.name,
            address=advisor.email,
            reply_token=secrets.token_hex(16),
        ),
    ]


def _choose(
    session: DbSession, new: NewBooking, free: tuple[int, ...], *, now: datetime
) -> tuple[int, dict[str, object]]:
    """Which of the free advisors gets the talk, and the decision to store. The routing engine balances."""
    rows = session.execute(
        select(Booking.advisor_id, func.count(), func.max(Booking.created_at))
        .where(Booking.created_at > now - WINDOW, Booking.advisor_id.in_(free))
        .group_by(Booking.advisor_id)
    )
    given = {advisor_id: Workload(given=count, last_given_at=last) for advisor_id, count, last in rows}
    advisors, _fallback = for_routing(session, now=now, workloads=given, only=free)
    question = Question(
        at=now,
        chosen_advisor_id=free[0] if len(new.advisor_ids) == 1 else None,
        language=new.language,
        meeting_type_id=new.meeting_type.id,
    )
    # Being free at that moment is what counts: somebody who is away today may be back by then.
    present = tuple(replace(advisor, absences=(), capacity=None) for advisor in advisors)
    decision = route(question, Roster(advisors=present, fallback_ids=free))
    return decision.advisor_id or free[0], decision.to_json()


def _free_with(
    session: DbSession, wish: Wish, starts_at: datetime, *, now: datetime, without_booking: int | None = None
) -> tuple[int, ...]:
    """Which advisors of the wish can take this very moment."""
    on = starts_at.astimezone(ZoneInfo(wish.zone)).date()
    if not now - timedelta(days=1) < starts_at < now + timedelta(days=4000):
        return ()
    days = Days(on, on, ZoneInfo(wish.zone))
    hosts = hosts_for(session, wish, days, now=now, without_booking=without_booking)
    return availability.who_can(hosts, starts_at, Terms(now))


def _taken(
    session: DbSession, wish: Wish, wanted: datetime, *, now: datetime, without_booking: int | None = None
) -> SlotTaken:
    zone = ZoneInfo(wish.zone)
    today = now.astimezone(zone).date()
    on = min(
        max(wanted.astimezone(zone).date(), today), today + timedelta(days=wish.meeting_type.horizon_days)
    )
    first = max(today, on - timedelta(days=SEARCH_AROUND_DAYS))
    slots = offer(
        session,
        wish,
        first,
        on + timedelta(days=SEARCH_AROUND_DAYS),
        now=now,
        without_booking=without_booking,
    )
    only = wish.advisor_ids[0] if len(wish.advisor_ids) == 1 else None
    return SlotTaken(nearest(slots, wanted, only))


def _lock(session: DbSession, advisor_ids: Sequence[int]) -> None:
    """Let bookings of the same advisors queue: a limit per day is only true for one at a time. In order of id."""
    session.execute(
        select(Advisor.id).where(Advisor.id.in_(tuple(advisor_ids))).order_by(Advisor.id).with_for_update()
    ).all()


def _minutes(booking: Booking) -> tuple[int, int, int]:
    """The busy period of a talk, buffers included, and the minute in which the talk itself ends."""
    kind = booking.meeting_type
    talk_end = minute_of(booking.ends_at)
    start = minute_of(booking.starts_at) - kind.buffer_before_minutes
    return start, talk_end + kind.buffer_after_minutes, talk_end


def _changed(booking: Booking, now: datetime) -> None:
    """A change that calendars must hear of: a higher SEQUENCE, a later DTSTAMP (RFC 5546 2.1.4, 2.1.5)."""
    booking.sequence += 1
    booking.changed_at = max(now, booking.changed_at + timedelta(seconds=1))


def _is_overlap(error: IntegrityError) -> bool:
    return "ex_busy_period_overlap" in str(error.orig)


def _link(session: DbSession, booking: Booking, *, now: datetime) -> str:
    ends = booking.ends_at + LINK_AFTER_TALK
    return issue_link(session, Purpose.BOOKING, booking.id, expires_at=ends, now=now)
