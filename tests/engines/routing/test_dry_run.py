from __future__ import annotations

from hypothesis import given

from consult.routing import Conditions, Question, Roster, Rule, RuleSet, StepName, differences
from tests.engines.routing.cases import MIRTE, RIK, advisor, question, questions, roster, rosters

HOUSE = roster(advisor(RIK), advisor(MIRTE, assigned_count=1))
ENGLISH = Conditions(languages=frozenset({"en"}))
ASKED = (
    question(id=1, language="nl"),
    question(id=2, language="en"),
    question(id=3, language="en", chosen_advisor_id=RIK),
)


def rules(*advisor_ids: int) -> RuleSet:
    return RuleSet(version=2, rules=(Rule(id=70, conditions=ENGLISH, advisor_ids=advisor_ids),))


def test_a_new_rule_shows_the_questions_it_would_have_changed() -> None:
    (changed,) = differences(ASKED, HOUSE, RuleSet(), rules(MIRTE))
    assert changed.question.id == 2
    assert (changed.before.advisor_id, changed.after.advisor_id) == (RIK, MIRTE)
    assert (changed.before.step, changed.after.step) == (StepName.BALANCE, StepName.RULES)
    assert changed.after.matched_rule == 70
    assert changed.other_advisor


def test_the_same_advisor_for_another_reason_is_a_difference_of_reason_only() -> None:
    (changed,) = differences(ASKED, HOUSE, RuleSet(), rules(RIK))
    assert not changed.other_advisor


def test_differences_keep_the_order_of_the_questions_and_do_not_pile_up() -> None:
    found = differences(
        tuple(question(id=each, language="en") for each in (9, 4, 7)), HOUSE, RuleSet(), rules(MIRTE)
    )
    assert [each.question.id for each in found] == [9, 4, 7]
    assert {each.after.advisor_id for each in found} == {MIRTE}


@given(questions, rosters())
def test_the_same_rules_make_no_difference(asked: Question, house: Roster) -> None:
    assert differences((asked,), house, house.rules, house.rules) == ()
