"""The same figures, counted slowly and plainly from the rows as they were written down: no SQL, no shortcut.

What a figure says is written out here once more, so that the fast count has something to be held against.
"""

from __future__ import annotations

import math
import statistics
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.statistics.house import AMSTERDAM, Question, Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from consult.statistics.figures import Period
    from consult.worktime import BusinessClock

HOUR = timedelta(hours=1)
CHANNELS = ("email", "phone", "whatsapp")
Values = tuple[Any, ...]


def real(questions: Iterable[Question]) -> list[Question]:
    """Without spam, what looks like it, and what became part of another question."""
    return [each for each in questions if each.state != "held" and not each.spam and not each.merged_into]


def weekly(
    rows: Sequence[Any], moment: Callable[[Any], datetime], period: Period, of: Callable[[list[Any]], Values]
) -> list[Values]:
    """What ``of`` makes of the rows of each week on the clock of Amsterdam, and of all of them last."""
    local = [(moment(row).astimezone(AMSTERDAM).date(), row) for row in rows]
    inside = [(on, row) for on, row in local if period.first <= on <= period.last]
    weeks = [
        of([row for on, row in inside if monday <= on <= monday + timedelta(days=6)])
        for monday in period.mondays()
    ]
    return [*weeks, of([row for _, row in inside])]


def by_channel(asked: list[Question]) -> Values:
    """How many for each channel."""
    return tuple(sum(each.channel == channel for each in asked) for channel in CHANNELS)


def first_answer(asked: list[Question], clock: BusinessClock) -> Values:
    """Median, ninetieth and number of the working hours up to the first answer."""
    hours = [clock.between(each.asked, each.answered) / HOUR for each in asked if each.answered]
    return (*middle(hours), len(hours))


def on_time(asked: list[Question], now: datetime) -> Values:
    """The share answered in time, of those that were answered or should have been."""
    good = [each for each in asked if each.answered and each.answered <= each.promised]
    broken = [
        each
        for each in asked
        if (each.answered and each.answered > each.promised)
        or (not each.answered and (each.closed or now) >= each.promised)
    ]
    return share(len(good), len(good) + len(broken)), len(good) + len(broken)


def lead_time(planned: list[Talk]) -> Values:
    """Median, ninetieth and number of the days from planning to the talk."""
    days = [_date(each.starts) - _date(each.created) for each in planned if not each.series]
    return (*middle([each / timedelta(days=1) for each in days]), len(days))


def outcomes(talks: list[Talk], now: datetime) -> Values:
    """Attended, missed, cancelled, and nothing said, of talks that are over or were cancelled."""
    over = [
        each for each in talks if each.starts + timedelta(minutes=30) <= now and each.state != "cancelled"
    ]
    cancelled = sum(each.state == "cancelled" for each in talks)
    said = [sum(each.outcome == what for each in over) for what in ("attended", "no_show", None)]
    return said[0], said[1], cancelled, said[2]


def continuity(asked: list[Question], everything: list[Question]) -> Values:
    """Shares with the same advisor as before, by person and by organisation, and of how many."""
    found = []
    for whose in ("contact", "organisation"):
        same = known = 0
        for each in asked:
            before = _before(each, everything, whose)
            if before is not None and holder(each) is not None:
                known += 1
                same += holder(before) == holder(each)
        found.append((share(same, known), known))
    (person, persons), (organisation, organisations) = found
    return person, organisation, persons, organisations


def holder(question: Question) -> int | None:
    """Whose question it is; a stand-in only keeps it warm."""
    return question.stand_in_for or question.advisor


def _before(one: Question, everything: list[Question], whose: str) -> Question | None:
    key = getattr(one, whose)
    earlier = [
        each
        for each in everything
        if key is not None
        and getattr(each, whose) == key
        and (each.asked, each.id) < (one.asked, one.id)
        and holder(each) is not None
    ]
    return max(earlier, key=lambda each: (each.asked, each.id), default=None)


def middle(numbers: list[float]) -> Values:
    """The median and the ninetieth, by nearest rank."""
    if not numbers:
        return None, None
    ordered = sorted(numbers)
    ninetieth = ordered[math.ceil(len(ordered) * 0.9 - 1e-9) - 1]
    return round(statistics.median(ordered), 2), round(ninetieth, 2)


def share(part: int, whole: int) -> float | None:
    """So many of a hundred."""
    return round(part / whole * 100, 1) if whole else None


def _date(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()
