"""What is in use is not deleted, and whoever tries hears what uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.contact.models import ContactPage
from consult.contact.rules.versions import save_rules
from consult.contact.rules.written import RoutingRule
from consult.contact.upkeep.in_use import OWN_PARTS, InUse, Use, delete_unused, in_use
from consult.database import Base
from consult.people.models import Advisor, Team, Topic, WorkingHours
from consult.routing.rules import Conditions
from tests.support import rows

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.settings import Settings

pytestmark = [pytest.mark.usefixtures("firm"), pytest.mark.both_databases]


def rule(session: DbSession, **changed: object) -> None:
    made = RoutingRule(**{"name": "Regel", **changed})  # type: ignore[arg-type]  # (as each row of the table says)
    save_rules(session, [made], based_on=0, by="advisor:1", now=rows.NOW)


def test_an_advisor_is_used_by_pages_questions_owners_and_rules(
    session: DbSession, settings: Settings
) -> None:
    rik = session.scalars(select(Advisor).where(Advisor.first_name == "Rik")).one()
    rows.ask(session, settings, advisor_id=rik.id)
    rows.create_organisation(session, owner_id=rik.id)
    rule(session, advisor_ids=(rik.id,))
    assert in_use(session, rik) == (
        Use("enquiry", "advisor_id", 1),
        Use("enquiry", "wanted_advisor_id", 1),
        Use("organisation", "owner_id", 1),
        Use("page_advisor", "advisor_id", 2),
        Use("routing_rule", "rules", 1, ("Regel",)),
    )
    with pytest.raises(InUse) as refused:
        delete_unused(session, rik)
    assert len(refused.value.uses) == 5


def test_a_topic_is_used_by_advisors_pages_and_rules(session: DbSession) -> None:
    topic = session.scalars(select(Topic).where(Topic.name == "Polarisatie")).one()
    rik = session.scalars(select(Advisor.id).where(Advisor.first_name == "Rik")).one()
    rule(session, advisor_ids=(rik,), conditions=Conditions(topic_ids=frozenset({topic.id})))
    assert [each.table for each in in_use(session, topic)] == [
        "advisor_topic",
        "contact_page",
        "routing_rule",
    ]


def test_a_page_is_used_by_the_questions_that_came_from_it(session: DbSession, settings: Settings) -> None:
    page = session.scalars(select(ContactPage).where(ContactPage.slug == "inclusie")).one()
    assert in_use(session, page) == ()
    rows.ask(session, settings, page_id=page.id)
    assert in_use(session, page) == (Use("enquiry", "page_id", 1),)


def test_a_team_is_used_by_the_rule_that_names_it(session: DbSession) -> None:
    team = Team(slug="wijken", name="Wijken", members=list(session.scalars(select(Advisor))))
    session.add(team)
    session.flush()
    assert in_use(session, team) == ()
    rule(session, team_id=team.id)
    assert in_use(session, team) == (Use("routing_rule", "rules", 1, ("Regel",)),)


def test_what_nothing_uses_goes_with_its_own_parts(session: DbSession) -> None:
    new = rows.create_advisor(session, "Nieuw Hier")
    number = new.id
    delete_unused(session, new)
    assert session.get(Advisor, number) is None
    left = session.scalars(select(WorkingHours.id).where(WorkingHours.advisor_id == number)).all()
    assert left == []


def test_every_own_part_is_a_column_that_exists() -> None:
    known = {(table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns}
    assert known >= OWN_PARTS
