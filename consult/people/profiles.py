"""Advisors as a coordinator keeps them: who they are, what they answer, and how much of it. Writes no history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consult.people.models import Advisor, Team, Topic, WorkingHours, new_schedule_version
from consult.people.slugs import free_slug

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession

# What a new colleague works until the hours are set: Monday to Friday, with a break.
USUAL_HOURS = ((time(9), time(12, 30)), (time(13), time(17)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What can be set down about an advisor; ``capacity`` None: no limit."""

    name: str
    first_name: str
    role: str
    role_en: str
    email: str
    phone: str | None
    whatsapp: str | None
    weight: int
    capacity: int | None
    generalist: bool
    fallback: bool
    active: bool
    topic_ids: frozenset[int]
    team_ids: frozenset[int]


def everybody(session: DbSession) -> Sequence[Advisor]:
    """All advisors with their topics, who works here first, then by name."""
    query = select(Advisor).options(selectinload(Advisor.topics))
    return session.scalars(query.order_by(Advisor.active.desc(), Advisor.name)).all()


def save_profile(session: DbSession, advisor: Advisor | None, profile: Profile, *, now: datetime) -> Advisor:
    """Change an advisor, or make one with usual hours in the firm's zone; the name in addresses is kept.

    Who comes back to work counts as a newcomer, so that nobody is flooded to catch up.
    """
    if advisor is None:
        slug = free_slug(session, Advisor.slug, profile.first_name)
        advisor = Advisor(slug=slug, joined_at=now)
        session.add(advisor)
        _set(session, advisor, profile)
        session.flush()
        session.add_all(
            WorkingHours(advisor_id=advisor.id, weekday=weekday, starts=starts, ends=ends)
            for weekday in range(5)
            for starts, ends in USUAL_HOURS
        )
    else:
        if profile.active and not advisor.active:
            advisor.joined_at = now
        _set(session, advisor, profile)
    advisor.schedule_version = new_schedule_version()
    session.flush()
    return advisor


def _set(session: DbSession, advisor: Advisor, profile: Profile) -> None:
    for name in (
        "name", "first_name", "role", "role_en", "email", "phone", "whatsapp", "weight", "capacity",
        "generalist", "fallback", "active",
    ):  # fmt: skip
        setattr(advisor, name, getattr(profile, name))
    # Nothing is written before all that must be there is.
    with session.no_autoflush:
        advisor.topics = list(session.scalars(select(Topic).where(Topic.id.in_(profile.topic_ids))))
        advisor.teams = list(session.scalars(select(Team).where(Team.id.in_(profile.team_ids))))
