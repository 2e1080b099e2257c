from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from consult.routing import (
    Absence,
    Alarm,
    Conditions,
    Page,
    Reason,
    Roster,
    Rule,
    RuleSet,
    StepName,
    Team,
    decide,
)
from tests.engines.routing.cases import (
    DAY,
    INCLUSION,
    JOOST,
    MIRTE,
    NADIA,
    NOW,
    POLARISATION,
    RIK,
    SAFETY,
    SANNE,
    advisor,
    away,
    question,
    roster,
)

PAGE = Page(id=1, advisor_ids=(RIK, MIRTE), topic_id=POLARISATION)
HOUSE = roster(
    advisor(RIK, assigned_count=9),
    advisor(MIRTE, assigned_count=4),
    advisor(SANNE, assigned_count=2, topic_ids=frozenset({INCLUSION})),
    advisor(JOOST, assigned_count=1, topic_ids=frozenset(), generalist=True),
    pages=(PAGE, Page(id=2, advisor_ids=(JOOST, SANNE))),
    teams=(Team(7, frozenset({RIK, SANNE})),),
    rules=RuleSet(
        version=3,
        rules=(
            Rule(id=70, conditions=Conditions(provinces=frozenset({"NH"})), team_id=7),
            Rule(id=71, conditions=Conditions(languages=frozenset({"en"})), advisor_ids=(MIRTE,)),
            Rule(id=72, conditions=Conditions(languages=frozenset({"fr"})), advisor_ids=(MIRTE,), on=False),
        ),
    ),
)


def house_with(advisor_id: int, **changes: Any) -> Roster:
    changed = tuple(replace(each, **changes) if each.id == advisor_id else each for each in HOUSE.advisors)
    return replace(HOUSE, advisors=changed)


def full(advisor_id: int) -> Roster:
    return house_with(advisor_id, capacity=3, open_count=3)


CASES = [
    ("The visitor gets whom they chose.", {"chosen_advisor_id": RIK}, HOUSE, RIK, "choice.only_one"),
    (
        "The choice goes before who knows them.",
        {"chosen_advisor_id": RIK, "contact_owner_id": MIRTE},
        HOUSE,
        RIK,
        "choice.only_one",
    ),
    (
        "Who knows the contact goes before who knows the organisation.",
        {"contact_owner_id": MIRTE, "organisation_topic_owner_id": RIK, "organisation_owner_id": SANNE},
        HOUSE,
        MIRTE,
        "continuity_contact.only_one",
    ),
    (
        "The organisation's advisor for this topic goes before its advisor for everything.",
        {"organisation_topic_owner_id": RIK, "organisation_owner_id": SANNE},
        HOUSE,
        RIK,
        "continuity_organisation_topic.only_one",
    ),
    (
        "Continuity goes before the page, however busy the owner is.",
        {"organisation_owner_id": RIK, "page_id": 1},
        HOUSE,
        RIK,
        "continuity_organisation.only_one",
    ),
    ("Of a page's advisors the least loaded gets it.", {"page_id": 1}, HOUSE, MIRTE, "page.least_loaded"),
    (
        "The page goes before the rules.",
        {"page_id": 1, "province": "NH"},
        HOUSE,
        MIRTE,
        "page.least_loaded",
    ),
    (
        "A rule names a team, and its least loaded member gets it.",
        {"province": "NH"},
        HOUSE,
        SANNE,
        "rules.least_loaded",
    ),
    (
        "The first rule that holds decides.",
        {"province": "NH", "language": "en"},
        HOUSE,
        SANNE,
        "rules.least_loaded",
    ),
    (
        "A later rule decides when the first does not hold.",
        {"language": "en"},
        HOUSE,
        MIRTE,
        "rules.only_one",
    ),
    ("A rule that is off does nothing.", {"language": "fr"}, HOUSE, JOOST, "balance.least_loaded"),
    (
        "Who names the topic goes before who knows every topic.",
        {"topic_id": POLARISATION},
        HOUSE,
        MIRTE,
        "topic.least_loaded",
    ),
    ("A topic nobody names goes to the generalist.", {"topic_id": SAFETY}, HOUSE, JOOST, "balance.only_one"),
    ("Without any lead the least loaded of all gets it.", {}, HOUSE, JOOST, "balance.least_loaded"),
    (
        "A page without topic takes the visitor's topic: who cannot answer it falls out.",
        {"page_id": 2, "topic_id": INCLUSION, "channel": "phone"},
        house_with(JOOST, channels=frozenset({"email"})),
        SANNE,
        "page.only_one",
    ),
    (
        "Who stands on the page is competent in the page's topic.",
        {"page_id": 1},
        house_with(MIRTE, topic_ids=frozenset()),
        MIRTE,
        "page.least_loaded",
    ),
    (
        "But not in another topic that the visitor names.",
        {"page_id": 1, "topic_id": INCLUSION},
        house_with(MIRTE, topic_ids=frozenset({POLARISATION})),
        RIK,
        "page.only_one",
    ),
    (
        "The stand-in takes a choice who is away.",
        {"chosen_advisor_id": RIK},
        house_with(RIK, absences=away(MIRTE)),
        MIRTE,
        "choice.stand_in",
    ),
    (
        "A stand-in who cannot answer the topic is passed over.",
        {"chosen_advisor_id": RIK, "topic_id": POLARISATION},
        house_with(RIK, absences=away(SANNE)),
        MIRTE,
        "topic.only_one",
    ),
    (
        "A page with somebody present needs no stand-in.",
        {"page_id": 1},
        house_with(MIRTE, absences=away(SANNE)),
        RIK,
        "page.only_one",
    ),
    (
        "An owner who is full is passed over for the page.",
        {"contact_owner_id": MIRTE, "page_id": 1},
        full(MIRTE),
        RIK,
        "page.only_one",
    ),
    (
        "An owner who left is passed over without a stand-in.",
        {"contact_owner_id": RIK},
        house_with(RIK, active=False, absences=away(MIRTE)),
        JOOST,
        "balance.least_loaded",
    ),
    (
        "A page or an advisor that no longer exists does no harm.",
        {"chosen_advisor_id": 99, "page_id": 99},
        HOUSE,
        JOOST,
        "balance.least_loaded",
    ),
    (
        "The next rule is tried when nobody of the first is free.",
        {"province": "NH", "language": "en", "topic_id": POLARISATION},
        full(RIK),
        MIRTE,
        "rules.only_one",
    ),
]


@pytest.mark.parametrize(
    ("sentence", "asked", "house", "winner", "reason"), CASES, ids=[row[0] for row in CASES]
)
def test_the_right_advisor(
    sentence: str, asked: dict[str, object], house: Roster, winner: int, reason: str
) -> None:
    decision = decide(question(**asked), house)
    assert (decision.advisor_id, decision.reason) == (winner, reason), sentence
    assert decision.alarm is None


def test_each_step_tells_who_fell_out_and_why() -> None:
    house = house_with(RIK, absences=away(SANNE))
    decision = decide(question(chosen_advisor_id=RIK, topic_id=POLARISATION, page_id=1), house)
    choice = decision.steps[0]
    assert choice.name is StepName.CHOICE
    assert choice.candidates == (RIK,)
    assert [(each.advisor_id, each.reason, each.stand_in_for) for each in choice.exclusions] == [
        (RIK, Reason.ABSENT, None),
        (SANNE, Reason.NOT_COMPETENT, RIK),
    ]
    assert choice.exclusions[0].until == NOW + 7 * DAY
    assert choice.exclusions[1].topic_id == POLARISATION
    assert choice.winner is None
    assert [step.name for step in decision.steps] == list(StepName)[:5]
    assert decision.step is StepName.PAGE


REASONS = [
    ("Gone", {"active": False}, Reason.INACTIVE, {}),
    ("Away with no known end", {"absences": (Absence(NOW - DAY),)}, Reason.ABSENT, {"until": None}),
    ("Not on this channel", {"channels": frozenset({"phone"})}, Reason.NOT_ON_CHANNEL, {"channel": "email"}),
    ("Not competent", {"topic_ids": frozenset()}, Reason.NOT_COMPETENT, {"topic_id": INCLUSION}),
    (
        "At capacity",
        {"capacity": 5, "open_count": 6},
        Reason.AT_CAPACITY,
        {"capacity": 5, "open_count": 6},
    ),
]


@pytest.mark.parametrize(
    ("sentence", "changes", "reason", "details"), REASONS, ids=[row[0] for row in REASONS]
)
def test_a_reason_has_its_details(
    sentence: str, changes: dict[str, object], reason: Reason, details: dict[str, object]
) -> None:
    house = roster(advisor(RIK, **changes))
    exclusion = decide(question(chosen_advisor_id=RIK, topic_id=INCLUSION), house).steps[0].exclusions[0]
    assert exclusion.reason is reason, sentence
    assert {name: getattr(exclusion, name) for name in details} == details


def test_absences_that_touch_count_as_one() -> None:
    leave = (Absence(NOW + DAY, NOW + 3 * DAY), Absence(NOW - DAY, NOW + DAY))
    decision = decide(question(chosen_advisor_id=RIK), roster(advisor(RIK, absences=leave)))
    assert decision.steps[0].exclusions[0].until == NOW + 3 * DAY


def test_an_absence_ends_by_itself_and_the_last_instant_is_not_in_it() -> None:
    house = roster(advisor(RIK, absences=away(days=1)))
    assert decide(question(chosen_advisor_id=RIK, at=NOW + DAY), house).advisor_id == RIK
    assert (
        decide(question(chosen_advisor_id=RIK, at=NOW + DAY - timedelta(seconds=1)), house).advisor_id != RIK
    )


def test_an_absence_that_ends_in_the_hour_that_comes_twice_ends_at_the_right_one() -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=amsterdam)
    second = first.replace(fold=1)
    house = roster(advisor(RIK, absences=(Absence(first - DAY, second),)))
    assert decide(question(chosen_advisor_id=RIK, at=first), house).step is not StepName.CHOICE
    assert decide(question(chosen_advisor_id=RIK, at=second), house).step is StepName.CHOICE


def test_the_page_order_settles_equal_shares_only_when_the_page_says_so() -> None:
    equals = (advisor(RIK), advisor(MIRTE), advisor(SANNE, assigned_count=1))
    for in_order, winner in ((True, MIRTE), (False, RIK)):
        page = Page(id=1, advisor_ids=(SANNE, MIRTE, RIK), page_order_decides=in_order)
        decision = decide(question(page_id=1), roster(*equals, pages=(page,)))
        assert decision.advisor_id == winner
        assert [each.advisor_id for each in decision.steps[-1].standings][-1] == SANNE


def test_nobody_but_the_fallback_is_named_with_an_alarm() -> None:
    decision = decide(
        question(topic_id=SAFETY), roster(advisor(RIK), advisor(NADIA, generalist=False, weight=0))
    )
    assert decision.advisor_id == NADIA
    assert decision.reason == "fallback.waived"
    assert [each.reason for each in decision.steps[-1].waived] == [Reason.NOT_COMPETENT]
    assert decision.alarm is Alarm.FALLBACK_NOT_FREE


FALLBACKS = [
    ("The first of the list who is free", {}, (MIRTE, RIK), MIRTE, Alarm.NOTHING_MATCHED),
    ("The next when the first is away", {MIRTE: away()}, (MIRTE, RIK), RIK, Alarm.NOTHING_MATCHED),
    (
        "The stand-in when all are away",
        {MIRTE: away(SANNE), RIK: away()},
        (MIRTE, RIK),
        SANNE,
        Alarm.NOTHING_MATCHED,
    ),
    (
        "Somebody who is away rather than nobody",
        {MIRTE: away()},
        (MIRTE,),
        MIRTE,
        Alarm.FALLBACK_NOT_FREE,
    ),
    ("Nobody when the list names nobody who works here", {}, (99,), None, Alarm.FALLBACK_UNUSABLE),
    ("Nobody when the list is empty", {}, (), None, Alarm.FALLBACK_EMPTY),
]


@pytest.mark.parametrize(
    ("sentence", "absences", "fallback", "winner", "alarm"), FALLBACKS, ids=[row[0] for row in FALLBACKS]
)
def test_the_fallback_keeps_every_question_owned_or_says_that_it_could_not(
    sentence: str,
    absences: dict[int, tuple[Absence, ...]],
    fallback: tuple[int, ...],
    winner: int | None,
    alarm: Alarm,
) -> None:
    people = [advisor(each, weight=0, absences=absences.get(each, ())) for each in (RIK, MIRTE, SANNE)]
    decision = decide(question(), Roster(advisors=tuple(people), fallback_ids=fallback))
    assert decision.step is StepName.FALLBACK, sentence
    assert (decision.advisor_id, decision.alarm) == (winner, alarm)


def test_the_fallback_overlooks_as_little_as_it_can() -> None:
    house = Roster(
        advisors=(
            advisor(RIK, weight=0, absences=away()),
            advisor(MIRTE, weight=0, capacity=1, open_count=1),
            advisor(SANNE, weight=0, capacity=1, open_count=1, channels=frozenset({"phone"})),
        ),
        fallback_ids=(RIK, SANNE, MIRTE),
    )
    last = decide(question(), house).steps[-1]
    assert last.winner == MIRTE
    assert [each.reason for each in last.waived] == [Reason.AT_CAPACITY]
    assert [each.advisor_id for each in last.exclusions] == [RIK, SANNE]


def test_weight_zero_is_for_who_only_gets_what_names_them() -> None:
    house = roster(advisor(RIK, weight=0), advisor(MIRTE, assigned_count=9), pages=(PAGE,))
    assert decide(question(topic_id=POLARISATION), house).advisor_id == MIRTE
    assert decide(question(page_id=1), house).advisor_id == MIRTE
    assert decide(question(chosen_advisor_id=RIK), house).advisor_id == RIK


def test_an_urgent_question_is_told_to_several_people_the_winner_first() -> None:
    urgent = decide(question(page_id=1, urgent=True), HOUSE)
    assert urgent.alert == (MIRTE, RIK, JOOST)
    assert decide(question(page_id=1), HOUSE).alert == ()


def test_an_urgent_question_is_told_to_nobody_who_cannot_take_it() -> None:
    house = replace(house_with(JOOST, absences=away()), alert_size=9)
    assert decide(question(page_id=1, urgent=True), house).alert == (MIRTE, RIK)


def test_a_question_about_a_topic_weighs_nobody_who_cannot_answer_it() -> None:
    assert decide(question(topic_id=SAFETY), HOUSE).steps[-1].candidates == (JOOST,)
    assert decide(question(), HOUSE).steps[-1].candidates == (RIK, MIRTE, SANNE, JOOST)


def test_a_stand_in_without_a_part_of_the_work_goes_before_the_fallback() -> None:
    house = roster(advisor(RIK, absences=away(MIRTE)), advisor(MIRTE, weight=0))
    decision = decide(question(topic_id=INCLUSION), house)
    assert (decision.advisor_id, decision.reason) == (MIRTE, "topic.stand_in")
