"""Which of the advisors who are free gets the talk, and why: the routing engine decides.

Whom the visitor knows comes first, then the coordinators' rules, and only then an even load.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, func, literal, null, select

from consult.booking.models import Booking
from consult.booking.neighbours import neighbours
from consult.booking.storing import Holder
from consult.people.models import Advisor, Organisation
from consult.people.services import Recognised, municipality_of
from consult.routing.advisor import Advisor as RoutingAdvisor
from consult.routing.balance import WINDOW
from consult.routing.engine import decide as route
from consult.routing.question import Question
from consult.routing.roster import Roster
from consult.routing.rules import RuleSet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.booking.placing import NewBooking
    from consult.database import DbSession


# What routing and the mails want to know of an advisor; ``ALONE``: of one with whom nobody is compared.
_DESCRIBED = (
    Advisor.id,
    Advisor.name,
    Advisor.first_name,
    Advisor.email,
    Advisor.timezone,
    Advisor.whatsapp,
    Advisor.active,
    Advisor.weight,
    Advisor.joined_at,
)
ALONE = (*_DESCRIBED, literal(0).label("given"), null().label("last"))
_ALONE = select(*ALONE).where(Advisor.id == bindparam("advisor_id"))


class Described(NamedTuple):
    """The columns of ``ALONE``."""

    id: int
    name: str
    first_name: str
    email: str
    timezone: str
    whatsapp: str | None
    active: bool
    weight: int
    joined_at: datetime
    given: int
    last: datetime | None


class KnownVisitor(NamedTuple):
    """Who plans the talk; the one advisor who was asked for; the organisation that was named, with its owner."""

    contact: Recognised
    only: Described | None
    organisation_id: int | None
    organisation_owner_id: int | None


def choose_advisor(
    session: DbSession,
    free: Sequence[int],
    *,
    is_named: bool,
    new: NewBooking,
    known: KnownVisitor,
    now: datetime,
) -> tuple[Holder, dict[str, Any]]:
    """One of the free advisors, and the decision to store; ``is_named``: the visitor asked for this one.

    Being free at that moment is what counts: somebody who is away today may be back by then. Of several who are free
    the one who knows this visitor or the organisation goes first, then whom the coordinators' rules name. One
    statement, and two for the owners and the rules.
    """
    rows = _workloads(session, free, known.only, now=now)
    advisors = {row.id: Holder(row.id, row.name, row.first_name, row.email, row.timezone) for row in rows}
    described = tuple(
        RoutingAdvisor(
            id=row.id,
            channels=frozenset({"email", "phone", *(["whatsapp"] if row.whatsapp else [])}),
            generalist=True,
            active=row.active,
            weight=row.weight,
            assigned_count=row.given,
            last_assigned_at=row.last,
            joined_at=row.joined_at,
        )
        for row in rows
    )
    question = _question(new, free[0] if is_named else None, now=now)
    rules = RuleSet()
    if not is_named:
        question = _with_owners(session, question, known, free)
        rules = rules if len(free) == 1 else _rules_about(session, question, free)
    decision = route(question, Roster(advisors=described, rules=rules, fallback_ids=tuple(free)))
    return advisors[decision.advisor_id or free[0]], decision.to_json()


def _question(new: NewBooking, chosen: int | None, *, now: datetime) -> Question:
    municipality = municipality_of(new.organisation, new.email)
    return Question(
        at=now,
        text=new.note or "",
        topic_id=new.topic_id,
        page_id=new.page_id,
        chosen_advisor_id=chosen,
        organisation_domain=new.email.rpartition("@")[2] or None,
        municipality_code=municipality.code if municipality else None,
        province=municipality.province if municipality else None,
        language=new.language,
        meeting_type_id=new.meeting_type.id,
    )


def _with_owners(
    session: DbSession, question: Question, known: KnownVisitor, free: Sequence[int]
) -> Question:
    """The question with those who know this visitor, or the organisation, as far as they are free."""
    organisation_id, owner = known.organisation_id, known.organisation_owner_id
    if organisation_id is None and known.contact.organisation_id is not None:
        organisation_id = known.contact.organisation_id
        owner = session.scalar(select(Organisation.owner_id).where(Organisation.id == organisation_id))
    topic_owner = None
    if organisation_id is not None and len(free) > 1:
        topic_owner = neighbours().topic_owner_id(session, organisation_id, question.topic_id)
    contact_owner = known.contact.owner_id
    return replace(
        question,
        contact_owner_id=contact_owner if contact_owner in free else None,
        organisation_topic_owner_id=topic_owner if topic_owner in free else None,
        organisation_owner_id=owner if owner in free else None,
    )


def _rules_about(session: DbSession, question: Question, free: Sequence[int]) -> RuleSet:
    """The rules that hold and name somebody who is free, with only those who are."""
    found = neighbours().rules_that_hold(session, question)
    narrowed = (
        replace(rule, advisor_ids=tuple(each for each in rule.advisor_ids if each in free))
        for rule in found.rules
    )
    return RuleSet(version=found.version, rules=tuple(rule for rule in narrowed if rule.advisor_ids))


def _workloads(
    session: DbSession, free: Sequence[int], only: Described | None, *, now: datetime
) -> Sequence[Any]:
    """Each with the number of talks given in the rolling window, and when the last one was.

    Of one alone nothing needs to be counted.
    """
    if only is not None and (only.id,) == tuple(free):
        return [only]
    if len(free) == 1:
        return session.connection().execute(_ALONE, {"advisor_id": free[0]}).all()
    return session.execute(
        select(*_DESCRIBED, func.count(Booking.id).label("given"), func.max(Booking.created_at).label("last"))
        .outerjoin(Booking, (Booking.advisor_id == Advisor.id) & (Booking.created_at > now - WINDOW))
        .where(Advisor.id.in_(tuple(free)))
        .group_by(Advisor.id)
    ).all()
