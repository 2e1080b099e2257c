"""Teams as a coordinator keeps them. Writes no history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consult.people.models import Advisor, Team
from consult.people.slugs import free_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from consult.database import DbSession


def all_teams(session: DbSession) -> Sequence[Team]:
    """Every team by name, with its members."""
    return session.scalars(select(Team).options(selectinload(Team.members)).order_by(Team.name)).all()


def save_team(session: DbSession, team: Team | None, name: str, member_ids: Iterable[int]) -> Team:
    """Change a team, or make one."""
    if team is None:
        team = Team(slug=free_slug(session, Team.slug, name))
        session.add(team)
    team.name = name
    team.members = list(
        session.scalars(select(Advisor).where(Advisor.id.in_(tuple(member_ids))).order_by(Advisor.name))
    )
    session.flush()
    return team
