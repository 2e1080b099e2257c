"""The rules of a type of talk, and what in them contradicts itself or the working hours.

Knows no moment in time: rules hold for every day. Makes no text: a contradiction is a code with its values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consult.worktime import Block, WorkWeek

MINUTE = timedelta(minutes=1)
MAX_HORIZON_DAYS = 3660
WEEKDAYS = 7


def whole_minutes(length: timedelta) -> int:
    """A length as its number of minutes.

    Raises:
        ValueError: it is negative or has seconds.
    """
    minutes, rest = divmod(length, MINUTE)
    if rest or minutes < 0:
        raise ValueError("a length of time is in whole minutes and not negative")
    return minutes


@dataclass(frozen=True, slots=True)
class MeetingRules:
    """What holds for one type of talk (of one length) with one host.

    ``step`` lies between two starts, counted from the start of each block of working time. The buffers are
    kept free before and after the talk; they may lie outside working hours. ``notice`` is working time of the
    host between asking and the talk. ``horizon`` is the number of days after today on which a talk may still
    start (0: only today). ``per_day`` and ``per_week`` count the host's talks per local date and ISO week.

    Raises:
        ValueError: a length is negative or has seconds, ``length`` or ``step`` is nothing, a limit is below 1,
            or the horizon is negative or beyond ten years.
    """

    length: timedelta = timedelta(minutes=30)
    step: timedelta = timedelta(minutes=15)
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(minutes=10)
    notice: timedelta = timedelta(hours=4)
    horizon: int = 60
    per_day: int | None = 4
    per_week: int | None = 12

    def __post_init__(self) -> None:
        lengths = (self.length, self.step, self.buffer_before, self.buffer_after, self.notice)
        minutes = [whole_minutes(length) for length in lengths]
        if not minutes[0] or not minutes[1]:
            raise ValueError("a talk and its step last longer than nothing")
        if any(limit is not None and limit < 1 for limit in (self.per_day, self.per_week)):
            raise ValueError("a limit is 1 or more; None is no limit")
        if not 0 <= self.horizon <= MAX_HORIZON_DAYS:
            raise ValueError("a horizon is 0 days or more, and not beyond ten years")

    @property
    def ahead(self) -> int:
        """Minutes between the start of a talk and the end of what it keeps free: talk and buffer after."""
        return (self.length + self.buffer_after) // MINUTE

    @property
    def behind(self) -> int:
        """Minutes that a talk keeps free before its start."""
        return self.buffer_before // MINUTE


class Conflict(StrEnum):
    """In what way rules contradict."""

    NO_HOURS = "no-hours"
    LENGTH_BEYOND_HOURS = "length-beyond-hours"
    STEP_BEYOND_HOURS = "step-beyond-hours"
    NOTICE_BEYOND_HORIZON = "notice-beyond-horizon"
    DAY_LIMIT_BEYOND_WEEK_LIMIT = "day-limit-beyond-week-limit"
    BREAK_OUTSIDE_HOURS = "break-outside-hours"
    BLOCKS_OVERLAP = "blocks-overlap"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One contradiction and the values that collide: ``given`` does not fit in ``bound``.

    Lengths and working time are timedeltas, limits are numbers, blocks are blocks; ``weekday`` (Monday is 0)
    is given when it concerns one day of the week.
    """

    conflict: Conflict
    given: timedelta | int | Block | None = None
    bound: timedelta | int | Block | None = None
    weekday: int | None = None


def contradictions(
    rules: MeetingRules, week: WorkWeek, breaks: Mapping[int, tuple[Block, ...]] | None = None
) -> tuple[Contradiction, ...]:
    """What can never work in these rules on these hours; empty when nothing contradicts.

    ``breaks`` by weekday, when they were entered apart from the hours; taken from the hours or not, both are
    judged the same.
    """
    return (*_in_hours(week, breaks or {}), *_in_rules(rules, week))


def _in_hours(week: WorkWeek, breaks: Mapping[int, tuple[Block, ...]]) -> Iterator[Contradiction]:
    for weekday, blocks in enumerate(week.weekly):
        ordered = sorted(blocks)
        for earlier, later in pairwise(ordered):
            if later.first_minute < earlier.last_minute:
                yield Contradiction(Conflict.BLOCKS_OVERLAP, later, earlier, weekday)
        for pause in breaks.get(weekday, ()):
            inside = (
                ordered
                and ordered[0].first_minute <= pause.first_minute
                and pause.last_minute <= max(block.last_minute for block in ordered)
            )
            if not inside:
                yield Contradiction(Conflict.BREAK_OUTSIDE_HOURS, pause, weekday=weekday)


def _in_rules(rules: MeetingRules, week: WorkWeek) -> Iterator[Contradiction]:
    if rules.per_day is not None and rules.per_week is not None and rules.per_day > rules.per_week:
        yield Contradiction(Conflict.DAY_LIMIT_BEYOND_WEEK_LIMIT, rules.per_day, rules.per_week)
    days = [*(_stretches(blocks) for blocks in (*week.weekly, *week.overrides.values()))]
    longest = max((last - first for stretches in days for first, last in stretches), default=0) * MINUTE
    if not longest:
        yield Contradiction(Conflict.NO_HOURS)
        return
    if rules.length > longest:
        yield Contradiction(Conflict.LENGTH_BEYOND_HOURS, rules.length, longest)
    if rules.step > longest:
        yield Contradiction(Conflict.STEP_BEYOND_HOURS, rules.step, longest)
    within = _most_work_within(days[:WEEKDAYS], rules.horizon + 1) * MINUTE
    if within and rules.notice >= within:
        yield Contradiction(Conflict.NOTICE_BEYOND_HORIZON, rules.notice, within)


def _stretches(blocks: tuple[Block, ...]) -> list[tuple[int, int]]:
    """The blocks of a day as minutes on the clock, those that touch or overlap as one."""
    stretches: list[tuple[int, int]] = []
    for block in sorted(blocks):
        first, last = block.first_minute, block.last_minute
        if stretches and first <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(last, stretches[-1][1]))
        else:
            stretches.append((first, last))
    return stretches


def _most_work_within(week: list[list[tuple[int, int]]], days: int) -> int:
    """The most minutes of work in any ``days`` consecutive days of the weekly hours."""
    per_day = [sum(last - first for first, last in stretches) for stretches in week]
    weeks, rest = divmod(days, WEEKDAYS)
    around = per_day + per_day
    return weeks * sum(per_day) + max(sum(around[first : first + rest]) for first in range(WEEKDAYS))
