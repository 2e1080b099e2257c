"""Find group sessions and seats, and count what is left. Only reads, but for the lock of a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from consult.booking.groups.models import GroupSession, GroupState, Seat, SeatState
from consult.links.models import Purpose
from consult.links.services import open_link

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession


@dataclass(frozen=True, slots=True)
class Room:
    """How many have a seat, are offered one, and wait; a seat that is offered is nobody else's."""

    capacity: int
    waiting_capacity: int
    confirmed: int = 0
    offered: int = 0
    waiting: int = 0

    @property
    def unheld(self) -> int:
        """Seats that nobody has and nobody is offered."""
        return max(0, self.capacity - self.confirmed - self.offered)

    @property
    def left(self) -> int:
        """Seats for whoever comes now: none as long as others wait for one."""
        return 0 if self.waiting else self.unheld

    @property
    def waiting_left(self) -> int:
        """Places left on the waiting list."""
        return max(0, self.waiting_capacity - self.waiting)


def by_slug(session: DbSession, slug: str) -> GroupSession | None:
    """The session with this name in addresses."""
    return session.scalar(select(GroupSession).where(GroupSession.slug == slug))


def upcoming(session: DbSession, *, now: datetime) -> Sequence[GroupSession]:
    """Sessions that are planned and not over, the first one first."""
    return session.scalars(
        select(GroupSession)
        .where(GroupSession.state == GroupState.PLANNED, GroupSession.ends_at > now)
        .order_by(GroupSession.starts_at, GroupSession.id)
    ).all()


def any_upcoming(session: DbSession, *, now: datetime) -> bool:
    """Whether there is anything to sign up for."""
    planned = GroupSession.state == GroupState.PLANNED, GroupSession.starts_at > now
    return session.scalar(select(GroupSession.id).where(*planned).limit(1)) is not None


def past(session: DbSession, *, now: datetime, most: int = 50) -> Sequence[GroupSession]:
    """Sessions that are over or were called off, the last one first."""
    return session.scalars(
        select(GroupSession)
        .where(or_(GroupSession.state == GroupState.CANCELLED, GroupSession.ends_at <= now))
        .order_by(GroupSession.starts_at.desc(), GroupSession.id.desc())
        .limit(most)
    ).all()


def rooms(session: DbSession, groups: Sequence[GroupSession]) -> dict[int, Room]:
    """How full each of these sessions is, by id; one statement."""
    counted: dict[tuple[int, str], int] = {
        (row.group_session_id, row.state): row.seats
        for row in session.execute(
            select(Seat.group_session_id, Seat.state, func.count().label("seats"))
            .where(Seat.group_session_id.in_([group.id for group in groups]))
            .group_by(Seat.group_session_id, Seat.state)
        )
    }
    states = (SeatState.CONFIRMED, SeatState.OFFERED, SeatState.WAITING)
    return {
        group.id: Room(
            group.capacity, group.waiting_capacity, *(counted.get((group.id, state), 0) for state in states)
        )
        for group in groups
    }


def locked(session: DbSession, group_session_id: int) -> GroupSession:
    """The session as it is now, kept to this transaction: whoever changes its seats queues here."""
    return session.scalars(
        select(GroupSession)
        .where(GroupSession.id == group_session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def room(session: DbSession, group: GroupSession) -> Room:
    """How full the session is; one statement."""
    return rooms(session, [group])[group.id]


def seats(session: DbSession, group: GroupSession, *states: SeatState) -> Sequence[Seat]:
    """The seats in these states (all, if none is named), in order of signing up."""
    query = select(Seat).where(Seat.group_session_id == group.id).order_by(Seat.id)
    return session.scalars(query.where(Seat.state.in_(states)) if states else query).all()


def seat_by_link(session: DbSession, token: str, *, now: datetime) -> Seat | None:
    """The seat behind a private link that still works."""
    seat_id = open_link(session, Purpose.SEAT, token, now=now)
    return session.get(Seat, seat_id) if seat_id is not None else None


def seat_by_reply_token(session: DbSession, token: str) -> Seat | None:
    """The seat whose answers come back to the address with this token."""
    return session.scalar(select(Seat).where(Seat.reply_token == token))


def place_in_queue(session: DbSession, seat: Seat) -> int:
    """Which number on the waiting list somebody who waits has, counted from 1."""
    before = select(func.count()).where(
        Seat.group_session_id == seat.group_session_id,
        Seat.state == SeatState.WAITING,
        Seat.position < seat.position,
    )
    return session.scalars(before).one() + 1
