"""One step: from candidates to a winner, or to nobody with the reasons.

Knows fitness, stand-ins and the queue; refuses to know where the candidates come from.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consult.routing.balance import share
from consult.routing.codes import Reason, Selection, StepName
from consult.routing.decision import Exclusion, Standing, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consult.routing.fitness import Fitness
    from consult.routing.roster import Roster

STANDINGS_KEPT = 5
"""The winner and the next few: enough to see why, small enough to store with every question."""

# What the fallback would rather overlook comes lighter: somebody who is there can at least pass the
# question on.
_WAIVER = {Reason.NOT_COMPETENT: 1, Reason.AT_CAPACITY: 2, Reason.NOT_ON_CHANNEL: 4, Reason.ABSENT: 8}


class Selector:
    """Selects among candidates for one question."""

    def __init__(self, roster: Roster, fitness: Fitness) -> None:
        self._roster = roster
        self._fitness = fitness

    def select(
        self,
        name: StepName,
        candidates: Iterable[int],
        *,
        place_on_page: dict[int, int] | None = None,
        rule_id: int | None = None,
    ) -> Step:
        """The least loaded candidate who can take the question; else the stand-in of an absent one."""
        step, free = self._sift(Step(name=name, candidates=tuple(dict.fromkeys(candidates)), rule_id=rule_id))
        if not free:
            return self._with_stand_in(step)
        return self._ranked(step, self._by_page(free, place_on_page) if place_on_page else self.queue(free))

    def fall_back(self, candidates: Iterable[int]) -> Step:
        """The first of the list who can take it, else a stand-in, else the one of whom least is overlooked.

        Nobody only when the list holds no active advisor.
        """
        step, free = self._sift(Step(name=StepName.FALLBACK, candidates=tuple(dict.fromkeys(candidates))))
        if free:
            return replace(step, winner=free[0], selection=Selection.FIRST_IN_LIST)
        step = self._with_stand_in(step)
        return step if step.winner is not None else self._waive(step, step.candidates)

    def select_in_team(self, member_ids: Iterable[int]) -> Step:
        """The least loaded member who can take it, else the one of those present of whom least is overlooked."""
        step, free = self._sift(Step(name=StepName.TEAM, candidates=tuple(dict.fromkeys(member_ids))))
        if free:
            return self._ranked(step, self.queue(free))
        absent = {each.advisor_id for each in step.exclusions if each.reason is Reason.ABSENT}
        present = [each for each in step.candidates if each in self._roster.by_id and each not in absent]
        return self._waive(step, self.queue(present))

    def queue(self, advisor_ids: Iterable[int]) -> list[int]:
        """The advisors, the one whose turn it is first."""
        return sorted(advisor_ids, key=self._roster.rank.__getitem__)

    def free(self, advisor_ids: Iterable[int]) -> list[int]:
        """Those who can take the question."""
        return [each for each in advisor_ids if self._fitness.objection(each) is None]

    def _sift(self, step: Step) -> tuple[Step, list[int]]:
        objections = ((each, self._fitness.objection(each)) for each in step.candidates)
        free: list[int] = []
        exclusions: list[Exclusion] = []
        for advisor_id, objection in objections:
            if objection is None:
                free.append(advisor_id)
            else:
                exclusions.append(objection)
        return replace(step, exclusions=tuple(exclusions)) if exclusions else step, free

    def _with_stand_in(self, step: Step) -> Step:
        """The step won by a stand-in of one of its absent candidates, or the reasons why not."""
        absent = [each.advisor_id for each in step.exclusions if each.reason is Reason.ABSENT]
        pairs = [
            (stand_in, each) for each in absent if (stand_in := self._fitness.stand_in(each)) is not None
        ]
        refused = []
        able: dict[int, int] = {}
        for stand_in, absent_id in pairs:
            objection = self._fitness.objection(stand_in)
            if objection is None:
                able.setdefault(stand_in, absent_id)
            else:
                refused.append(replace(objection, stand_in_for=absent_id))
        step = replace(step, exclusions=step.exclusions + tuple(refused)) if refused else step
        if not able:
            return step
        winner = self.queue(able)[0]
        return replace(step, winner=winner, selection=Selection.STAND_IN, stand_in_for=able[winner])

    def _ranked(self, step: Step, ranked: list[int]) -> Step:
        if len(ranked) == 1:
            return replace(step, winner=ranked[0], selection=Selection.ONLY_ONE)
        return replace(
            step,
            winner=ranked[0],
            selection=Selection.LEAST_LOADED,
            standings=tuple(self._standing(each) for each in ranked[:STANDINGS_KEPT]),
        )

    def _waive(self, step: Step, candidates: Iterable[int]) -> Step:
        best: tuple[int, int, tuple[Exclusion, ...]] | None = None
        for advisor_id in candidates:
            objections = tuple(self._fitness.objections(advisor_id))
            if any(each.reason not in _WAIVER for each in objections):
                continue
            overlooked = sum(_WAIVER[each.reason] for each in objections)
            if best is None or overlooked < best[0]:
                best = overlooked, advisor_id, objections
        if best is None:
            return step
        _, winner, waived = best
        others = tuple(each for each in step.exclusions if each.advisor_id != winner)
        return replace(step, winner=winner, selection=Selection.WAIVED, exclusions=others, waived=waived)

    def _by_page(self, advisor_ids: list[int], place: dict[int, int]) -> list[int]:
        return sorted(advisor_ids, key=lambda each: (share(self._roster.by_id[each]), place[each]))

    def _standing(self, advisor_id: int) -> Standing:
        advisor = self._roster.by_id[advisor_id]
        return Standing(advisor_id, advisor.assigned_count, advisor.fair_share, advisor.weight)
