"""The coordinators' routing rules hold for talks too: of those who are free they name who goes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from consult.contact.rules.versions import save_rules
from consult.contact.rules.written import RoutingRule
from consult.people.models import Team
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
