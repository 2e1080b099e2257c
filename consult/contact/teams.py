"""Who of a team gets a question that is handed to the team as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from consult.activity.services import record
from consult.contact.assignment import question_of
from consult.contact.roster import roster_for
from consult.people.models import Advisor, Team, team_member
from consult.routing.engine import decide_in_team
from consult.routing.rules import RuleSet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.contact.models import Enquiry
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


def choose_in_team(
    session: DbSession, team_id: int, enquiry: Enquiry, *, actor: str, now: datetime
) -> Advisor:
    """Which member it is for, by the balance that divides all questions; who has the question already is left out.

    The decision is written down with the question, whatever is done with it then.

    Raises:
        NobodyThere: the team has nobody to give it to.
    """
    of_team = select(team_member.c.advisor_id).where(team_member.c.team_id == team_id)
    members = [each for each in session.scalars(of_team) if each != enquiry.advisor_id]
    roster = roster_for(session, enquiry.page_id, RuleSet(), now=now)
    decision = decide_in_team(question_of(enquiry, at=now), roster, sorted(members))
    chosen = session.get(Advisor, decision.advisor_id) if decision.advisor_id is not None else None
    if chosen is None:
        raise NobodyThere
    told: dict[str, Any] = {"team": team_id, "advisor": chosen.id, "decision": decision.to_json()}
    subject = ("enquiry", enquiry.id)
    record(session, subject, "enquiry.chosen_in_team", actor=actor, now=now, why=decision.reason, **told)
    return chosen
