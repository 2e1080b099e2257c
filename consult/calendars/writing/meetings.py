"""What should stand in an advisor's calendar: the talks and group sessions to come, each known by its UID."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.booking import invites
from consult.booking.groups import invites as group_invites
from consult.booking.groups.models import GroupSession, GroupState, SessionHost
from consult.booking.hosts import held_by, invitation_of
from consult.booking.models import Booking, BookingState
from consult.booking.series.invites import series_invite
from consult.booking.series.models import TalkSeries
from consult.scheduling.stored import stored
from consult.scheduling.writer import request
from consult.web.public_urls import desk_booking_url, desk_session_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings

# A talk of a series may be moved to after the end of its rhythm.
_MOVED = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A calendar object that should stand there. Another ``version`` says that it should stand there otherwise."""

    uid: str
    version: str
    ends_at: datetime


def wanted(session: DbSession, advisor_id: int, *, now: datetime) -> tuple[Wanted, ...]:
    """What this advisor's calendar should hold now; three statements that read columns only."""
    return (
        *_talks(session, advisor_id, now),
        *_series(session, advisor_id, now),
        *_groups(session, advisor_id, now),
    )


def _talks(session: DbSession, advisor_id: int, now: datetime) -> Iterator[Wanted]:
    rows = session.execute(
        select(Booking.uid, Booking.sequence, Booking.ends_at).where(
            held_by((advisor_id,)),
            Booking.state == BookingState.CONFIRMED,
            Booking.series_id.is_(None),
            Booking.ends_at > now,
        )
    )
    return (Wanted(uid, str(sequence), ends_at) for uid, sequence, ends_at in rows)


def _series(session: DbSession, advisor_id: int, now: datetime) -> Iterator[Wanted]:
    """A series is one object: it changes with each of its talks, and stands until the last one is over."""
    rows = session.execute(
        select(TalkSeries.uid, TalkSeries.sequence, Booking.id, Booking.sequence, Booking.ends_at)
        .join(TalkSeries, TalkSeries.id == Booking.series_id)
        .where(
            held_by((advisor_id,)),
            Booking.state == BookingState.CONFIRMED,
            TalkSeries.until_at > now - _MOVED,
        )
        .order_by(Booking.id)
    ).all()
    for uid in dict.fromkeys(row[0] for row in rows):
        own = [row for row in rows if row[0] == uid]
        ends_at = max(row[4] for row in own)
        if ends_at > now:
            told = "\n".join(f"{row[1]} {row[2]} {row[3]}" for row in own)
            yield Wanted(uid, sha256(told.encode()).hexdigest(), ends_at)


def _groups(session: DbSession, advisor_id: int, now: datetime) -> Iterator[Wanted]:
    rows = session.execute(
        select(GroupSession.uid, GroupSession.sequence, GroupSession.ends_at)
        .join(SessionHost)
        .where(
            SessionHost.advisor_id == advisor_id,
            GroupSession.state != GroupState.CANCELLED,
            GroupSession.ends_at > now,
        )
    )
    return (Wanted(uid, str(sequence), ends_at) for uid, sequence, ends_at in rows)


def as_stored(session: DbSession, advisor_id: int, uid: str, settings: Settings) -> bytes | None:
    """The bytes to store for this advisor; None when it should not stand there any more."""
    method, raw = _invite(session, advisor_id, uid, settings) or ("", b"")
    return stored(raw) if method == "REQUEST" else None


def _invite(session: DbSession, advisor_id: int, uid: str, settings: Settings) -> tuple[str, bytes] | None:
    # The first talk of a series has the UID of its series.
    talk = session.scalar(select(Booking).where(Booking.uid == uid, Booking.series_id.is_(None)))
    if talk is not None:
        own = invitation_of(talk, advisor_id)
        link = desk_booking_url(settings, talk.reference)
        return invites.invite(talk, own, settings, link) if own else None
    series = session.scalar(select(TalkSeries).where(TalkSeries.uid == uid))
    if series is not None:
        return _series_invite(series, advisor_id, settings)
    group = session.scalar(select(GroupSession).where(GroupSession.uid == uid))
    host = next((each for each in group.hosts if each.advisor_id == advisor_id), None) if group else None
    if group is None or host is None or group.state == GroupState.CANCELLED:
        return None
    return group_invites.invitation(
        group_invites.for_host(group, host, settings, desk_session_url(settings, group.slug))
    )


def _series_invite(series: TalkSeries, advisor_id: int, settings: Settings) -> tuple[str, bytes] | None:
    """The whole series for whoever was invited to it; for who took over some talks, those."""
    own = invitation_of(series.lead, advisor_id)
    if own is not None:
        return series_invite(series, own, settings, desk_booking_url(settings, series.lead.reference))
    taken = [
        invites.as_meeting(talk, invitation, settings, desk_booking_url(settings, talk.reference))
        for talk in series.talks
        if talk.state == BookingState.CONFIRMED and (invitation := invitation_of(talk, advisor_id))
    ]
    return ("REQUEST", request(taken[0], taken[1:])) if taken else None
