"""Why a sample question went to whom, in the shape in which routing stores its decisions."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from consult.operations.sample_people import ZONE
from consult.routing.codes import Alarm, Reason, Selection, StepName
from consult.routing.decision import Decision, Exclusion, Step

if TYPE_CHECKING:
    from consult.operations.sample.shapes import PlannedAbsence, PlannedEnquiry, SamplePlan
    from consult.operations.sample_rows import Keys

STEPS = {
    "wanted": StepName.CHOICE,
    "owner": StepName.CONTINUITY_CONTACT,
    "page": StepName.PAGE,
    "topic": StepName.TOPIC,
    "fallback": StepName.FALLBACK,
}


def enquiry_decision(plan: SamplePlan, enquiry: PlannedEnquiry, keys: Keys) -> Decision:
    """How this question got its first advisor; nobody when it has none."""
    first = next((entry.to for entry in enquiry.entries if entry.kind == "assigned"), None)
    if first is None:
        fallback = tuple(keys.advisor[one.slug] for one in plan.advisors if one.fallback)
        return _decision(
            enquiry.asked_at, Step(name=StepName.FALLBACK, candidates=fallback), Alarm.FALLBACK_UNUSABLE
        )
    winner = keys.advisor[first]
    if enquiry.why == "stand_in":
        return _decision(enquiry.asked_at, _stand_in(plan, enquiry, first, keys))
    step = STEPS[enquiry.why or "fallback"]
    candidates = _candidates(plan, enquiry, step, keys) or (winner,)
    if winner not in candidates:
        candidates = (winner, *candidates)
    selection = Selection.ONLY_ONE if len(candidates) == 1 else Selection.LEAST_LOADED
    if step is StepName.FALLBACK:
        selection = Selection.FIRST_IN_LIST
    decided = Step(name=step, candidates=candidates, winner=winner, selection=selection)
    return _decision(enquiry.asked_at, decided, Alarm.NOTHING_MATCHED if step is StepName.FALLBACK else None)


def chosen(advisor_id: int, at: datetime) -> dict[str, Any]:
    """The stored decision of a visitor who named an advisor."""
    step = Step(
        name=StepName.CHOICE, candidates=(advisor_id,), winner=advisor_id, selection=Selection.ONLY_ONE
    )
    return _decision(at, step).to_json()


def _decision(at: datetime, last: Step, alarm: Alarm | None = None) -> Decision:
    """A decision by ``last``; the steps before it found nobody."""
    before = tuple(Step(name=name) for name in StepName)
    return Decision(
        decided_at=at, steps=(*before[: list(StepName).index(last.name)], last), rule_version=0, alarm=alarm
    )


def _candidates(plan: SamplePlan, enquiry: PlannedEnquiry, step: StepName, keys: Keys) -> tuple[int, ...]:
    if step is StepName.PAGE and enquiry.page:
        page = next(page for page in plan.content.pages if page.slug == enquiry.page)
        return tuple(keys.advisor[slug] for slug in page.advisors if slug in keys.advisor)
    if step is StepName.TOPIC:
        return tuple(keys.advisor[one.slug] for one in plan.advisors if enquiry.topic in one.topics)
    return ()


def _stand_in(plan: SamplePlan, enquiry: PlannedEnquiry, first: str, keys: Keys) -> Step:
    """The step in which the advisor who was meant turned out to be away."""
    day = enquiry.asked_at.astimezone(ZoneInfo(ZONE)).date()
    absence = next(
        one for one in plan.absences if one.stand_in == first and one.first_on <= day <= one.last_on
    )
    away = keys.advisor[absence.advisor]
    name = (
        StepName.CHOICE
        if enquiry.wanted == absence.advisor
        else StepName.PAGE
        if enquiry.page
        else StepName.TOPIC
    )
    return Step(
        name=name,
        candidates=(away,),
        exclusions=(Exclusion(advisor_id=away, reason=Reason.ABSENT, until=_end(absence)),),
        winner=keys.advisor[first],
        selection=Selection.STAND_IN,
        stand_in_for=away,
    )


def _end(absence: PlannedAbsence) -> datetime:
    return datetime.combine(absence.last_on + timedelta(days=1), time(), ZoneInfo(ZONE))
