"""Keep a moment for somebody who is filling in a form: for ten minutes, by a key that only that form carries.

A hold takes time like a talk does, so the database guards it too. It ends by the clock; no job has to come by.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from consult.availability import BusyKind, minute_of
from consult.booking.models import BusyPeriod
from consult.booking.placing import free_advisors, taken
from consult.booking.taking import hold_hash, is_overlap, stretch
from consult.people.calendars import read_soon
from consult.timespan import Span

if TYPE_CHECKING:
    from consult.booking.offering import Wish
    from consult.database import DbSession

HELD_FOR = timedelta(minutes=10)
KEY = re.compile(r"[\w-]{16,64}", re.ASCII)


def read_key(text: str | None) -> str | None:
    """The key of a hold as a form or an address carries it; None for anything else."""
    return text if text and KEY.fullmatch(text) else None


def hold(session: DbSession, wish: Wish, starts_at: datetime, key: str, *, now: datetime) -> datetime:
    """Keep a moment under ``key`` in place of what that key kept before; gives until when.

    Raises:
        SlotTaken: the moment is not, or no longer, free; with up to three others. What was kept before stays kept.
    """
    wish = replace(wish, own_hold=hold_hash(key))
    free = free_advisors(session, wish, starts_at, now=now, to_take=True)
    if not free:
        raise taken(session, wish, starts_at, now=now)
    until, held = now + HELD_FOR, free if wish.together else free[:1]
    span = Span(starts_at, starts_at + timedelta(minutes=wish.meeting_type.minutes))
    try:
        with session.begin_nested():
            release(session, key)
            session.add_all(
                BusyPeriod(
                    advisor_id=each,
                    kind=BusyKind.HOLD,
                    hold_hash=hold_hash(key),
                    expires_at=until,
                    **stretch(span, wish.meeting_type),
                )
                for each in held
            )
            session.flush()
    except IntegrityError as error:
        if not is_overlap(error):
            raise
        raise taken(session, wish, starts_at, now=now) from None
    # While the form is filled in, calendars elsewhere are read once more: the booking is judged by what they say then.
    read_soon(session, held, now=now)
    return until


def release(session: DbSession, key: str) -> None:
    """Give back what is kept under this key; nothing happens when there is nothing."""
    session.execute(delete(BusyPeriod).where(BusyPeriod.hold_hash == hold_hash(key)))


def held_until(session: DbSession, key: str, starts_at: datetime, *, now: datetime) -> datetime | None:
    """Until when this key keeps this very moment; None when it does not, or no more."""
    return session.scalar(
        select(BusyPeriod.expires_at).where(
            BusyPeriod.hold_hash == hold_hash(key),
            BusyPeriod.counted_minute == minute_of(starts_at),
            BusyPeriod.expires_at > now,
        )
    )
