"""What a coordinator of the sample firm has set down: routing rules in two versions, and who knows which organisation.

Some organisations have an owner and no contact for long, so that silence has something to tell.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from consult.activity.services import advisor_actor
from consult.contact.rules.versions import rules_of, save_rules
from consult.contact.rules.written import RoutingRule
from consult.operations.sample_people import coordinator_of
from consult.operations.sample_rows import store_plain
from consult.people.models import Organisation, Team, TopicOwner
from consult.routing.rules import Conditions

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.operations.sample.shapes import SamplePlan
    from consult.operations.sample_rows import Keys

KNOWN, SILENT = 12, 5
A_WEEK_AGO, A_MONTH_AGO = timedelta(days=7), timedelta(days=30)


def store_office(session: DbSession, plan: SamplePlan, keys: Keys) -> None:
    """Store the rules and the owners."""
    by = advisor_actor(keys.advisor[coordinator_of(plan).slug])
    rules = _rules(session, keys)
    first = save_rules(session, rules[:1], based_on=0, by=by, now=plan.now - A_MONTH_AGO).version
    save_rules(session, (*rules_of(first), *rules[1:]), based_on=1, by=by, now=plan.now - A_WEEK_AGO)
    _set_owners(session, plan, keys)


def _rules(session: DbSession, keys: Keys) -> list[RoutingRule]:
    """Rules that name who is there; in a plan with few people the coordinator stands in for the others."""
    someone = next(iter(keys.advisor.values()))

    def who(slug: str) -> tuple[int, ...]:
        return (keys.advisor.get(slug, someone),)

    team_id = session.scalar(select(Team.id).where(Team.slug == "weerbaar"))
    return [
        RoutingRule(
            name="Vragen in het Engels",
            conditions=Conditions(languages=frozenset({"en"})),
            advisor_ids=who("defne"),
        ),
        RoutingRule(
            name="Demonstraties",
            conditions=Conditions(words=frozenset({"demonstratie*", "demonstreren", "betoging*"})),
            advisor_ids=tuple(dict.fromkeys((*who("fenna"), *who("rik")))),
        ),
        RoutingRule(
            name="Flevoland en Zeeland",
            conditions=Conditions(provinces=frozenset({"Flevoland", "Zeeland"})),
            advisor_ids=() if team_id is not None else (someone,),
            team_id=team_id,
        ),
        RoutingRule(
            name="Jongeren via WhatsApp",
            conditions=Conditions(
                topic_ids=frozenset({keys.topic["jongeren"]}), channels=frozenset({"whatsapp"})
            ),
            advisor_ids=who("samir"),
            on=False,
        ),
    ]


def _set_owners(session: DbSession, plan: SamplePlan, keys: Keys) -> None:
    """Organisations that ask get an owner in turn, and so do a few that never did."""
    asking = list(dict.fromkeys(one.organisation for one in plan.enquiries if one.organisation))
    quiet = [code for code in keys.organisation if code not in set(asking)]
    people = [keys.advisor[one.slug] for one in plan.advisors]
    topics = list(keys.topic.values())
    special = []
    for place, code in enumerate((*asking[:KNOWN], *quiet[:SILENT])):
        number = keys.organisation[code]
        owner = people[place % len(people)]
        session.execute(update(Organisation).where(Organisation.id == number).values(owner_id=owner))
        if place % 3 == 0:
            topic, other = topics[place % len(topics)], people[(place + 1) % len(people)]
            special.append({"organisation_id": number, "topic_id": topic, "advisor_id": other})
    store_plain(session, TopicOwner, special)
