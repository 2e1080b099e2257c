"""Put a talk into the database: who of the free advisors gets it, and the time it takes; or say what else is free.

The rows of the advisors are locked first, so that a limit per day holds when many book at once; the database
itself refuses an overlap on top of that.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from consult import availability
from consult.availability import BusyKind, Days, Terms, minute_of
from consult.booking.models import Booking, BusyPeriod, Invitation, InviteeRole, MeetingType, Place
from consult.booking.offering import Wish, hosts_for, nearest, offer
from consult.links.services import next_reference
from consult.people.models import Advisor
from consult.people.services import Workload, for_routing, organisation_named, recognise
from consult.routing.balance import WINDOW
from consult.routing.engine import decide as route
from consult.routing.question import Question
from consult.routing.roster import Roster
from consult.web.dates import local_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.exc import IntegrityError

    from consult.availability import Slot
    from consult.database import DbSession
    from consult.settings import Settings

SEARCH_AROUND_DAYS = 14


class SlotTaken(Exception):
    """The moment was free when it was shown and is not any more; ``alternatives`` are."""

    def __init__(self, alternatives: Sequence[Slot]) -> None:
        super().__init__("the moment is taken")
        self.alternatives = tuple(alternatives)


class NotOffered(Exception):
    """This moment, place or advisor was never on offer."""


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


def store(session: DbSession, new: NewBooking, wish: Wish, *, settings: Settings, now: datetime) -> Booking:
    """Store the booking and the time it takes; flushes.

    Raises:
        SlotTaken: nobody of the wish is free at that moment any more.
        sqlalchemy.exc.IntegrityError: somebody else took the time, or sent the same form, just before.
    """
    lock_advisors(session, wish.advisor_ids)
    free = free_advisors(session, wish, new.starts_at, now=now)
    if not free:
        raise taken(session, wish, new.starts_at, now=now)
    advisor_id, decision = _choose(session, new, free, now=now)
    booking = _new(session, new, advisor_id, decision, settings=settings, now=now)
    booking.invitations = _invitations(booking)
    session.add(booking)
    session.flush()
    start, end, talk_end = busy_minutes(booking)
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


def _new(
    session: DbSession,
    new: NewBooking,
    advisor_id: int,
    decision: dict[str, object],
    *,
    settings: Settings,
    now: datetime,
) -> Booking:
    organisation = organisation_named(session, new.organisation, new.email)
    contact = recognise(
        session, name=new.name, email=new.email, phone=new.phone, organisation=organisation, now=now
    )
    return Booking(
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


def free_advisors(
    session: DbSession, wish: Wish, starts_at: datetime, *, now: datetime, without_booking: int | None = None
) -> tuple[int, ...]:
    """Which advisors of the wish can take this very moment."""
    on = starts_at.astimezone(ZoneInfo(wish.zone)).date()
    if not now - timedelta(days=1) < starts_at < now + timedelta(days=4000):
        return ()
    days = Days(on, on, ZoneInfo(wish.zone))
    hosts = hosts_for(session, wish, days, now=now, without_booking=without_booking)
    return availability.who_can(hosts, starts_at, Terms(now))


def taken(
    session: DbSession, wish: Wish, wanted: datetime, *, now: datetime, without_booking: int | None = None
) -> SlotTaken:
    """The refusal of a moment, with at most three others that are free."""
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


def lock_advisors(session: DbSession, advisor_ids: Sequence[int]) -> None:
    """Let bookings of the same advisors queue: a limit per day is only true for one at a time. In order of id."""
    session.execute(
        select(Advisor.id).where(Advisor.id.in_(tuple(advisor_ids))).order_by(Advisor.id).with_for_update()
    ).all()


def busy_minutes(booking: Booking) -> tuple[int, int, int]:
    """The busy period of a talk, buffers included, and the minute in which the talk itself ends."""
    kind = booking.meeting_type
    talk_end = minute_of(booking.ends_at)
    start = minute_of(booking.starts_at) - kind.buffer_before_minutes
    return start, talk_end + kind.buffer_after_minutes, talk_end


def is_overlap(error: IntegrityError) -> bool:
    """Whether it was our rule against overlap that the database held to; named alike on both engines."""
    return "ex_busy_period_overlap" in str(error.orig)


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
