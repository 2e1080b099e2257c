"""Group sessions at a time at which a host's own calendar says busy: found, and told once, as for talks.

The session itself counts, and not what is kept free around it. Nothing is refused here: who hosts it decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.activity.services import SYSTEM, record
from consult.availability import minute_of
from consult.booking.groups.emails import CLASH, tell_host
from consult.booking.groups.models import GroupSession
from consult.booking.groups.planning import SUBJECT
from consult.booking.models import BusyPeriod
from consult.people.calendars import ForeignBusy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Select

    from consult.database import DbSession
    from consult.settings import Settings


def clashing_sessions(*, advisor_id: int | None = None, now: datetime) -> Select[int | None]:
    """The ids of the sessions to come that clash with a calendar of a host: of this advisor, or of anybody."""
    starts = BusyPeriod.start_minute + GroupSession.buffer_before_minutes
    query = (
        select(BusyPeriod.group_session_id)
        .join(GroupSession, GroupSession.id == BusyPeriod.group_session_id)
        .join(
            ForeignBusy,
            (ForeignBusy.advisor_id == BusyPeriod.advisor_id)
            & (ForeignBusy.start_minute < BusyPeriod.talk_end_minute)
            & (ForeignBusy.end_minute > starts),
        )
        .where(BusyPeriod.start_minute > minute_of(now) - GroupSession.buffer_before_minutes)
    )
    return query if advisor_id is None else query.where(BusyPeriod.advisor_id == advisor_id)


def tell_of_session_clashes(
    session: DbSession, session_ids: Iterable[int], advisor_id: int, *, settings: Settings, now: datetime
) -> None:
    """Tell this advisor of sessions that clash with a calendar of theirs since it was read just now."""
    for group in session.scalars(
        select(GroupSession).where(GroupSession.id.in_(tuple(session_ids))).order_by(GroupSession.starts_at)
    ).all():
        record(
            session, (SUBJECT, group.id), "group_session.clashed", actor=SYSTEM, now=now, advisor=advisor_id
        )
        for host in group.hosts:
            if host.advisor_id == advisor_id:
                tell_host(session, group, host, CLASH, settings=settings, now=now)
