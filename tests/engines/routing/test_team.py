"""A question that is handed to a team goes to one of its members, by the balance that divides all questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.routing import (
    Advisor,
    Question,
    Reason,
    Roster,
    Selection,
    VisitorCode,
    decide_in_team,
    for_visitor,
)
from tests.engines.routing.cases import (
    INCLUSION,
    JOOST,
    MIRTE,
    POLARISATION,
    RIK,
    SAFETY,
    SANNE,
    advisor,
    away,
    question,
    questions,
    roster,
    rosters,
)

FULL = {"capacity": 2, "open_count": 2}
CASES: list[tuple[str, list[Advisor], int | None, Selection]] = [
    (
        "Whoever had least of what was their part is next",
        [advisor(RIK, assigned_count=4), advisor(MIRTE, assigned_count=1)],
        MIRTE,
        Selection.LEAST_LOADED,
    ),
    (
        "Who does not know the topic is left out while somebody does",
        [advisor(RIK, topic_ids=frozenset({INCLUSION})), advisor(MIRTE, assigned_count=9)],
        MIRTE,
        Selection.ONLY_ONE,
    ),
    (
        "Of people who all object, the one of whom least is overlooked",
        [advisor(RIK, **FULL), advisor(MIRTE, topic_ids=frozenset({SAFETY}))],
        MIRTE,
        Selection.WAIVED,
    ),
    (
        "Of people with the same objection, the one whose turn it is",
        [advisor(RIK, **FULL, assigned_count=4), advisor(MIRTE, **FULL, assigned_count=1)],
        MIRTE,
        Selection.WAIVED,
    ),
    (
        "Nobody who is away, and no stand-in from elsewhere",
        [advisor(RIK, absences=away(JOOST))],
        None,
        Selection.NOBODY,
    ),
    ("Nobody who has left", [advisor(RIK, active=False)], None, Selection.NOBODY),
    ("A team without members has nobody", [], None, Selection.NOBODY),
]


@pytest.mark.parametrize(("sentence", "members", "winner", "selection"), CASES, ids=[row[0] for row in CASES])
def test_which_member_gets_it(
    sentence: str, members: list[Advisor], winner: int | None, selection: Selection
) -> None:
    house = roster(*members, advisor(JOOST))
    decision = decide_in_team(question(topic_id=POLARISATION), house, [each.id for each in members])
    assert (decision.advisor_id, decision.selection) == (winner, selection), sentence


def test_a_full_team_says_what_was_overlooked_and_the_visitor_hears_who_takes_care() -> None:
    decision = decide_in_team(question(), roster(advisor(RIK, **FULL)), [RIK, SANNE])
    assert [each.reason for each in decision.steps[-1].waived] == [Reason.AT_CAPACITY]
    assert [each.reason for each in decision.steps[-1].exclusions] == [Reason.UNKNOWN]
    assert for_visitor(decision).code is VisitorCode.TAKES_CARE


@given(questions, rosters(), st.lists(st.integers(1, 6), max_size=4))
def test_a_member_at_work_or_nobody_and_always_the_same(
    asked: Question, house: Roster, members: list[int]
) -> None:
    decision = decide_in_team(asked, house, members)
    at_work = {each.id for each in house.advisors if each.active and not each.absent(asked.at)}
    assert decision.advisor_id in {*members} & at_work or (
        decision.advisor_id is None and not {*members} & at_work
    )
    assert decide_in_team(asked, house, members).advisor_id == decision.advisor_id
    others = house.by_id.keys() - {decision.advisor_id}
    free = {each.advisor_id for each in decision.steps[-1].exclusions}
    if decision.selection is Selection.WAIVED:
        assert {*members} & others <= free
