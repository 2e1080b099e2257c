"""What the worker does for group sessions: end offers that ran out, pass seats on, send hand-outs afterwards.

Each session in a transaction of its own, so that one that fails keeps no other waiting.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from consult.activity.services import SYSTEM, record
from consult.booking.groups.emails import tell_seat
from consult.booking.groups.finding import locked, seats
from consult.booking.groups.models import GroupSession, GroupState, Seat, SeatState
from consult.booking.groups.queue import pass_on

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings

# A hand-out that is added later than this after the session is nobody's surprise any more.
HANDOUT_WITHIN = timedelta(days=30)


def run_round(
    begin: Callable[[], AbstractContextManager[DbSession]], settings: Settings, *, now: datetime
) -> int:
    """Do what is due, in transactions that ``begin`` opens and commits; gives for how many sessions."""
    with begin() as session:
        due = _due(session, now=now)
    for group_session_id in due:
        with begin() as session:
            group = locked(session, group_session_id)
            pass_on(session, group, settings=settings, now=now)
            send_handout(session, group, settings=settings, now=now)
    return len(due)


def send_handout(session: DbSession, group: GroupSession, *, settings: Settings, now: datetime) -> None:
    """Mail the hand-out to everybody who had a seat, after the end and once. Wants the lock of the session."""
    if group.handout is None or group.handout_sent_at is not None or group.state != GroupState.PLANNED:
        return
    if not group.ends_at <= now < group.ends_at + HANDOUT_WITHIN:
        return
    group.handout_sent_at = now
    record(session, ("group_session", group.id), "group_session.handout_sent", actor=SYSTEM, now=now)
    for seat in seats(session, group, SeatState.CONFIRMED):
        tell_seat(session, group, seat, "seat-handout", settings=settings, now=now)
    session.flush()


def _due(session: DbSession, *, now: datetime) -> Sequence[int]:
    """The sessions with an offer that ran out, or with a hand-out to send."""
    ran_out = (
        select(Seat.id)
        .where(
            Seat.group_session_id == GroupSession.id,
            Seat.state == SeatState.OFFERED,
            Seat.offered_until <= now,
        )
        .exists()
    )
    return session.scalars(
        select(GroupSession.id)
        .where(
            GroupSession.state == GroupState.PLANNED,
            or_(
                (GroupSession.starts_at > now) & ran_out,
                (GroupSession.ends_at <= now)
                & (GroupSession.ends_at > now - HANDOUT_WITHIN)
                & GroupSession.handout.is_not(None)
                & GroupSession.handout_sent_at.is_(None),
            ),
        )
        .order_by(GroupSession.id)
    ).all()
