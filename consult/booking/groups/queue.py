"""The waiting list: who is offered a seat that came free, for how long, and what when nobody answers.

An offer stands for a day, or two hours when the session is within two days. Who lets three pass leaves the list; who
lets one pass goes to its end, so that the seat reaches the next one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from consult.activity.services import SYSTEM, record
from consult.booking.groups.emails import tell_seat
from consult.booking.groups.finding import room
from consult.booking.groups.models import GroupState, Seat, SeatState

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.groups.models import GroupSession
    from consult.database import DbSession
    from consult.settings import Settings

OFFER_STANDS = timedelta(hours=24)
OFFER_STANDS_LATE = timedelta(hours=2)
LATE_WITHIN = timedelta(hours=48)
MOST_OFFERS = 3


def offer_ends(group: GroupSession, *, now: datetime) -> datetime:
    """Until when an offer made now stands; never longer than until the start."""
    late = group.starts_at - now <= LATE_WITHIN
    return min(now + (OFFER_STANDS_LATE if late else OFFER_STANDS), group.starts_at)


def is_open(group: GroupSession, *, now: datetime) -> bool:
    """Whether seats are still given: it is planned and has not begun."""
    return group.state == GroupState.PLANNED and now < group.starts_at


def pass_on(session: DbSession, group: GroupSession, *, settings: Settings, now: datetime) -> None:
    """End the offers that ran out and offer every free seat to who waits longest. Wants the lock of the session."""
    if not is_open(group, now=now):
        return
    expired = _expire(session, group, now=now)
    _offer(session, group, settings=settings, now=now)
    session.flush()
    for seat in expired:
        if seat.state != SeatState.OFFERED:
            tell_seat(session, group, seat, "seat-expired", settings=settings, now=now)


def last_position(session: DbSession, group: GroupSession) -> int:
    """The position of who came last on the waiting list."""
    highest = select(func.max(Seat.position)).where(Seat.group_session_id == group.id)
    return session.scalar(highest) or 0


def _expire(session: DbSession, group: GroupSession, *, now: datetime) -> list[Seat]:
    expired = list(
        session.scalars(
            select(Seat)
            .where(
                Seat.group_session_id == group.id, Seat.state == SeatState.OFFERED, Seat.offered_until <= now
            )
            .order_by(Seat.position)
            .execution_options(populate_existing=True)
        )
    )
    end = last_position(session, group)
    for place, seat in enumerate(expired, start=end + 1):
        seat.offered_until, seat.position = None, place
        seat.state = SeatState.DECLINED if seat.offers >= MOST_OFFERS else SeatState.WAITING
        record(session, ("seat", seat.id), "seat.offer_expired", actor=SYSTEM, now=now, offers=seat.offers)
    session.flush()
    return expired


def _offer(session: DbSession, group: GroupSession, *, settings: Settings, now: datetime) -> None:
    unheld = room(session, group).unheld
    if not unheld:
        return
    for seat in session.scalars(
        select(Seat)
        .where(Seat.group_session_id == group.id, Seat.state == SeatState.WAITING)
        .order_by(Seat.position)
        .limit(unheld)
        .execution_options(populate_existing=True)
    ).all():
        seat.state, seat.offers = SeatState.OFFERED, seat.offers + 1
        seat.offered_until = offer_ends(group, now=now)
        until = seat.offered_until.isoformat()
        record(session, ("seat", seat.id), "seat.offered", actor=SYSTEM, now=now, until=until)
        tell_seat(session, group, seat, "seat-offered", settings=settings, now=now)
