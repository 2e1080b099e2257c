"""The routing engine: which advisor gets a question, and why.

The order is the promise: what the visitor chose, then whom they know, then the page, the rules, the topic,
and only then the balance; the fallback keeps every question owned. Pure: the same question and roster give
the same decision, whatever the order in which advisors, teams and pages are handed in. Knows no database,
clock or names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.routing.codes import Alarm, Selection, StepName
from consult.routing.decision import Decision, Step
from consult.routing.fitness import Fitness
from consult.routing.selection import Selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from consult.routing.question import Question
    from consult.routing.roster import Roster


def decide(question: Question, roster: Roster) -> Decision:
    """The decision for one question, with every step that was taken up to the one that decided.

    The advisor named is active, present at ``question.at``, on its channel, competent in its topic and
    below capacity, unless the deciding step is the fallback and its ``waived`` says what was overlooked.
    Names nobody only when the fallback holds no active advisor; ``alarm`` then says so.
    """
    fitness = Fitness(question, roster)
    selector = Selector(roster, fitness)
    steps: list[Step] = []
    for step in _steps(question, roster, fitness, selector):
        steps.append(step)
        if step.winner is not None:
            break
    return Decision(
        decided_at=question.at,
        steps=tuple(steps),
        rule_version=roster.rules.version,
        question_id=question.id,
        alarm=_alarm(steps[-1]),
        alert=_alert(steps[-1], roster, fitness, selector) if question.urgent else (),
    )


def decide_in_team(question: Question, roster: Roster, member_ids: Iterable[int]) -> Decision:
    """Which of these members gets a question that a colleague hands to their team: one step, by the same balance.

    The member named is active and present, and on its channel, competent and below capacity as far as anybody in
    the team is; ``waived`` says what was overlooked. Names nobody when all are away or gone: nobody from elsewhere
    comes in, for who hands over is there to choose again.
    """
    selector = Selector(roster, Fitness(question, roster))
    step = selector.select_in_team(member_ids)
    return Decision(
        decided_at=question.at, steps=(step,), rule_version=roster.rules.version, question_id=question.id
    )


def _steps(question: Question, roster: Roster, fitness: Fitness, selector: Selector) -> Iterator[Step]:
    """Every step in order; the caller stops at the first with a winner."""
    named = (
        (StepName.CHOICE, question.chosen_advisor_id),
        (StepName.CONTINUITY_CONTACT, question.contact_owner_id),
        (StepName.CONTINUITY_ORGANISATION_TOPIC, question.organisation_topic_owner_id),
        (StepName.CONTINUITY_ORGANISATION, question.organisation_owner_id),
    )
    for name, advisor_id in named:
        yield selector.select(name, () if advisor_id is None else (advisor_id,))
    page = fitness.page
    on_page = page.advisor_ids if page else ()
    places = {each: place for place, each in enumerate(on_page)} if page and page.page_order_decides else None
    yield selector.select(StepName.PAGE, on_page, place_on_page=places)
    yield from _rule_steps(question, roster, fitness, selector)
    topic_id = fitness.topic_id
    of_topic = roster.named_for_topic(topic_id) if topic_id is not None else ()
    yield selector.select(StepName.TOPIC, of_topic)
    yield selector.select(StepName.BALANCE, _everyone(roster, fitness))
    yield selector.fall_back(roster.fallback_ids)


def _rule_steps(question: Question, roster: Roster, fitness: Fitness, selector: Selector) -> Iterator[Step]:
    """One step per rule that holds, or one without candidates when none does."""
    held = False
    for rule in roster.rules.matching(question, fitness.topic_id):
        held = True
        targets = (*rule.advisor_ids, *roster.members(rule.team_id))
        yield selector.select(StepName.RULES, targets, rule_id=rule.id)
    if not held:
        yield Step(name=StepName.RULES)


def _everyone(roster: Roster, fitness: Fitness) -> tuple[int, ...]:
    """Who may get any question: the pool, or with a topic those who are competent in every topic."""
    return roster.pool_ids if fitness.topic_id is None else roster.generalist_ids


def _alarm(last: Step) -> Alarm | None:
    if last.name is not StepName.FALLBACK:
        return None
    if not last.candidates:
        return Alarm.FALLBACK_EMPTY
    if last.winner is None:
        return Alarm.FALLBACK_UNUSABLE
    return Alarm.FALLBACK_NOT_FREE if last.selection is Selection.WAIVED else Alarm.NOTHING_MATCHED


def _alert(last: Step, roster: Roster, fitness: Fitness, selector: Selector) -> tuple[int, ...]:
    """The winner, then the free others: of the deciding step, of the topic, of everyone, of the fallback."""
    if last.winner is None:
        return ()
    told = {last.winner: None}
    topic_id = fitness.topic_id
    circles = (
        selector.queue(selector.free(last.candidates)),
        selector.queue(selector.free(roster.named_for_topic(topic_id) if topic_id is not None else ())),
        selector.queue(selector.free(_everyone(roster, fitness))),
        selector.free(roster.fallback_ids),
    )
    for circle in circles:
        told.update(dict.fromkeys(circle))
    return tuple(told)[: roster.alert_size]
