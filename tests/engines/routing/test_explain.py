from __future__ import annotations

from typing import Any

import pytest

from consult.routing import (
    AdvisorCode,
    Alarm,
    Line,
    Page,
    Reason,
    Roster,
    Selection,
    VisitorCode,
    decide,
    for_advisor,
    for_visitor,
)
from tests.engines.routing.cases import (
    DAY,
    INCLUSION,
    MIRTE,
    NOW,
    POLARISATION,
    RIK,
    SANNE,
    advisor,
    away,
    question,
    roster,
)

PAGE = Page(id=1, advisor_ids=(MIRTE,))
HOUSE = roster(advisor(RIK), advisor(MIRTE, assigned_count=1), pages=(PAGE,))
RIK_AWAY = roster(advisor(RIK, absences=away(MIRTE)), advisor(MIRTE), pages=(Page(id=1, advisor_ids=(RIK,)),))
RIK_GONE = roster(advisor(RIK, absences=away()), advisor(MIRTE), pages=(PAGE,))
RIK_FULL = roster(advisor(RIK, capacity=0), advisor(MIRTE), pages=(PAGE,))
UNTIL = NOW + 7 * DAY
STOOD_IN = {"advisor": MIRTE, "absent": RIK, "until": UNTIL}

TOLD = [
    ("Chosen", HOUSE, {"chosen_advisor_id": RIK}, VisitorCode.CHOSEN, {"advisor": RIK}),
    (
        "The choice is away and has a stand-in",
        RIK_AWAY,
        {"chosen_advisor_id": RIK},
        VisitorCode.STAND_IN,
        STOOD_IN,
    ),
    (
        "The owner is away and has a stand-in",
        RIK_AWAY,
        {"contact_owner_id": RIK},
        VisitorCode.STAND_IN,
        STOOD_IN,
    ),
    (
        "The page's advisor is away and has a stand-in",
        RIK_AWAY,
        {"page_id": 1},
        VisitorCode.STAND_IN,
        STOOD_IN,
    ),
    (
        "The choice is away without a stand-in",
        RIK_GONE,
        {"chosen_advisor_id": RIK, "page_id": 1},
        VisitorCode.CHOICE_ABSENT,
        STOOD_IN,
    ),
    (
        "The owner is away without a stand-in",
        RIK_GONE,
        {"organisation_owner_id": RIK},
        VisitorCode.OWNER_ABSENT,
        STOOD_IN,
    ),
    (
        "The choice is full, which is nobody's business",
        RIK_FULL,
        {"chosen_advisor_id": RIK},
        VisitorCode.CHOICE_NOT_FREE,
        {"advisor": MIRTE, "chosen": RIK},
    ),
    (
        "The owner is full",
        RIK_FULL,
        {"contact_owner_id": RIK, "page_id": 1},
        VisitorCode.OF_PAGE,
        {"advisor": MIRTE},
    ),
    ("Knows the contact", HOUSE, {"contact_owner_id": MIRTE}, VisitorCode.KNOWS_CONTACT, {"advisor": MIRTE}),
    (
        "Knows the organisation",
        HOUSE,
        {"organisation_topic_owner_id": MIRTE},
        VisitorCode.KNOWS_ORGANISATION,
        {"advisor": MIRTE},
    ),
    ("On the page", HOUSE, {"page_id": 1}, VisitorCode.OF_PAGE, {"advisor": MIRTE}),
    ("Knows the topic", HOUSE, {"topic_id": INCLUSION}, VisitorCode.OF_TOPIC, {"advisor": RIK}),
    ("Takes care of it", HOUSE, {}, VisitorCode.TAKES_CARE, {"advisor": RIK}),
    (
        "The choice is the fallback too, and all there is",
        Roster(advisors=(advisor(RIK, absences=away()),), fallback_ids=(RIK,)),
        {"chosen_advisor_id": RIK},
        VisitorCode.TAKES_CARE,
        {"advisor": RIK},
    ),
    ("Nobody yet", Roster(advisors=()), {"chosen_advisor_id": RIK}, VisitorCode.NOBODY_YET, {}),
]


@pytest.mark.parametrize(
    ("sentence", "house", "asked", "code", "parameters"), TOLD, ids=[row[0] for row in TOLD]
)
def test_what_the_visitor_is_told(
    sentence: str, house: Roster, asked: dict[str, object], code: VisitorCode, parameters: dict[str, Any]
) -> None:
    assert for_visitor(decide(question(**asked), house)) == Line(code, parameters), sentence


def test_the_advisor_reads_every_step_in_order() -> None:
    house = roster(
        advisor(RIK, absences=away(SANNE)),
        advisor(MIRTE, assigned_count=2, fair_share=2500),
        advisor(SANNE, capacity=4, open_count=4),
    )
    decision = decide(question(chosen_advisor_id=RIK, topic_id=POLARISATION, urgent=True), house)
    told = for_advisor(decision)
    assert [(line.parameters["step"], line.code) for line in told] == [
        ("choice", AdvisorCode.CONSIDERED),
        ("choice", AdvisorCode.ABSENT),
        ("choice", AdvisorCode.AT_CAPACITY),
        ("continuity_contact", AdvisorCode.SKIPPED),
        ("continuity_organisation_topic", AdvisorCode.SKIPPED),
        ("continuity_organisation", AdvisorCode.SKIPPED),
        ("page", AdvisorCode.SKIPPED),
        ("rules", AdvisorCode.SKIPPED),
        ("topic", AdvisorCode.CONSIDERED),
        ("topic", AdvisorCode.ABSENT),
        ("topic", AdvisorCode.AT_CAPACITY),
        ("topic", AdvisorCode.ONLY_ONE),
        ("topic", AdvisorCode.ALERTED),
    ]
    assert told[2].parameters == {
        "step": "choice",
        "advisor": SANNE,
        "stand_in_for": RIK,
        "open": 4,
        "capacity": 4,
    }
    assert told[-1].parameters["advisors"] == (MIRTE,)


def test_the_advisor_reads_where_everyone_stood_and_what_was_overlooked() -> None:
    balanced = for_advisor(decide(question(), HOUSE))
    assert [line.parameters["advisor"] for line in balanced if line.code is AdvisorCode.STANDING] == [
        RIK,
        MIRTE,
    ]
    house = Roster(advisors=(advisor(RIK, absences=away()),), fallback_ids=(RIK,))
    codes = [line.code for line in for_advisor(decide(question(), house))]
    assert codes[-3:] == [AdvisorCode.WAIVED, AdvisorCode.WAIVED_ABSENT, AdvisorCode.FALLBACK_NOT_FREE]


def test_every_code_of_a_decision_has_a_line() -> None:
    lines = {each.value.removeprefix("advisor_") for each in AdvisorCode}
    for codes in (Reason, Selection, Alarm):
        assert {each.value for each in codes} - {"nobody"} <= lines
