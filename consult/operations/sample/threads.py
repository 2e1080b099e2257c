"""What happens to one question after it was asked: assigned, discussed, answered, called, closed.

Knows nothing of how questions are spread over the days. Steps are lengths of working time, fitted between the
question and now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from consult.operations.sample.moments import DAY, local_day
from consult.operations.sample.shapes import PlannedEntry

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from consult.operations.sample.enquiries import Desk
    from consult.operations.sample.shapes import Channel, EnquiryState, EntryKind

Fate = Literal["unassigned", "open", "follow_up", "waiting", "snoozed", "closed"]
# Less working time than this since the question, in minutes, and nobody has done anything yet.
TOO_SOON: Final = 20
ON_TIME: Final = 0.9


class _Step(NamedTuple):
    """What comes next, after so many minutes of working time."""

    minutes: float
    kind: EntryKind
    author: str
    text: str
    to: str | None


class Thread:
    """The making of one thread; ``run`` once, then read what came of it."""

    def __init__(
        self, desk: Desk, rng: Random, asked_at: datetime, channel: Channel, topic: str, *, urgent: bool
    ) -> None:
        self._desk = desk
        self._rng = rng
        self._asked_at = asked_at
        self._channel = channel
        self._topic = topic
        self._promise = 120 if urgent else DAY
        self._steps: list[_Step] = []
        self.advisor: str | None = None
        self.state: EnquiryState = "open"
        self.answered_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.snoozed_until: datetime | None = None
        self.entries: list[PlannedEntry] = []

    def run(self, advisor: str | None, fate: Fate) -> None:
        """Let the question meet its fate; without an advisor, or too soon, nobody has answered it."""
        self.advisor = advisor
        if advisor is None:
            return
        clock = self._desk.clock
        start = clock.position(self._asked_at)
        room = clock.position(self._desk.now) - start
        if room < TOO_SOON:
            fate = "open"
        self._before_the_answer(fate, room)
        if fate != "open":
            self._answer(room)
            self._afterwards(fate)
        self._write(start, room)
        if fate == "snoozed":
            days = self._rng.randint(1, 6)
            self.snoozed_until = clock.at((clock.position(self._desk.now) // DAY + days) * DAY)

    def _step(
        self, minutes: float, kind: EntryKind, author: str, text: str = "", to: str | None = None
    ) -> None:
        self._steps.append(_Step(minutes, kind, author, text, to))

    def _before_the_answer(self, fate: Fate, room: float) -> None:
        rng, content = self._rng, self._desk.content
        self._step(0, "assigned", "house", to=self.advisor)
        if room >= DAY and rng.random() < 0.08 and (others := self._others()):
            giver, self.advisor = self.advisor or "", rng.choice(others)
            self._step(
                rng.uniform(10, 60), "handed_over", giver, rng.choice(content.hand_overs), self.advisor
            )
        if fate == "open" and room < TOO_SOON:
            return
        if rng.random() < 0.35:
            self._step(rng.uniform(5, 90), "note", self.advisor or "", rng.choice(content.notes))
        if self._channel == "phone" and rng.random() < 0.4:
            self._step(rng.uniform(15, 90), "call_no_answer", self.advisor or "")

    def _others(self) -> list[str]:
        """Who could take over: everybody else who is not away today."""
        today = local_day(self._desk.now)
        return [
            slug for slug in self._desk.by_slug if slug != self.advisor and not self._desk.away(slug, today)
        ]

    def _answer(self, room: float) -> None:
        """The first answer: nine in ten within the promise, whatever came before it."""
        rng = self._rng
        spent = sum(step.minutes for step in self._steps)
        if rng.random() < ON_TIME:
            wait = max(self._promise * rng.betavariate(1.3, 2.8) - spent, 3)
        else:
            wait = max(self._promise * rng.uniform(1.05, 2.2) - spent, 3)
        kind: EntryKind = "call_spoken" if self._channel == "phone" else "reply"
        self._step(min(wait, max(room - spent, 3)), kind, self.advisor or "", self._reply(first=True))

    def _afterwards(self, fate: Fate) -> None:
        rng, content = self._rng, self._desk.content
        if fate == "follow_up" or rng.random() < 0.35:
            self._step(rng.uniform(30, 2 * DAY), "visitor", "visitor", rng.choice(content.follow_ups))
            if fate == "follow_up":
                return
            self._step(rng.uniform(15, DAY), "reply", self.advisor or "", self._reply(first=False))
        if fate == "snoozed":
            self._step(rng.uniform(5, 60), "snoozed", self.advisor or "")
        self.state = "closed" if fate == "closed" else "waiting"
        if fate == "closed":
            if rng.random() < 0.25:
                self._step(rng.uniform(5, 120), "note", self.advisor or "", rng.choice(content.notes))
            self._step(rng.uniform(30, 3 * DAY), "closed", self.advisor or "")

    def _reply(self, *, first: bool) -> str:
        replies = self._desk.content.replies
        return self._rng.choice(
            replies[self._topic] if first and self._rng.random() < 0.75 else replies["algemeen"]
        )

    def _write(self, start: float, room: float) -> None:
        """Turn steps into instants; when there is not enough working time for them, all become shorter."""
        total = sum(step.minutes for step in self._steps)
        scale = min(1.0, room * 0.95 / total) if total else 1.0
        position = start
        for minutes, kind, author, text, to in self._steps:
            position += minutes * scale
            at = self._desk.clock.at(position) if minutes else self._asked_at
            self.entries.append(PlannedEntry(at, kind, author, text, to))
            if kind in {"reply", "call_spoken"} and self.answered_at is None:
                self.answered_at = at
            if kind == "closed":
                self.closed_at = at
