from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.routing import (
    Alarm,
    Decision,
    Question,
    Reason,
    Roster,
    RuleSet,
    Selection,
    StepName,
    decide,
    for_advisor,
    for_visitor,
)
from tests.engines.routing.cases import DAY, NOW, advisor, away, question, questions, roster, rosters

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.proof


def judged(asked: Question, house: Roster, advisor_id: int) -> set[Reason]:
    """Why this advisor cannot take the question, worked out apart from the engine."""
    found = {each.id: each for each in house.advisors}.get(advisor_id)
    if found is None:
        return {Reason.UNKNOWN}
    page = {each.id: each for each in house.pages}.get(asked.page_id or 0)
    topic = asked.topic_id or (page.topic_id if page else None)
    by_page = page is not None and page.topic_id == topic and advisor_id in page.advisor_ids
    return {
        reason
        for reason, holds in {
            Reason.INACTIVE: not found.active,
            Reason.ABSENT: any(
                each.starts_at <= asked.at and (each.ends_at is None or asked.at < each.ends_at)
                for each in found.absences
            ),
            Reason.NOT_ON_CHANNEL: asked.channel is not None and asked.channel not in found.channels,
            Reason.NOT_COMPETENT: not (
                topic is None or found.generalist or topic in found.topic_ids or by_page
            ),
            Reason.AT_CAPACITY: found.capacity is not None and found.open_count >= found.capacity,
        }.items()
        if holds
    }


@given(questions, rosters())
def test_nobody_gets_what_they_cannot_take_unless_the_fallback_says_so(
    asked: Question, house: Roster
) -> None:
    decision = decide(asked, house)
    if decision.advisor_id is None:
        return
    against = judged(asked, house, decision.advisor_id)
    if decision.selection is Selection.WAIVED:
        assert decision.step is StepName.FALLBACK
        assert decision.alarm is Alarm.FALLBACK_NOT_FREE
        assert against == {each.reason for each in decision.steps[-1].waived} != set()
        assert not against & {Reason.UNKNOWN, Reason.INACTIVE}
    else:
        assert against == set()


@settings(max_examples=60)
@given(questions, rosters())
def test_a_question_is_never_unowned_while_somebody_of_the_fallback_works_here(
    asked: Question, house: Roster
) -> None:
    decision = decide(asked, house)
    works = {each.id for each in house.advisors if each.active}
    if works & set(house.fallback_ids):
        assert decision.advisor_id is not None
    if decision.advisor_id is None:
        assert decision.alarm is (Alarm.FALLBACK_UNUSABLE if house.fallback_ids else Alarm.FALLBACK_EMPTY)
    assert (decision.alarm is None) == (decision.step is not StepName.FALLBACK)


@settings(max_examples=60)
@given(questions, rosters())
def test_every_exclusion_is_true_and_every_candidate_is_accounted_for(asked: Question, house: Roster) -> None:
    for step in decide(asked, house).steps:
        assert all(each.reason in judged(asked, house, each.advisor_id) for each in step.exclusions)
        out = {each.advisor_id for each in step.exclusions if each.stand_in_for is None}
        free = set(step.candidates) - out - {step.winner}
        assert all(not judged(asked, house, each) for each in free)
        if step.winner is None:
            assert not free


@settings(max_examples=60)
@given(questions, rosters(), st.randoms(use_true_random=False))
def test_the_order_in_which_the_house_is_handed_in_makes_no_difference(
    asked: Question, house: Roster, chance: random.Random
) -> None:
    shuffled = replace(
        house,
        advisors=tuple(chance.sample(house.advisors, len(house.advisors))),
        teams=tuple(chance.sample(house.teams, len(house.teams))),
        pages=tuple(chance.sample(house.pages, len(house.pages))),
    )
    assert decide(asked, shuffled) == decide(asked, house) == decide(asked, house)


@settings(max_examples=60)
@given(questions, rosters())
def test_a_stored_decision_reads_back_as_it_was_and_can_be_told(asked: Question, house: Roster) -> None:
    decision = decide(asked, house)
    assert Decision.from_json(decision.to_json()) == decision
    assert for_visitor(decision).parameters.get("advisor") == decision.advisor_id
    told = for_advisor(decision)
    assert {line.parameters["step"] for line in told} == {step.name.value for step in decision.steps}
    assert sum(line.code.value == f"advisor_{decision.selection.value}" for line in told) == (
        decision.advisor_id is not None
    )


@settings(max_examples=60)
@given(questions, rosters())
def test_the_first_told_is_the_winner_and_all_others_are_free(asked: Question, house: Roster) -> None:
    decision = decide(asked, house)
    if not asked.urgent or decision.advisor_id is None:
        assert decision.alert == ()
        return
    assert decision.alert[0] == decision.advisor_id
    assert len(set(decision.alert)) == len(decision.alert) <= house.alert_size
    assert all(not judged(asked, house, each) for each in decision.alert[1:])


@settings(max_examples=60)
@given(questions, rosters())
def test_a_rule_set_that_is_off_changes_nothing_but_its_version(asked: Question, house: Roster) -> None:
    all_off = RuleSet(version=9, rules=tuple(replace(rule, on=False) for rule in house.rules.rules))
    without = decide(asked, replace(house, rules=RuleSet(version=9)))
    assert decide(asked, replace(house, rules=all_off)) == without


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.sampled_from(("asks", "hands over", "goes away", "is back")), st.integers(1, 3)),
        max_size=30,
    )
)
def test_continuity_holds_over_hand_overs_and_absences(events: list[tuple[str, int]]) -> None:
    house = roster(*(advisor(each) for each in (1, 2, 3)))
    owner = 1
    for number, (event, who) in enumerate(events):
        at = NOW + number * DAY / 100
        if event == "hands over":
            owner = who
        elif event != "asks":
            leave = away(stand_in=who % 3 + 1) if event == "goes away" else ()
            house = replace(
                house,
                advisors=tuple(
                    replace(each, absences=leave) if each.id == who else each for each in house.advisors
                ),
            )
        decision = decide(question(at=at, contact_owner_id=owner), house)
        assert decision.advisor_id is not None
        gone = {each.id for each in house.advisors if each.absences}
        if owner not in gone:
            assert decision.advisor_id == owner
        elif owner % 3 + 1 not in gone:
            assert (decision.advisor_id, decision.stand_in_for) == (owner % 3 + 1, owner)
        house = house.with_assignment(decision.advisor_id, at)
