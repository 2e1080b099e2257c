"""Whom the visitor knows goes first for a talk too, then whom the rules name; always of those who are free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from consult.contact.rules.versions import save_rules
from consult.contact.rules.written import RoutingRule
from consult.people.models import Advisor, Team, TopicOwner
from consult.routing.decision import Decision
from consult.routing.rules import Conditions
from tests.booking.scene import HOUR, TEN
from tests.support import rows

if TYPE_CHECKING:
    from tests.booking.scene import Scene

pytestmark = pytest.mark.both_databases
NOTE, TOWN = "Het gaat over jeugdzorg.", "joke@zwolle.nl"


@pytest.mark.parametrize(
    ("sentence", "asked", "chosen"),
    [
        ("The kind of talk", {"meeting_type_ids": frozenset({1})}, "Sam"),
        ("Another kind of talk", {"meeting_type_ids": frozenset({2})}, "Rik"),
        ("Words in the note", {"words": frozenset({"jeugd*"})}, "Sam"),
        ("The domain of the mail address", {"organisation_domains": frozenset({"zwolle.nl"})}, "Sam"),
        ("The municipality of that address", {"provinces": frozenset({"Overijssel"})}, "Sam"),
        ("A channel, which a talk has none of", {"channels": frozenset({"email"})}, "Rik"),
    ],
)
def test_a_rule_names_who_goes_first(scene: Scene, sentence: str, asked: dict[str, Any], chosen: str) -> None:
    sam = rows.create_advisor(scene.session, "Sam Bos")
    team = Team(slug="team", name="Team", members=[sam])
    scene.session.add(team)
    scene.session.flush()
    # Without a rule it is Rik's turn: Sam has a talk already.
    scene.book(TEN, advisor_ids=(sam.id,), email="anne@gemeente.example")
    made = RoutingRule(name="Regel", conditions=Conditions(**asked), team_id=team.id)
    save_rules(scene.session, [made], based_on=0, by="advisor:1", now=scene.now)
    both: dict[str, Any] = {"advisor_ids": (scene.rik.id, sam.id), "note": NOTE, "email": TOWN}
    booking = scene.book(TEN + HOUR, **both)
    assert booking.advisor.first_name == chosen, sentence
    decision = Decision.from_json(booking.decision)
    assert decision.rule_version == 1
    assert decision.reason == ("rules.only_one" if chosen == "Sam" else "balance.least_loaded")
    # Who is not free at that moment is passed over, whatever the rule says.
    scene.book(TEN + 3 * HOUR, advisor_ids=(sam.id,), email="els@gemeente.example")
    assert scene.book(TEN + 3 * HOUR, **both).advisor.first_name == "Rik"


@pytest.mark.parametrize(
    ("sentence", "owners", "step"),
    [
        ("Nobody knows the visitor: the rule decides", {}, "rules"),
        ("Sam knows this person", {"contact": "Sam"}, "continuity_contact"),
        ("Sam knows the organisation in this topic", {"topic": "Sam"}, "continuity_organisation_topic"),
        ("Sam knows the organisation", {"organisation": "Sam"}, "continuity_organisation"),
        (
            "Who knows the person goes before who knows the organisation",
            {"contact": "Sam", "topic": "Rik", "organisation": "Rik"},
            "continuity_contact",
        ),
        (
            "Who knows the topic goes before who knows the organisation",
            {"topic": "Sam", "organisation": "Rik"},
            "continuity_organisation_topic",
        ),
        (
            "Who knows the person is not among those who may hold it: the next who is known",
            {"contact": "Noor", "organisation": "Sam"},
            "continuity_organisation",
        ),
    ],
)
def test_whom_the_visitor_knows_goes_before_rules_and_an_even_load(
    scene: Scene, sentence: str, owners: dict[str, str], step: str
) -> None:
    sam, noor = (rows.create_advisor(scene.session, name) for name in ("Sam Bos", "Noor Vis"))
    by_name: dict[str | None, Advisor] = {"Sam": sam, "Noor": noor, "Rik": scene.rik}
    ids = {of: by_name[name].id for of, name in owners.items()}
    topic = rows.create_topic(scene.session)
    town = rows.create_organisation(
        scene.session, "Zwolle", domain="zwolle.nl", owner_id=ids.get("organisation")
    )
    rows.create_contact(scene.session, TOWN, owner_id=ids.get("contact"))
    if "topic" in ids:
        scene.session.add(TopicOwner(organisation_id=town.id, topic_id=topic.id, advisor_id=ids["topic"]))
    # Without anybody known it is Rik's: a rule names him, and Sam has a talk already.
    scene.book(TEN, advisor_ids=(sam.id,), email="anne@gemeente.example")
    made = RoutingRule(
        name="Regel", conditions=Conditions(provinces=frozenset({"Overijssel"})), advisor_ids=(scene.rik.id,)
    )
    save_rules(scene.session, [made], based_on=0, by="advisor:1", now=scene.now)
    any_of: dict[str, Any] = {"advisor_ids": (scene.rik.id, sam.id), "email": TOWN, "topic_id": topic.id}
    booking = scene.book(TEN + HOUR, **any_of)
    assert Decision.from_json(booking.decision).step == step, sentence
    assert booking.advisor.first_name == ("Rik" if step == "rules" else "Sam"), sentence
    # Whom the visitor asks for by name gets it, and who is not free then cannot.
    named = scene.book(TEN + 3 * HOUR, **any_of | {"advisor_ids": (scene.rik.id,)})
    assert Decision.from_json(named.decision).step == "choice"
    scene.book(TEN + 5 * HOUR, advisor_ids=(sam.id,), email="els@gemeente.example")
    assert scene.book(TEN + 5 * HOUR, **any_of).advisor.first_name == "Rik"
