"""Take and give back an advisor's time: the one place where rows of ``busy_period`` are written.

A row belongs to a talk, to a hold, or to whoever fills in an own column; knows nothing of why the time is wanted.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from consult.availability import BusyKind, minute_of
from consult.booking.models import BookingState, BusyPeriod
from consult.people.models import Advisor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from sqlalchemy.exc import IntegrityError

    from consult.booking.models import Booking, MeetingType
    from consult.booking.storing import Talk
    from consult.database import DbSession
    from consult.timespan import Span


# Past the unit of work: nobody needs the row as an object.
_TAKE = insert(BusyPeriod.metadata.tables[BusyPeriod.__tablename__])


def lock_advisors(session: DbSession, advisor_ids: Iterable[int]) -> None:
    """Let whoever takes time of the same advisors queue: a limit per day is only true for one at a time."""
    session.execute(
        select(Advisor.id).where(Advisor.id.in_(tuple(advisor_ids))).order_by(Advisor.id).with_for_update()
    ).all()


def stretch(talk: Span, kind: MeetingType) -> dict[str, Any]:
    """The columns that say when: the talk with its buffers, its true start and its true end, in UTC minutes."""
    start, end = minute_of(talk.start), minute_of(talk.end)
    return {
        "start_minute": start - kind.buffer_before_minutes,
        "end_minute": end + kind.buffer_after_minutes,
        "counted_minute": start,
        "talk_end_minute": end,
    }


def take_for_booking(
    session: DbSession, booking: Talk, span: Span, own_hold: str | None, *, also: Sequence[int] = ()
) -> None:
    """Take the time of a talk, of its advisor and of those who hold it ``also``. Flushes.

    What the visitor held becomes that time.

    Raises:
        sqlalchemy.exc.IntegrityError: the database says that it overlaps.
    """
    kind = BusyKind.PENDING if booking.state == BookingState.PENDING else BusyKind.BOOKING
    values = stretch(span, booking.meeting_type) | {"kind": kind, "booking_id": booking.id}
    if own_hold is not None and also:
        session.execute(delete(BusyPeriod).where(BusyPeriod.hold_hash == own_hold))
    elif own_hold is not None:
        released = {"hold_hash": None, "expires_at": None, "advisor_id": booking.advisor_id}
        held = select(BusyPeriod.id).where(BusyPeriod.hold_hash == own_hold).limit(1).scalar_subquery()
        found = session.execute(
            update(BusyPeriod).where(BusyPeriod.id == held).values(values | released).returning(BusyPeriod.id)
        )
        if found.first() is not None:
            return
    everybody = [values | {"advisor_id": each} for each in (booking.advisor_id, *also)]
    session.connection().execute(_TAKE, everybody)


def shift_booking(session: DbSession, booking: Booking, span: Span) -> None:
    """Let the time of a talk be another one, for everybody whose time it takes.

    Raises:
        sqlalchemy.exc.IntegrityError: the database says that it overlaps.
    """
    session.execute(
        update(BusyPeriod)
        .where(BusyPeriod.booking_id == booking.id)
        .values(stretch(span, booking.meeting_type))
    )


def pass_on_booking(session: DbSession, booking: Booking, from_id: int, to_id: int) -> None:
    """Let the time of a talk be that of another advisor.

    Raises:
        sqlalchemy.exc.IntegrityError: the database says that it overlaps.
    """
    session.execute(
        update(BusyPeriod)
        .where(BusyPeriod.booking_id == booking.id, BusyPeriod.advisor_id == from_id)
        .values(advisor_id=to_id)
    )


def confirm_booking(session: DbSession, booking: Booking) -> None:
    """What was taken by a pending talk is now taken by one that stands."""
    session.execute(
        update(BusyPeriod).where(BusyPeriod.booking_id == booking.id).values(kind=BusyKind.BOOKING)
    )


def free_booking(session: DbSession, booking: Booking) -> None:
    """Give the time of a talk back."""
    session.execute(delete(BusyPeriod).where(BusyPeriod.booking_id == booking.id))


def hold_hash(key: str) -> str:
    """What is kept of the key of a hold."""
    return hashlib.sha256(key.encode()).hexdigest()


def is_overlap(error: IntegrityError) -> bool:
    """Whether it was our rule against overlap that the database held to; named alike on both engines."""
    return "ex_busy_period_overlap" in str(error.orig)
