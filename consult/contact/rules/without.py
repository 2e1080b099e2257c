"""Who would get an advisor's questions if that one were away: the engine's own decision for each, with nothing stored.

Every question that goes somewhere counts there for the next one, so that the answer is spread as it would be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consult.contact.assignment import question_of
from consult.contact.continuity import topic_owners
from consult.contact.leaving import questions_hit
from consult.contact.roster import everybody
from consult.contact.rules.versions import load_rules
from consult.routing.advisor import Absence
from consult.routing.engine import decide

if TYPE_CHECKING:
    from datetime import datetime

    from consult.contact.models import Enquiry
    from consult.database import DbSession
    from consult.routing.decision import Decision
    from consult.routing.roster import Roster
    from consult.timespan import Span


@dataclass(frozen=True, slots=True)
class Passed:
    """A question that an absence hits, and the decision that it would get when the absence begins."""

    enquiry: Enquiry
    decision: Decision


def questions_without(
    session: DbSession, advisor_id: int, span: Span, stand_in_id: int | None, *, now: datetime
) -> list[Passed]:
    """The questions that the absence hits, the earliest promise first, each with who would get it."""
    hit = questions_hit(session, advisor_id, span, now=now)
    if not hit:
        return []
    owners = topic_owners(session, {each.organisation_id for each in hit if each.organisation_id})
    roster = roster_without(session, advisor_id, span, stand_in_id, now=now)
    at = max(now, span.start)
    passed = []
    for enquiry in hit:
        topic_id = enquiry.topic_id or (enquiry.page.topic_id if enquiry.page else None)
        owner_id = owners.get((enquiry.organisation_id or 0, topic_id or 0))
        decision = decide(question_of(enquiry, at=at, topic_owner_id=owner_id), roster)
        if decision.advisor_id is not None:
            roster = roster.with_assignment(decision.advisor_id, at)
        passed.append(Passed(enquiry, decision))
    return passed


def roster_without(
    session: DbSession, advisor_id: int, span: Span, stand_in_id: int | None, *, now: datetime
) -> Roster:
    """Everybody and the rules that count now, with this advisor away in that time."""
    roster = everybody(session, now=now)
    away = Absence(span.start, span.end, stand_in_id)
    return replace(
        roster,
        rules=load_rules(session),
        advisors=tuple(
            replace(each, absences=(*each.absences, away)) if each.id == advisor_id else each
            for each in roster.advisors
        ),
    )
