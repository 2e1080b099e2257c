"""A decision told as codes with parameters: one line for the visitor, everything for the advisor.

Knows what each audience may hear: a visitor hears about people and absence, never about load, rules or
competence. Refuses to know sentences; each code has its sentence where texts are made, and its parameters
are fixed per code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from consult.routing.codes import Reason, Selection, StepName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consult.routing.decision import Decision, Exclusion, Step

Parameter = int | str | datetime | tuple[int, ...] | None
_NAMED = (
    StepName.CHOICE,
    StepName.CONTINUITY_CONTACT,
    StepName.CONTINUITY_ORGANISATION_TOPIC,
    StepName.CONTINUITY_ORGANISATION,
)
_TOLD_OF_STAND_IN = (*_NAMED, StepName.PAGE)


class VisitorCode(StrEnum):
    """What a visitor is told; ``advisor`` is a parameter of all but NOBODY_YET.

    STAND_IN, CHOICE_ABSENT and OWNER_ABSENT add ``absent`` and ``until`` (None: not known); CHOICE_NOT_FREE
    adds ``chosen``.
    """

    CHOSEN = "visitor_chosen"
    STAND_IN = "visitor_stand_in"
    CHOICE_ABSENT = "visitor_choice_absent"
    OWNER_ABSENT = "visitor_owner_absent"
    CHOICE_NOT_FREE = "visitor_choice_not_free"
    KNOWS_CONTACT = "visitor_knows_contact"
    KNOWS_ORGANISATION = "visitor_knows_organisation"
    OF_PAGE = "visitor_of_page"
    OF_TOPIC = "visitor_of_topic"
    TAKES_CARE = "visitor_takes_care"
    NOBODY_YET = "visitor_nobody_yet"


class AdvisorCode(StrEnum):
    """What an advisor can read; every line has ``step``.

    SKIPPED: nothing to consider. CONSIDERED: ``candidates``, ``rule``. The reasons: ``advisor``,
    ``stand_in_for`` and their own details. The selections: ``advisor``, ``stand_in_for``, ``rule``.
    STANDING: ``advisor``, ``assigned``, ``fair_share``, ``weight``. WAIVED_…: what the fallback overlooked.
    ALERTED: ``advisors``.
    """

    SKIPPED = "advisor_skipped"
    CONSIDERED = "advisor_considered"
    UNKNOWN = "advisor_unknown"
    INACTIVE = "advisor_inactive"
    ABSENT = "advisor_absent"
    NOT_ON_CHANNEL = "advisor_not_on_channel"
    NOT_COMPETENT = "advisor_not_competent"
    AT_CAPACITY = "advisor_at_capacity"
    ONLY_ONE = "advisor_only_one"
    LEAST_LOADED = "advisor_least_loaded"
    STAND_IN = "advisor_stand_in"
    FIRST_IN_LIST = "advisor_first_in_list"
    WAIVED = "advisor_waived"
    STANDING = "advisor_standing"
    WAIVED_ABSENT = "advisor_waived_absent"
    WAIVED_NOT_ON_CHANNEL = "advisor_waived_not_on_channel"
    WAIVED_NOT_COMPETENT = "advisor_waived_not_competent"
    WAIVED_AT_CAPACITY = "advisor_waived_at_capacity"
    NOTHING_MATCHED = "advisor_nothing_matched"
    FALLBACK_NOT_FREE = "advisor_fallback_not_free"
    FALLBACK_UNUSABLE = "advisor_fallback_unusable"
    FALLBACK_EMPTY = "advisor_fallback_empty"
    ALERTED = "advisor_alerted"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say: a code and the values its sentence needs."""

    code: VisitorCode | AdvisorCode
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


def for_visitor(decision: Decision) -> Line:
    """The one line for who asked: why not whom they chose or know, else why this advisor."""
    winner = decision.advisor_id
    if winner is None:
        return Line(VisitorCode.NOBODY_YET)
    last = decision.steps[-1]
    if last.selection is Selection.STAND_IN and last.name in _TOLD_OF_STAND_IN:
        absent = next(each for each in last.exclusions if each.advisor_id == last.stand_in_for)
        return _absence(VisitorCode.STAND_IN, winner, absent)
    for step in decision.steps:
        missed = step.exclusions[0] if step.name in _NAMED and step.exclusions else None
        if missed is None or missed.advisor_id == winner:
            continue
        chosen = step.name is StepName.CHOICE
        if missed.reason is Reason.ABSENT:
            code = VisitorCode.CHOICE_ABSENT if chosen else VisitorCode.OWNER_ABSENT
            return _absence(code, winner, missed)
        if chosen:
            return Line(VisitorCode.CHOICE_NOT_FREE, {"advisor": winner, "chosen": missed.advisor_id})
    return Line(_VISITOR_BY_STEP[decision.step], {"advisor": winner})


def _absence(code: VisitorCode, winner: int, absent: Exclusion) -> Line:
    return Line(code, {"advisor": winner, "absent": absent.advisor_id, "until": absent.until})


_VISITOR_BY_STEP = {
    StepName.CHOICE: VisitorCode.CHOSEN,
    StepName.CONTINUITY_CONTACT: VisitorCode.KNOWS_CONTACT,
    StepName.CONTINUITY_ORGANISATION_TOPIC: VisitorCode.KNOWS_ORGANISATION,
    StepName.CONTINUITY_ORGANISATION: VisitorCode.KNOWS_ORGANISATION,
    StepName.PAGE: VisitorCode.OF_PAGE,
    StepName.RULES: VisitorCode.TAKES_CARE,
    StepName.TOPIC: VisitorCode.OF_TOPIC,
    StepName.BALANCE: VisitorCode.TAKES_CARE,
    StepName.FALLBACK: VisitorCode.TAKES_CARE,
    StepName.TEAM: VisitorCode.TAKES_CARE,
}


def for_advisor(decision: Decision) -> tuple[Line, ...]:
    """Everything, step by step in order; the alarm and who was alerted come last."""
    lines = [line for step in decision.steps for line in of_step(step)]
    last: dict[str, Parameter] = {"step": decision.step.value}
    if decision.alarm is not None:
        lines.append(Line(AdvisorCode(f"advisor_{decision.alarm.value}"), last))
    if decision.alert:
        lines.append(Line(AdvisorCode.ALERTED, {**last, "advisors": decision.alert}))
    return tuple(lines)


def of_step(step: Step) -> Iterator[Line]:
    """What one step considered, and how it ended."""
    base: dict[str, Parameter] = {"step": step.name.value}
    if not step.candidates:
        yield Line(AdvisorCode.SKIPPED, base)
        return
    yield Line(AdvisorCode.CONSIDERED, {**base, "candidates": step.candidates, "rule": step.rule_id})
    for each in step.exclusions:
        yield Line(AdvisorCode(f"advisor_{each.reason.value}"), {**base, **_details(each)})
    if step.winner is None:
        return
    won: dict[str, Parameter] = {
        **base,
        "advisor": step.winner,
        "stand_in_for": step.stand_in_for,
        "rule": step.rule_id,
    }
    yield Line(AdvisorCode(f"advisor_{step.selection.value}"), won)
    for waived in step.waived:
        yield Line(AdvisorCode(f"advisor_waived_{waived.reason.value}"), {**base, **_details(waived)})
    for standing in step.standings:
        place: dict[str, Parameter] = {"advisor": standing.advisor_id, "assigned": standing.assigned_count}
        yield Line(
            AdvisorCode.STANDING,
            {**base, **place, "fair_share": standing.fair_share, "weight": standing.weight},
        )


def _details(exclusion: Exclusion) -> dict[str, Parameter]:
    details: dict[Reason, dict[str, Parameter]] = {
        Reason.ABSENT: {"until": exclusion.until},
        Reason.AT_CAPACITY: {"open": exclusion.open_count, "capacity": exclusion.capacity},
        Reason.NOT_COMPETENT: {"topic": exclusion.topic_id},
        Reason.NOT_ON_CHANNEL: {"channel": exclusion.channel},
    }
    named: dict[str, Parameter] = {
        "advisor": exclusion.advisor_id,
        "stand_in_for": exclusion.stand_in_for,
    }
    return {**named, **details.get(exclusion.reason, {})}
