from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from consult.contact import decision_words
from consult.routing.codes import Alarm, Reason, Selection, StepName
from consult.routing.decision import Decision, Exclusion, Step
from consult.routing.explain import AdvisorCode, Line

if TYPE_CHECKING:
    from flask import Flask

NAMES = {1: "Rik", 2: "Sam", 3: "Mirte"}
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
AWAY = Exclusion(advisor_id=2, reason=Reason.ABSENT, until=NOW + timedelta(days=7))


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            [Step(name=StepName.CHOICE, candidates=(1,), winner=1, selection=Selection.ONLY_ONE)],
            ["De bezoeker koos zelf een adviseur.", "Rik was beschikbaar."],
        ),
        (
            [
                Step(name=StepName.CHOICE, candidates=(2,), exclusions=(AWAY,)),
                Step(name=StepName.RULES),
                Step(name=StepName.PAGE, candidates=(1, 3), winner=1, selection=Selection.LEAST_LOADED),
            ],
            [
                "De bezoeker koos zelf een adviseur.",
                "Sam was afwezig tot woensdag 25 november.",
                "De vraag kwam van een pagina met eigen adviseurs.",
                "Rik was het meest aan de beurt.",
            ],
        ),
        (
            [
                Step(
                    name=StepName.CONTINUITY_CONTACT,
                    candidates=(2,),
                    exclusions=(AWAY,),
                    winner=3,
                    selection=Selection.STAND_IN,
                    stand_in_for=2,
                )
            ],
            [
                "Deze persoon is al eerder geholpen.",
                "Sam was afwezig tot woensdag 25 november.",
                "Mirte neemt waar voor Sam.",
            ],
        ),
        (
            [Step(name=StepName.TOPIC, candidates=(9,), winner=9, selection=Selection.ONLY_ONE)],
            ["De vraag hoort bij een thema.", "Een oud-collega was beschikbaar."],
        ),
    ],
    ids=["a choice", "a choice that was away", "a stand-in", "somebody who has left"],
)
def test_a_decision_reads_as_sentences(app: Flask, steps: list[Step], said: list[str]) -> None:
    decision = Decision(decided_at=NOW, steps=tuple(steps), rule_version=1)
    with app.test_request_context():
        assert decision_words.sentences(decision.to_json(), NAMES) == said


def test_every_code_has_a_sentence(app: Flask) -> None:
    values = {"advisor": 1, "stand_in_for": 2, "until": None, "open": 3, "advisors": (1, 3)}
    with app.test_request_context():
        said = {
            decision_words.sentence(Line(code, {**values, "step": step.value}), NAMES)
            for code in AdvisorCode
            if code not in decision_words.LEFT_OUT
            for step in StepName
        }
    assert all(each.endswith(".") and "None" not in each for each in said)
    assert len(said) > len(StepName) + 12


def test_an_alarm_and_who_was_warned_come_last(app: Flask) -> None:
    fallback = Step(name=StepName.FALLBACK, candidates=(1,), winner=1, selection=Selection.FIRST_IN_LIST)
    decision = Decision(
        decided_at=NOW, steps=(fallback,), rule_version=1, alarm=Alarm.NOTHING_MATCHED, alert=(1, 3)
    )
    with app.test_request_context():
        said = decision_words.sentences(decision.to_json(), NAMES)
    assert said[-2:] == ["Geen enkele regel paste bij deze vraag.", "Direct gewaarschuwd: Rik, Mirte."]


def test_a_question_without_a_decision_has_nothing_to_tell(app: Flask) -> None:
    with app.test_request_context():
        assert decision_words.sentences({}, NAMES) == []
