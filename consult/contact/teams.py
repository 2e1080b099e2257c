"""Who of a team gets a question that is handed to the team as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from consult.contact.models import Enquiry, EnquiryState
from consult.people.models import Absence, Advisor, Team, advisor_topic, team_member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession


class NobodyThere(Exception):
    """Everybody in the team is away, left, or has the question already."""


def teams(session: DbSession) -> Sequence[tuple[int, str]]:
    """Id and name of every team with somebody at work, by name."""
    rows = session.execute(
        select(Team.id, Team.name)
        .where(
            select(team_member.c.advisor_id)
            .join(Advisor, Advisor.id == team_member.c.advisor_id)
            .where(team_member.c.team_id == Team.id, Advisor.active)
            .exists()
        )
        .order_by(Team.name)
    )
    return [(number, name) for number, name in rows]


def receiver_in_team(session: DbSession, team_id: int, enquiry: Enquiry, *, now: datetime) -> Advisor:
    """The member at work who knows the topic, if any does, and has the fewest open questions for their weight.

    Raises:
        NobodyThere: the team has nobody to give it to.
    """
    away = select(Absence.advisor_id).where(Absence.starts_at <= now, Absence.ends_at > now)
    unfinished = (
        select(func.count())
        .where(Enquiry.advisor_id == Advisor.id, Enquiry.state == EnquiryState.OPEN)
        .correlate(Advisor)
        .scalar_subquery()
    )
    knows = (
        select(advisor_topic.c.advisor_id)
        .where(advisor_topic.c.advisor_id == Advisor.id, advisor_topic.c.topic_id == enquiry.topic_id)
        .exists()
    )
    competent = Advisor.generalist | knows if enquiry.topic_id is not None else Advisor.active
    found = session.scalars(
        select(Advisor)
        .join(team_member, team_member.c.advisor_id == Advisor.id)
        .where(
            team_member.c.team_id == team_id,
            Advisor.active,
            Advisor.id.not_in(away),
            Advisor.id != (enquiry.advisor_id or 0),
        )
        .order_by(
            competent.desc(),
            (unfinished + 1.0) / func.coalesce(func.nullif(Advisor.weight, 0), 1),
            Advisor.id,
        )
        .limit(1)
    ).first()
    if found is None:
        raise NobodyThere
    return found
