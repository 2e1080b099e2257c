"""Change a planned group session: move it, call it off, let another advisor host, change the numbers.

Everybody whose calendar changes is told, each in a mail of their own; those who wait are told too.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from consult.activity.services import record
from consult.booking.groups import hosts as group_hosts
from consult.booking.groups.emails import LINK_AFTER_SESSION, tell_host, tell_seat
from consult.booking.groups.finding import locked, seats
from consult.booking.groups.models import STANDING, GroupState, SeatState
from consult.booking.groups.planning import SUBJECT, host_time, new_host
from consult.booking.groups.queue import is_open, pass_on
from consult.links.models import Purpose
from consult.links.services import set_expiry
from consult.timespan import Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.booking.groups.models import GroupSession, Seat
    from consult.database import DbSession
    from consult.settings import Settings


class NotPlanned(Exception):
    """The session was called off or has begun: nothing about it can change any more."""


class AlreadyHost(Exception):
    """This advisor hosts the session already."""


def move(
    session: DbSession,
    group: GroupSession,
    span: Span,
    *,
    actor: str,
    settings: Settings,
    now: datetime,
    outside_hours: bool = False,
) -> None:
    """Give a session another time, for the same hosts, and tell everybody. To where it is already: nothing happens.

    Raises:
        NotPlanned: it was called off or has begun.
        HostsBusy: not all hosts are free then.
    """
    locked(session, group.id)
    if not is_open(group, now=now):
        raise NotPlanned
    if span == Span(group.starts_at, group.ends_at):
        return
    host_ids = [host.advisor_id for host in group.hosts]
    wanted = host_time(group, span.start, span.end, outside_hours=outside_hours)
    group_hosts.check_free(session, host_ids, wanted, now=now, without=group.id)
    group_hosts.shift(session, group, wanted)
    before, standing = group.starts_at, seats(session, group, *STANDING)
    group.starts_at, group.ends_at = span.start, span.end
    raise_sequence(group, standing, now)
    for seat in standing:
        if seat.offered_until is not None:
            seat.offered_until = min(seat.offered_until, group.starts_at)
        set_expiry(session, Purpose.SEAT, seat.id, group.ends_at + LINK_AFTER_SESSION)
    record(
        session, (SUBJECT, group.id), "group_session.moved", actor=actor, now=now, before=before.isoformat()
    )
    session.flush()
    tell_everybody(session, group, standing, "seat-moved", settings=settings, now=now)


def cancel(
    session: DbSession,
    group: GroupSession,
    *,
    reason: str | None,
    actor: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Call a session off, free its hosts' time, and tell everybody, those who wait too. Twice is once.

    Raises:
        NotPlanned: it has begun.
    """
    locked(session, group.id)
    if group.state == GroupState.CANCELLED:
        return
    if now >= group.starts_at:
        raise NotPlanned
    standing = seats(session, group, *STANDING)
    group.state, group.cancelled_at, group.cancel_reason = GroupState.CANCELLED, now, reason
    raise_sequence(group, standing, now)
    group_hosts.free(session, group)
    record(session, (SUBJECT, group.id), "group_session.cancelled", actor=actor, now=now, why=reason)
    session.flush()
    tell_everybody(session, group, standing, "seat-cancelled", settings=settings, now=now, why=reason)


def hand_over(
    session: DbSession,
    group: GroupSession,
    from_id: int,
    to_id: int,
    *,
    actor: str,
    settings: Settings,
    now: datetime,
    outside_hours: bool = False,
) -> None:
    """Let another advisor host in the place of one who did: the one's calendar loses it, the other's gains it.

    Nothing changes for whoever comes, so nobody of them gets a mail.

    Raises:
        NotPlanned: it was called off or has begun.
        LookupError: ``from_id`` does not host it.
        AlreadyHost: ``to_id`` does so already.
        HostsBusy: ``to_id`` is not free.
    """
    locked(session, group.id)
    if not is_open(group, now=now):
        raise NotPlanned
    old = next((host for host in group.hosts if host.advisor_id == from_id), None)
    if old is None:
        raise LookupError("no host of this session")
    if any(host.advisor_id == to_id for host in group.hosts):
        raise AlreadyHost
    wanted = host_time(group, group.starts_at, group.ends_at, outside_hours=outside_hours)
    group_hosts.check_free(session, (to_id,), wanted, now=now)
    group_hosts.free(session, group, from_id)
    group_hosts.take(session, group, (to_id,), wanted)
    raise_sequence(group, (), now)
    tell_host(session, group, old, "seat-cancelled", settings=settings, now=now, withdraw=True)
    new = new_host(session, to_id, old.position)
    group.hosts.remove(old)
    group.hosts.append(new)
    record(
        session,
        (SUBJECT, group.id),
        "group_session.host_changed",
        actor=actor,
        now=now,
        before=from_id,
        after=to_id,
    )
    session.flush()
    tell_host(session, group, new, "seat-host", settings=settings, now=now)


def change_numbers(
    session: DbSession,
    group: GroupSession,
    *,
    capacity: int,
    waiting_capacity: int,
    actor: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Let more or fewer people in; whoever waits is offered what comes free, and nobody loses a seat.

    Raises:
        ValueError: no seat at all, or a waiting list below nothing.
    """
    if capacity < 1 or waiting_capacity < 0:
        raise ValueError("a session has a seat, and a waiting list of 0 or more")
    locked(session, group.id)
    group.capacity, group.waiting_capacity = capacity, waiting_capacity
    record(session, (SUBJECT, group.id), "group_session.numbers", actor=actor, now=now, capacity=capacity)
    session.flush()
    pass_on(session, group, settings=settings, now=now)


def raise_sequence(group: GroupSession, told: Sequence[Seat], now: datetime) -> None:
    """A change for every calendar: a higher SEQUENCE, a DTSTAMP later than any before it (RFC 5546 2.1.4, 2.1.5)."""
    group.sequence += 1
    latest = max((group.changed_at, *(seat.changed_at for seat in told)))
    group.changed_at = max(now, latest + timedelta(seconds=1))


def tell_everybody(
    session: DbSession,
    group: GroupSession,
    standing: Sequence[Seat],
    event: str,
    *,
    settings: Settings,
    now: datetime,
    why: str | None = None,
) -> None:
    """Tell every host and everybody who has a seat or waits, each in a mail of their own."""
    withdraw = group.state == GroupState.CANCELLED
    for host in group.hosts:
        tell_host(session, group, host, event, settings=settings, now=now, withdraw=withdraw, why=why)
    for seat in standing:
        has_invite = seat.state == SeatState.CONFIRMED
        tell_seat(
            session,
            group,
            seat,
            event,
            settings=settings,
            now=now,
            withdraw=withdraw and has_invite,
            why=why,
        )
    session.flush()
