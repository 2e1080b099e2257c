"""Ask the routing engine who gets a question, and what other rules would have done with earlier ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.contact.continuity import topic_owner_id, topic_owners
from consult.contact.models import ContactPage, Enquiry, EnquiryState
from consult.contact.roster import everybody, roster_for
from consult.contact.rules.versions import compiled, load_rules, numbered
from consult.people.models import team_member
from consult.routing.dry_run import differences
from consult.routing.engine import decide
from consult.routing.question import Question
from consult.routing.rules import RuleSet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.contact.rules.written import RoutingRule
    from consult.database import DbSession
    from consult.routing.decision import Decision
    from consult.routing.dry_run import Difference

LAST_QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class DryRun:
    """How many questions were looked at, and those that the changed rules decide differently, newest first."""

    questions: int
    differences: tuple[Difference, ...]


def choose_advisor(session: DbSession, enquiry: Enquiry, *, now: datetime) -> Decision:
    """Who should get this question at this moment, with every step that led there. Changes nothing."""
    owner_id = None
    if enquiry.organisation_id is not None:
        owner_id = topic_owner_id(session, enquiry.organisation_id, topic_id_of(session, enquiry))
    rules = load_rules(session)
    return decide(
        question_of(enquiry, at=now, topic_owner_id=owner_id),
        roster_for(session, enquiry.page_id, rules, now=now),
    )


def rules_that_hold(session: DbSession, question: Question) -> RuleSet:
    """The rules that count now and hold for this, in order; of a team its members are named one by one."""
    rules = load_rules(session)
    held = tuple(rules.matching(question, question.topic_id))
    members: defaultdict[int | None, list[int]] = defaultdict(list)
    if team_ids := {each.team_id for each in held if each.team_id is not None}:
        of_teams = select(team_member.c.team_id, team_member.c.advisor_id).order_by(team_member.c.advisor_id)
        for team_id, advisor_id in session.execute(of_teams.where(team_member.c.team_id.in_(team_ids))):
            members[team_id].append(advisor_id)
    named = (
        replace(each, advisor_ids=(*each.advisor_ids, *members[each.team_id]), team_id=None) for each in held
    )
    return RuleSet(version=rules.version, rules=tuple(named))


def topic_id_of(session: DbSession, enquiry: Enquiry) -> int | None:
    """The topic that counts: the visitor's own, else that of the page."""
    if enquiry.topic_id is not None or enquiry.page_id is None:
        return enquiry.topic_id
    return session.scalar(select(ContactPage.topic_id).where(ContactPage.id == enquiry.page_id))


def dry_run(
    session: DbSession, rules: Sequence[RoutingRule], *, now: datetime, most: int = LAST_QUESTIONS
) -> DryRun:
    """What these rules would have done with the last ``most`` questions, against the rules that count now.

    Owners, teams and pages are those of today; absences are judged at the time of each question. Changes nothing.
    """
    recent = session.scalars(
        select(Enquiry)
        .where(Enquiry.state != EnquiryState.HELD)
        .options(joinedload(Enquiry.contact), joinedload(Enquiry.organisation), joinedload(Enquiry.page))
        .order_by(Enquiry.id.desc())
        .limit(most)
    ).all()
    owners = topic_owners(session, {each.organisation_id for each in recent if each.organisation_id})
    questions = []
    for each in recent:
        topic_id = each.topic_id or (each.page.topic_id if each.page else None)
        owner_id = owners.get((each.organisation_id or 0, topic_id or 0))
        questions.append(question_of(each, at=each.asked_at, topic_owner_id=owner_id))
    before = load_rules(session)
    since = min((each.at for each in questions), default=now)
    after = compiled(before.version + 1, numbered(session, rules))
    roster = everybody(session, now=now, since=since)
    return DryRun(len(questions), differences(questions, roster, before, after))


def question_of(enquiry: Enquiry, *, at: datetime, topic_owner_id: int | None = None) -> Question:
    """The question as the engine sees it at this moment."""
    organisation = enquiry.organisation
    return Question(
        id=enquiry.id,
        at=at,
        channel=enquiry.channel,
        text=enquiry.question,
        urgent=enquiry.urgent,
        topic_id=enquiry.topic_id,
        page_id=enquiry.page_id,
        chosen_advisor_id=enquiry.wanted_advisor_id,
        contact_owner_id=enquiry.contact.owner_id if enquiry.contact else None,
        organisation_topic_owner_id=topic_owner_id,
        organisation_owner_id=organisation.owner_id if organisation else None,
        organisation_domain=(enquiry.email or "").rpartition("@")[2] or None,
        municipality_code=organisation.code if organisation else None,
        province=organisation.province if organisation else None,
        language=enquiry.language,
    )
