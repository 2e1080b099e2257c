"""Plan an advisor's absence and end it; whoever stands in is asked in the meantime.

An absence begins and ends by the clock: nothing has to run for it. Every change gives the advisor's schedule another
version, so that moments and contact blocks follow at once. Knows no question and no talk, and writes
no history: whoever calls does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from consult.people.models import Absence, Advisor, new_schedule_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.timespan import Span


class AlreadyOver(Exception):
    """The absence lies in the past."""


class Overlapping(Exception):
    """The advisor is away already in a part of that time; ``other`` is when."""

    def __init__(self, other: Absence) -> None:
        super().__init__("away already")
        self.other = other


class StandInAway(Exception):
    """The stand-in is the same person, works here no more, or is away in all or a part of that time."""


def plan_absence(
    session: DbSession, advisor: Advisor, span: Span, stand_in: Advisor | None, *, now: datetime
) -> Absence:
    """Let the advisor be away in this time, with who takes over what cannot wait.

    Raises:
        AlreadyOver: it would end before now.
        Overlapping: the advisor is away already in a part of it.
        StandInAway: the stand-in cannot stand in.
    """
    if span.end <= now:
        raise AlreadyOver
    # One at a time: two forms of the same advisor would each see no other absence.
    session.execute(select(Advisor.id).where(Advisor.id == advisor.id).with_for_update())
    other = _overlapping(session, advisor.id, span)
    if other is not None:
        raise Overlapping(other)
    if stand_in is not None and not can_stand_in(session, stand_in, advisor, span):
        raise StandInAway
    absence = Absence(
        advisor_id=advisor.id,
        starts_at=span.start,
        ends_at=span.end,
        stand_in_id=stand_in.id if stand_in else None,
    )
    session.add(absence)
    session.flush()
    _changed(session, absence)
    return absence


def can_stand_in(session: DbSession, stand_in: Advisor, advisor: Advisor, span: Span) -> bool:
    """Whether somebody else works here and is never away in this time."""
    return stand_in.id != advisor.id and stand_in.active and _overlapping(session, stand_in.id, span) is None


def end_absence(session: DbSession, absence: Absence, *, now: datetime) -> None:
    """The advisor is back: an absence that runs ends now, one that has yet to begin is dropped. Twice is once."""
    if absence.ends_at <= now:
        return
    _changed(session, absence)
    if absence.starts_at >= now:
        session.delete(absence)
    else:
        absence.ends_at = now
    session.flush()


def coming(
    session: DbSession, advisor_ids: Iterable[int], *, now: datetime
) -> Sequence[tuple[Absence, Advisor]]:
    """The absences of these advisors that run or have yet to begin, in order, each with who is away."""
    query = (
        select(Absence, Advisor)
        .join(Advisor, Advisor.id == Absence.advisor_id)
        .options(joinedload(Absence.stand_in))
        .where(Absence.advisor_id.in_(tuple(advisor_ids)), Absence.ends_at > now)
    )
    return [(row[0], row[1]) for row in session.execute(query.order_by(Absence.starts_at, Absence.id))]


def stand_in_of(session: DbSession, advisor_id: int, *, now: datetime) -> Advisor | None:
    """Who stands in for this advisor now: named in the absence that began last, at work and not away as well."""
    away = select(Absence.advisor_id).where(Absence.starts_at <= now, Absence.ends_at > now)
    return session.scalars(
        select(Advisor)
        .join(Absence, Absence.stand_in_id == Advisor.id)
        .where(
            Absence.advisor_id == advisor_id,
            Absence.starts_at <= now,
            Absence.ends_at > now,
            Advisor.active,
            Advisor.id.not_in(away),
        )
        .order_by(Absence.starts_at.desc())
        .limit(1)
    ).first()


def is_away(session: DbSession, advisor_id: int, *, now: datetime) -> bool:
    """Whether this advisor is away at this moment."""
    runs = (Absence.starts_at <= now) & (Absence.ends_at > now)
    return (
        session.scalar(select(Absence.id).where(Absence.advisor_id == advisor_id, runs).limit(1)) is not None
    )


def _overlapping(session: DbSession, advisor_id: int, span: Span) -> Absence | None:
    query = select(Absence).where(
        Absence.advisor_id == advisor_id, Absence.starts_at < span.end, Absence.ends_at > span.start
    )
    return session.scalars(query.order_by(Absence.starts_at).limit(1)).first()


def _changed(session: DbSession, absence: Absence) -> None:
    session.execute(
        update(Advisor)
        .where(Advisor.id == absence.advisor_id)
        .values(schedule_version=new_schedule_version())
    )
