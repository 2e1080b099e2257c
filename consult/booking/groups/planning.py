"""Plan a group session: its hosts' time is taken, and each of them is invited. Changes stand in ``changing``."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.activity.services import record
from consult.booking.groups import hosts as group_hosts
from consult.booking.groups.emails import tell_host
from consult.booking.groups.hosts import HostTime
from consult.booking.groups.models import (
    BUFFER_MINUTES,
    CAPACITY,
    WAITING_CAPACITY,
    GroupSession,
    GroupState,
    SessionHost,
)
from consult.people.models import Advisor
from consult.timespan import Span

if TYPE_CHECKING:
    from consult.booking.models import Place
    from consult.database import DbSession
    from consult.settings import Settings

SUBJECT = "group_session"


class SlugTaken(Exception):
    """Another session has this name in addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGroupSession:
    """What a coordinator filled in, checked and cleaned; ``host_ids`` in the order in which they are named."""

    slug: str
    title: str
    title_en: str
    starts_at: datetime
    ends_at: datetime
    host_ids: tuple[int, ...]
    place: Place
    description: str = ""
    description_en: str = ""
    location: str | None = None
    conference_url: str | None = None
    capacity: int = CAPACITY
    waiting_capacity: int = WAITING_CAPACITY
    buffer_before_minutes: int = BUFFER_MINUTES
    buffer_after_minutes: int = BUFFER_MINUTES
    handout: str | None = None
    handout_title: str | None = None
    outside_hours: bool = False


def create(
    session: DbSession, new: NewGroupSession, *, actor: str, settings: Settings, now: datetime
) -> GroupSession:
    """Plan a session, take its hosts' time, and invite them.

    Raises:
        SlugTaken: another session has that name in addresses.
        HostsBusy: not all hosts are free then.
        ValueError: no host, one twice, or a time that cannot be.
    """
    if not new.host_ids or len(set(new.host_ids)) != len(new.host_ids):
        raise ValueError("a group session has hosts, each once")
    if session.scalar(select(GroupSession.id).where(GroupSession.slug == new.slug)) is not None:
        raise SlugTaken
    group = _new(new, settings=settings, now=now)
    wanted = host_time(group, group.starts_at, group.ends_at, outside_hours=new.outside_hours)
    group_hosts.check_free(session, new.host_ids, wanted, now=now)
    group.hosts = [
        new_host(session, advisor_id, position) for position, advisor_id in enumerate(new.host_ids)
    ]
    session.add(group)
    session.flush()
    group_hosts.take(session, group, new.host_ids, wanted)
    record(session, (SUBJECT, group.id), "group_session.created", actor=actor, now=now)
    for host in group.hosts:
        tell_host(session, group, host, "seat-host", settings=settings, now=now)
    session.flush()
    return group


def _new(new: NewGroupSession, *, settings: Settings, now: datetime) -> GroupSession:
    return GroupSession(
        slug=new.slug,
        title=new.title,
        title_en=new.title_en,
        description=new.description,
        description_en=new.description_en,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        place=new.place,
        location=new.location,
        conference_url=new.conference_url,
        capacity=new.capacity,
        waiting_capacity=new.waiting_capacity,
        buffer_before_minutes=new.buffer_before_minutes,
        buffer_after_minutes=new.buffer_after_minutes,
        handout=new.handout,
        handout_title=new.handout_title,
        state=GroupState.PLANNED,
        uid=f"{secrets.token_hex(16)}@{settings.answer_domain}",
        sequence=0,
        created_at=now,
        changed_at=now,
    )


def new_host(session: DbSession, advisor_id: int, position: int) -> SessionHost:
    """A place among the hosts for this advisor, with an own address for answers."""
    advisor = session.get_one(Advisor, advisor_id)
    return SessionHost(advisor=advisor, position=position, reply_token=secrets.token_hex(16))


def host_time(
    group: GroupSession, starts_at: datetime, ends_at: datetime, *, outside_hours: bool
) -> HostTime:
    """The time that the session takes of a host if it is then."""
    before, after = (timedelta(minutes=m) for m in (group.buffer_before_minutes, group.buffer_after_minutes))
    return HostTime(Span(starts_at, ends_at), before, after, outside_hours)
