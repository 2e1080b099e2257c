"""Fitness: whether one advisor can take one question, and if not, why not.

Knows absence, channel, competence and capacity; refuses to know steps, rules and balance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.routing.codes import Reason
from consult.routing.decision import Exclusion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consult.routing.advisor import Advisor
    from consult.routing.question import Question
    from consult.routing.roster import Roster


class Fitness:
    """Judges advisors for one question, each at most once however many steps name them."""

    def __init__(self, question: Question, roster: Roster) -> None:
        self._question = question
        self._roster = roster
        self.page = roster.page(question.page_id)
        self.topic_id = question.topic_id
        if self.topic_id is None and self.page is not None:
            self.topic_id = self.page.topic_id
        self._judged: dict[int, Exclusion | None] = {}

    def objection(self, advisor_id: int) -> Exclusion | None:
        """The first reason why this advisor cannot take the question; None when there is none."""
        if advisor_id not in self._judged:
            self._judged[advisor_id] = next(self.objections(advisor_id), None)
        return self._judged[advisor_id]

    def objections(self, advisor_id: int) -> Iterator[Exclusion]:
        """All reasons, the weightiest first."""
        advisor = self._roster.by_id.get(advisor_id)
        if advisor is None:
            yield Exclusion(advisor_id=advisor_id, reason=Reason.UNKNOWN)
            return
        at, channel = self._question.at, self._question.channel
        if not advisor.active:
            yield Exclusion(advisor_id=advisor_id, reason=Reason.INACTIVE)
        if advisor.absences and advisor.absent(at):
            yield Exclusion(advisor_id=advisor_id, reason=Reason.ABSENT, until=advisor.back_at(at))
        if channel is not None and channel not in advisor.channels:
            yield Exclusion(advisor_id=advisor_id, reason=Reason.NOT_ON_CHANNEL, channel=channel)
        if not self._competent(advisor):
            yield Exclusion(advisor_id=advisor_id, reason=Reason.NOT_COMPETENT, topic_id=self.topic_id)
        if advisor.at_capacity():
            yield Exclusion(
                advisor_id=advisor_id,
                reason=Reason.AT_CAPACITY,
                open_count=advisor.open_count,
                capacity=advisor.capacity,
            )

    def stand_in(self, absent_id: int) -> int | None:
        """The advisor who takes over for an absent one; None when nobody was named."""
        advisor = self._roster.by_id.get(absent_id)
        return advisor.stand_in_at(self._question.at) if advisor is not None else None

    def _competent(self, advisor: Advisor) -> bool:
        """Without a topic everyone is; who stands on the page is competent in that page's topic."""
        if self.topic_id is None or advisor.competent_in(self.topic_id):
            return True
        page = self.page
        return page is not None and page.topic_id == self.topic_id and advisor.id in page.advisor_ids
