"""Sign up for a group session, take an offered seat, give a seat up. Whoever does so queues at the session's row.

One mail address has one seat. What a stranger can learn by signing up with somebody else's address is nothing: the
answer is that of a first time, and the truth goes by mail.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.activity.services import VISITOR, record
from consult.booking.groups.emails import tell_seat
from consult.booking.groups.finding import Room, locked, room
from consult.booking.groups.models import GroupSession, Seat, SeatState
from consult.booking.groups.queue import is_open, last_position, pass_on
from consult.outbox.services import sent_lately

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from consult.database import DbSession
    from consult.settings import Settings

REMIND_AGAIN_AFTER = timedelta(hours=1)


class SignUpClosed(Exception):
    """The session was called off or has begun."""


class OfferOver(Exception):
    """The seat is not held for this person, or not any more."""


class Outcome(StrEnum):
    """What whoever signs up is told on the page."""

    SEAT = "seat"
    WAITING = "waiting"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSeat:
    """What somebody who signs up filled in, checked and cleaned."""

    form_key: str
    name: str
    email: str
    organisation: str | None = None
    language: str = "nl"


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What the page says, and the seat; none when everything is full."""

    outcome: Outcome
    seat: Seat | None


def sign_up(
    session: DbSession,
    group_session_id: int,
    new: NewSeat,
    *,
    settings: Settings,
    now: datetime,
    actor: str = VISITOR,
) -> SignedUp:
    """Give a seat, or a place on the waiting list, and queue the mail. The same form twice is one seat, told once.

    Raises:
        SignUpClosed: the session was called off or has begun.
    """
    group = locked(session, group_session_id)
    repeated = _seat_of(session, group, Seat.form_key == new.form_key)
    if repeated is not None:
        return SignedUp(_told(repeated), repeated)
    if not is_open(group, now=now):
        raise SignUpClosed
    pass_on(session, group, settings=settings, now=now)
    found = room(session, group)
    outcome = _outcome(found)
    known = _seat_of(session, group, Seat.address_key == new.email.lower())
    if known is not None and known.stands:
        since = now - REMIND_AGAIN_AFTER
        if not sent_lately(session, "seat-known", known.email, since=since):
            tell_seat(session, group, known, "seat-known", settings=settings, now=now)
        return SignedUp(outcome, known if outcome != Outcome.FULL else None)
    if outcome == Outcome.FULL:
        return SignedUp(outcome, None)
    seat = known or _first_time(group, new, now=now)
    _give(session, group, seat, new, outcome, actor=actor, now=now)
    tell_seat(
        session,
        group,
        seat,
        "seat-confirmed" if outcome == Outcome.SEAT else "seat-waiting",
        settings=settings,
        now=now,
    )
    session.flush()
    return SignedUp(outcome, seat)


def accept(session: DbSession, seat: Seat, *, settings: Settings, now: datetime) -> None:
    """Take the seat that is held. Twice is once.

    Raises:
        OfferOver: it is not, or no longer, held for this person.
    """
    group = locked(session, seat.group_session_id)
    session.refresh(seat)
    if seat.state == SeatState.CONFIRMED:
        return
    held = seat.state == SeatState.OFFERED and seat.offered_until is not None and now < seat.offered_until
    if not held or not is_open(group, now=now):
        raise OfferOver
    seat.state, seat.offered_until = SeatState.CONFIRMED, None
    _changed(group, seat, now)
    record(session, ("seat", seat.id), "seat.accepted", actor=VISITOR, now=now)
    tell_seat(session, group, seat, "seat-confirmed", settings=settings, now=now)
    session.flush()


def give_up(session: DbSession, seat: Seat, *, actor: str, settings: Settings, now: datetime) -> None:
    """Give back a seat, an offer or a place in the queue; who waits is offered what came free. Twice is once.

    Raises:
        SignUpClosed: the session has begun, or was called off.
    """
    group = locked(session, seat.group_session_id)
    session.refresh(seat)
    if not seat.stands:
        return
    if not is_open(group, now=now):
        raise SignUpClosed
    had_seat = seat.state == SeatState.CONFIRMED
    seat.state = SeatState.DECLINED if seat.state == SeatState.OFFERED else SeatState.CANCELLED
    seat.offered_until = None
    if had_seat:
        _changed(group, seat, now)
    record(session, ("seat", seat.id), f"seat.{seat.state}", actor=actor, now=now)
    session.flush()
    if had_seat:
        tell_seat(session, group, seat, "seat-cancelled", settings=settings, now=now, withdraw=True)
    pass_on(session, group, settings=settings, now=now)


def _give(
    session: DbSession,
    group: GroupSession,
    seat: Seat,
    new: NewSeat,
    outcome: Outcome,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Let a new seat, or one that was given up before, be what the person gets now."""
    seat.form_key, seat.name, seat.organisation = new.form_key, new.name, new.organisation
    seat.language, seat.offers, seat.offered_until = new.language, 0, None
    seat.state = SeatState.CONFIRMED if outcome == Outcome.SEAT else SeatState.WAITING
    seat.position = last_position(session, group) + 1
    if outcome == Outcome.SEAT and seat in session:
        # A calendar that once took this seat out must see a newer invite.
        _changed(group, seat, now)
    session.add(seat)
    session.flush()
    record(session, ("seat", seat.id), f"seat.{seat.state}", actor=actor, now=now)


def _first_time(group: GroupSession, new: NewSeat, *, now: datetime) -> Seat:
    return Seat(
        group_session_id=group.id,
        email=new.email,
        address_key=new.email.lower(),
        reply_token=secrets.token_hex(16),
        sequence=0,
        created_at=now,
        changed_at=now,
    )


def _seat_of(session: DbSession, group: GroupSession, which: ColumnElement[bool]) -> Seat | None:
    return session.scalars(
        select(Seat).where(Seat.group_session_id == group.id, which).execution_options(populate_existing=True)
    ).one_or_none()


def _outcome(found: Room) -> Outcome:
    if found.left:
        return Outcome.SEAT
    return Outcome.WAITING if found.waiting_left else Outcome.FULL


def _told(seat: Seat) -> Outcome:
    return Outcome.SEAT if seat.state == SeatState.CONFIRMED else Outcome.WAITING


def _changed(group: GroupSession, seat: Seat, now: datetime) -> None:
    """A change that this person's calendar must hear of: a higher SEQUENCE, a DTSTAMP later than any it heard."""
    seat.sequence += 1
    seat.changed_at = max(now, max(group.changed_at, seat.changed_at) + timedelta(seconds=1))
