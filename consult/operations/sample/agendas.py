"""Where talks fit: inside working hours, never two at once for one advisor, buffers included.

Keeps to four talks a day and twelve a week; what does not fit into the days asked for lies further back. Knows
nothing of who comes and how it went.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from consult.operations.sample.moments import local_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from random import Random

    from consult.operations.sample.content import SampleAdvisor, SampleMeetingType
    from consult.operations.sample.enquiries import Desk

PER_DAY: Final = 4
PER_WEEK: Final = 12
STEP: Final = 15
# A talk is booked no further ahead than this; everybody has one on each of the next few days, half of them two today.
FURTHEST: Final = 55
SOON: Final = 2
TWICE_TODAY: Final = 0.5


@dataclass(slots=True)
class Spot:
    """Where a talk fits: advisor, date, minute of the day on the wall clock, and its kind."""

    advisor: str
    day: date
    minute: int
    kind: SampleMeetingType


@dataclass(slots=True)
class Agenda:
    """The days of one advisor while they fill up; busy minutes include buffers."""

    advisor: SampleAdvisor
    busy: dict[date, list[tuple[int, int]]] = field(default_factory=dict)
    weeks: Counter[tuple[int, int]] = field(default_factory=Counter)

    def spot(self, rng: Random, day: date, kinds: list[SampleMeetingType]) -> Spot | None:
        """A free spot on this date for the first of these kinds that fits, taken at once; None when there is none."""
        taken = self.busy.setdefault(day, [])
        week = day.isocalendar()[:2]
        if len(taken) >= PER_DAY or self.weeks[week] >= PER_WEEK:
            return None
        for kind in kinds:
            if starts := list(self._starts(day, kind, taken)):
                minute = rng.choice(starts)
                taken.append((minute - kind.buffer_before, minute + kind.minutes + kind.buffer_after))
                self.weeks[week] += 1
                return Spot(self.advisor.slug, day, minute, kind)
        return None

    def _starts(self, day: date, kind: SampleMeetingType, taken: list[tuple[int, int]]) -> Iterator[int]:
        weekday = day.weekday()
        for block in self.advisor.hours:
            if block.weekday != weekday:
                continue
            opens = block.starts.hour * 60 + block.starts.minute
            closes = block.ends.hour * 60 + block.ends.minute
            for minute in range(opens, closes - kind.minutes + 1, STEP):
                first, last = minute - kind.buffer_before, minute + kind.minutes + kind.buffer_after
                if all(last <= start or end <= first for start, end in taken):
                    yield minute


def spots(desk: Desk, rng: Random, count: int, days: int) -> list[Spot]:
    """So many free spots around now: today first, then a third of the days ahead and two thirds back.

    Raises:
        ValueError: the office clock does not reach back far enough for so many.
    """
    found: list[Spot] = []
    for day, agenda in _tries(desk, rng, days):
        if len(found) == count:
            return found
        if not desk.away(agenda.advisor.slug, day) and (spot := agenda.spot(rng, day, _kinds(desk, rng))):
            found.append(spot)
    if len(found) < count:
        raise ValueError(f"only {len(found)} of {count} talks fit into the days that the clock knows")
    return found


def _tries(desk: Desk, rng: Random, days: int) -> Iterator[tuple[date, Agenda]]:
    """Which day of which advisor to try next."""
    today = local_day(desk.now)
    agendas = [Agenda(advisor) for advisor in desk.advisors]
    known = desk.clock.working_days
    ahead = today + timedelta(days=min(days // 3, FURTHEST))
    back = today - timedelta(days=days - days // 3)
    window = [day for day in known if back <= day <= ahead]
    soon = [day for day in window if day >= today][:SOON]
    yield from ((day, agenda) for day in soon for agenda in agendas)
    yield from ((day, agenda) for day in soon[:1] for agenda in agendas if rng.random() < TWICE_TODAY)
    pairs = [(day, agenda) for day in window for agenda in agendas]
    for _ in range(PER_DAY):
        yield from rng.sample(pairs, len(pairs))
    for day in reversed([day for day in known if day < back]):
        yield from ((day, agenda) for agenda in agendas for _ in range(PER_DAY))


def _kinds(desk: Desk, rng: Random) -> list[SampleMeetingType]:
    """A kind by its share, and after it the shortest, which fits where it does not."""
    kinds = desk.content.meeting_types
    first = rng.choices(kinds, [kind.share for kind in kinds])[0]
    return [first, min(kinds, key=lambda kind: kind.minutes + kind.buffer_before + kind.buffer_after)]
