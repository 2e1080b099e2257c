from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from consult.routing import (
    Fault,
    Question,
    Roster,
    Rule,
    RuleFault,
    RuleSet,
    Team,
    Vocabulary,
    decide,
    find_faults,
)
from tests.engines.routing.cases import (
    INCLUSION,
    MIRTE,
    POLARISATION,
    RIK,
    SAFETY,
    SANNE,
    advisor,
    asking,
    away,
    questions,
    roster,
    rosters,
)

HOUSE = roster(
    advisor(RIK, absences=away()),
    advisor(MIRTE, channels=frozenset({"email"})),
    advisor(SANNE, active=False),
    teams=(Team(7, frozenset({RIK, SANNE})), Team(8, frozenset())),
    vocabulary=Vocabulary(
        topic_ids=frozenset({POLARISATION, INCLUSION, SAFETY}),
        province_of={"GM0363": "NH", "GM0394": "NH", "GM0599": "ZH"},
        languages=frozenset({"nl", "en"}),
        channels=frozenset({"email", "phone", "whatsapp"}),
        meeting_type_ids=frozenset({1, 2}),
        page_ids=frozenset({1, 2}),
    ),
)


def rule(
    rule_id: int, *, to: tuple[int, ...] = (RIK,), team: int | None = None, on: bool = True, **asked: object
) -> Rule:
    return Rule(id=rule_id, conditions=asking(**asked), advisor_ids=to, team_id=team, on=on)


F = RuleFault
CASES: list[tuple[str, tuple[Rule, ...], list[RuleFault]]] = [
    (
        "A rule that is right has no fault, also when its advisor is on leave.",
        (rule(1, topic_ids={INCLUSION}),),
        [],
    ),
    (
        "A topic that is gone is told.",
        (rule(1, topic_ids={INCLUSION, 99}),),
        [F(1, Fault.UNKNOWN_TOPIC, (99,))],
    ),
    (
        "With only topics that are gone it never matches, and nobody can answer them.",
        (rule(1, topic_ids={99}),),
        [F(1, Fault.UNKNOWN_TOPIC, (99,)), F(1, Fault.NEVER_MATCHES), F(1, Fault.NOBODY_COMPETENT, (99,))],
    ),
    ("A municipality that is gone", (rule(1, municipality_codes={"GM9999"}),), [F(1, Fault.NEVER_MATCHES)]),
    (
        "A kind of talk that is to be answered by mail",
        (rule(1, meeting_type_ids={1}, channels={"email"}),),
        [F(1, Fault.NEVER_MATCHES)],
    ),
    ("A province that does not exist", (rule(1, provinces={"XX"}),), [F(1, Fault.NEVER_MATCHES)]),
    (
        "A municipality outside the province",
        (rule(1, municipality_codes={"GM0363"}, provinces={"ZH"}),),
        [F(1, Fault.NEVER_MATCHES)],
    ),
    ("A language nobody can choose", (rule(1, languages={"de"}),), [F(1, Fault.NEVER_MATCHES)]),
    ("A meeting type that is gone", (rule(1, meeting_type_ids={9}),), [F(1, Fault.NEVER_MATCHES)]),
    ("A page that is gone", (rule(1, page_ids={9}),), [F(1, Fault.NEVER_MATCHES)]),
    (
        "A page after a rule for that page and another",
        (rule(1, page_ids={1, 2}), rule(2, page_ids={1}, words={"ruzie"})),
        [F(2, Fault.SHADOWED, (1,))],
    ),
    ("Words without a word", (rule(1, words={"?!", " "}),), [F(1, Fault.NEVER_MATCHES)]),
    (
        "An advisor that is gone leaves the other.",
        (rule(1, to=(RIK, 99)),),
        [F(1, Fault.UNKNOWN_ADVISOR, (99,))],
    ),
    (
        "A rule for only somebody who left has no target.",
        (rule(1, to=(SANNE,)),),
        [F(1, Fault.INACTIVE_ADVISOR, (SANNE,)), F(1, Fault.NO_TARGET)],
    ),
    (
        "A team that is gone",
        (rule(1, to=(), team=9),),
        [F(1, Fault.UNKNOWN_TEAM, (9,)), F(1, Fault.NO_TARGET)],
    ),
    ("A team without members", (rule(1, to=(), team=8),), [F(1, Fault.NO_TARGET)]),
    ("A team with somebody who left", (rule(1, to=(), team=7),), [F(1, Fault.INACTIVE_ADVISOR, (SANNE,))]),
    (
        "A topic none of them answers",
        (rule(1, topic_ids={SAFETY}),),
        [F(1, Fault.NOBODY_COMPETENT, (SAFETY,))],
    ),
    (
        "A channel none of them is on",
        (rule(1, to=(MIRTE,), channels={"phone"}),),
        [F(1, Fault.NOBODY_ON_CHANNEL, (MIRTE,))],
    ),
    ("A rule after one for everything", (rule(1), rule(2, words={"ruzie"})), [F(2, Fault.SHADOWED, (1,))]),
    ("The same two in the other order", (rule(2, words={"ruzie"}), rule(1)), []),
    ("A rule that is off gives no shadow.", (rule(1, on=False), rule(2)), []),
    ("A rule that is off stands in none.", (rule(1), rule(2, on=False)), []),
    (
        "A rule that has no target gives no shadow.",
        (rule(1, to=(99,)), rule(2)),
        [F(1, Fault.UNKNOWN_ADVISOR, (99,)), F(1, Fault.NO_TARGET)],
    ),
    (
        "A municipality after its province",
        (rule(1, provinces={"NH"}), rule(2, municipality_codes={"GM0363", "GM0394"})),
        [F(2, Fault.SHADOWED, (1,))],
    ),
    (
        "Municipalities of which one lies elsewhere",
        (rule(1, provinces={"NH"}), rule(2, municipality_codes={"GM0363", "GM0599"})),
        [],
    ),
    (
        "A domain below an earlier one",
        (rule(1, organisation_domains={"ede.nl"}), rule(2, organisation_domains={"wijk.ede.nl"})),
        [F(2, Fault.SHADOWED, (1,))],
    ),
    (
        "Words that hold an earlier word",
        (rule(1, words={"zorg*", "ruzie"}), rule(2, words={"jeugd en zorgplicht"})),
        [F(2, Fault.SHADOWED, (1,))],
    ),
    (
        "A wider topic with a narrower channel gives no shadow.",
        (rule(1, topic_ids={INCLUSION, POLARISATION}, channels={"phone"}), rule(2, topic_ids={INCLUSION})),
        [],
    ),
]


@pytest.mark.parametrize(("sentence", "rules", "faults"), CASES, ids=[row[0] for row in CASES])
def test_faults_are_told_when_rules_are_saved(
    sentence: str, rules: tuple[Rule, ...], faults: list[RuleFault]
) -> None:
    assert list(find_faults(RuleSet(rules=rules), HOUSE)) == faults, sentence


def test_what_exists_is_not_checked_where_nothing_is_told_about_it() -> None:
    unknown = rule(
        1, topic_ids={INCLUSION}, municipality_codes={"GM9999"}, provinces={"XX"}, languages={"de"}
    )
    assert find_faults(RuleSet(rules=(unknown,)), replace(HOUSE, vocabulary=Vocabulary())) == ()


@given(questions, rosters())
def test_a_shadowed_rule_is_tried_only_after_the_one_that_shadows_it(asked: Question, house: Roster) -> None:
    shadows = {
        each.rule_id: each.ids[0] for each in find_faults(house.rules, house) if each.fault is Fault.SHADOWED
    }
    tried = [step.rule_id for step in decide(asked, house).steps if step.rule_id is not None]
    for place, rule_id in enumerate(tried):
        if rule_id in shadows:
            assert shadows[rule_id] in tried[:place]


def test_five_hundred_rules_are_checked_while_somebody_waits() -> None:
    many = tuple(rule(number, topic_ids={INCLUSION}, words={f"woord{number}"}) for number in range(500))
    assert find_faults(RuleSet(rules=many), HOUSE) == ()
