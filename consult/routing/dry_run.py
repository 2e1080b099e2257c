"""Dry run: what a changed list of rules would have done with questions that were asked.

Knows two rule sets and one roster; refuses to change anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consult.routing.engine import decide

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consult.routing.decision import Decision
    from consult.routing.question import Question
    from consult.routing.roster import Roster
    from consult.routing.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that two rule sets decide differently: by another step or rule, or for another advisor."""

    question: Question
    before: Decision
    after: Decision

    @property
    def other_advisor(self) -> bool:
        """Whether somebody else would get the question; if not, only the reason differs."""
        return self.before.advisor_id != self.after.advisor_id


def differences(
    questions: Iterable[Question], roster: Roster, rules_before: RuleSet, rules_after: RuleSet
) -> tuple[Difference, ...]:
    """The questions that the two rule sets decide differently, in the order given.

    Each question is decided on its own against the same roster, so that a difference comes from the rules
    and not from the balance after an earlier difference. Absences are judged at the time of each question:
    the roster must hold past ones. The rules of the roster itself are not looked at.
    """
    old, new = replace(roster, rules=rules_before), replace(roster, rules=rules_after)
    pairs = ((question, decide(question, old), decide(question, new)) for question in questions)
    return tuple(Difference(*pair) for pair in pairs if _gist(pair[1]) != _gist(pair[2]))


def _gist(decision: Decision) -> tuple[object, ...]:
    return decision.advisor_id, decision.step, decision.matched_rule
