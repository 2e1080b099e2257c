from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from consult.routing import (
    Alarm,
    Decision,
    Exclusion,
    Reason,
    Selection,
    Standing,
    Step,
    StepName,
    Unreadable,
)

# As the first version wrote it. It is in people's databases: it must always read back as this decision.
STORED = """{
  "version": 1, "question": 412, "decided_at": "2026-11-20T09:00:00+00:00", "rule_version": 3,
  "alert": [2, 4],
  "steps": [
    {"name": "choice", "candidates": [1], "selection": "nobody", "exclusions": [
      {"advisor": 1, "reason": "absent", "until": "2026-12-07T08:00:00+00:00"},
      {"advisor": 3, "reason": "at_capacity", "open": 0, "capacity": 0, "stand_in_for": 1}]},
    {"name": "rules", "rule": 70, "candidates": [5], "selection": "nobody", "exclusions": [
      {"advisor": 5, "reason": "not_on_channel", "channel": "phone"}]},
    {"name": "topic", "candidates": [2, 4], "winner": 2, "selection": "least_loaded", "standings": [
      {"advisor": 2, "assigned": 4, "fair_share": 5250, "weight": 100},
      {"advisor": 4, "assigned": 0, "fair_share": 0, "weight": 50}]}
  ]
}"""
DECISION = Decision(
    question_id=412,
    decided_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    rule_version=3,
    alert=(2, 4),
    steps=(
        Step(
            name=StepName.CHOICE,
            candidates=(1,),
            exclusions=(
                Exclusion(advisor_id=1, reason=Reason.ABSENT, until=datetime(2026, 12, 7, 8, tzinfo=UTC)),
                Exclusion(advisor_id=3, reason=Reason.AT_CAPACITY, open_count=0, capacity=0, stand_in_for=1),
            ),
        ),
        Step(
            name=StepName.RULES,
            rule_id=70,
            candidates=(5,),
            exclusions=(Exclusion(advisor_id=5, reason=Reason.NOT_ON_CHANNEL, channel="phone"),),
        ),
        Step(
            name=StepName.TOPIC,
            candidates=(2, 4),
            winner=2,
            selection=Selection.LEAST_LOADED,
            standings=(Standing(2, 4, 5250, 100), Standing(4, 0, 0, 50)),
        ),
    ),
)


def test_what_the_first_version_stored_reads_back() -> None:
    assert Decision.from_json(json.loads(STORED)) == DECISION


def test_what_is_stored_is_plain_and_small() -> None:
    assert DECISION.to_json() == json.loads(STORED)


def test_the_codes_that_are_stored_never_change() -> None:
    stored = {code.value for codes in (StepName, Reason, Selection, Alarm) for code in codes}
    assert stored >= {
        *("choice", "continuity_contact", "continuity_organisation_topic", "continuity_organisation"),
        *("page", "rules", "topic", "balance", "fallback", "team"),
        *("unknown", "inactive", "absent", "not_on_channel", "not_competent", "at_capacity"),
        *("only_one", "least_loaded", "stand_in", "first_in_list", "waived", "nobody"),
        *("nothing_matched", "fallback_not_free", "fallback_unusable", "fallback_empty"),
    }


UNREADABLE: list[tuple[str, dict[str, Any], str]] = [
    ("A version from the future", {"version": 2}, "version 2"),
    ("No version", {"version": None}, "version is missing"),
    ("A truth where a number belongs", {"rule_version": True}, "rule_version"),
    ("No moment", {"decided_at": None}, "decided_at is missing"),
    ("A moment without zone", {"decided_at": "2026-11-20T09:00:00"}, "no time zone"),
    ("Not a moment", {"decided_at": "vrijdag"}, "not an instant"),
    ("No steps", {"steps": []}, "steps is missing"),
    ("Steps that are no list", {"steps": {"name": "choice"}}, "steps is not a list"),
    ("A step without fields", {"steps": ["choice"]}, "something else than fields"),
    ("A step nobody knows", {"steps": [{"name": "dice", "selection": "nobody"}]}, "name is not a known code"),
    ("A text among the alerted", {"alert": ["Rik"]}, "alert is not a whole number"),
    ("An alarm that is a number", {"alarm": 3}, "alarm is not a text"),
]


@pytest.mark.parametrize(("sentence", "changes", "says"), UNREADABLE, ids=[row[0] for row in UNREADABLE])
def test_what_is_no_stored_decision_is_refused_with_its_field(
    sentence: str, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(Unreadable, match=says):
        Decision.from_json({**json.loads(STORED), **changes})
