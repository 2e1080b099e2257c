from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from consult.availability import Conflict, Contradiction, MeetingRules, contradictions
from consult.worktime import Block, WorkWeek
from tests.engines.availability.cases import AMSTERDAM, WEEK, WORKDAY, minutes, rules

EARLY, LUNCH = Block(time(8), time(9, 30)), Block(time(12, 30), time(13))


def hours(*blocks: Block, **more: Any) -> WorkWeek:
    return WorkWeek(AMSTERDAM, (blocks,) + ((),) * 6, **more)


@pytest.mark.parametrize(
    ("sentence", "changes", "week", "breaks", "expected"),
    [
        ("nobody works", {}, hours(), {}, Contradiction(Conflict.NO_HOURS)),
        ("the talk fits in no block", {"length": minutes(241)}, WEEK, {},
         Contradiction(Conflict.LENGTH_BEYOND_HOURS, minutes(241), minutes(240))),
        ("the next talk begins after work", {"step": minutes(241)}, WEEK, {},
         Contradiction(Conflict.STEP_BEYOND_HOURS, minutes(241), minutes(240))),
        ("notice is over after the horizon", {"notice": timedelta(hours=15), "horizon": 1}, WEEK, {},
         Contradiction(Conflict.NOTICE_BEYOND_HORIZON, timedelta(hours=15), timedelta(hours=15))),
        ("a day holds more than its week", {"per_day": 5, "per_week": 4}, WEEK, {},
         Contradiction(Conflict.DAY_LIMIT_BEYOND_WEEK_LIMIT, 5, 4)),
        ("a break before work", {}, WEEK, {0: (EARLY,)},
         Contradiction(Conflict.BREAK_OUTSIDE_HOURS, EARLY, weekday=0)),
        ("a break on a day off", {}, WEEK, {6: (LUNCH,)},
         Contradiction(Conflict.BREAK_OUTSIDE_HOURS, LUNCH, weekday=6)),
        ("two blocks overlap", {}, hours(WORKDAY[0], EARLY), {},
         Contradiction(Conflict.BLOCKS_OVERLAP, WORKDAY[0], EARLY, 0)),
    ],
)  # fmt: skip
def test_a_contradiction_is_told_with_its_values(
    sentence: str,
    changes: dict[str, Any],
    week: WorkWeek,
    breaks: dict[int, tuple[Block, ...]],
    expected: Contradiction,
) -> None:
    assert contradictions(rules(**changes), week, breaks) == (expected,), sentence


@pytest.mark.parametrize(
    ("sentence", "changes", "week", "breaks"),
    [
        ("the defaults on usual hours", {}, WEEK, {}),
        ("a break taken from the hours", {}, WEEK, {0: (LUNCH,)}),
        ("a break not taken from the hours", {}, hours(Block(time(9), time(17))), {0: (LUNCH,)}),
        ("the talk fits in blocks that touch", {"length": minutes(300)},
         hours(Block(time(9), time(12)), Block(time(12), time(14))), {}),
        ("the talk fits on a day that differs", {"length": minutes(300)},
         hours(WORKDAY[0], overrides={date(2026, 11, 24): (Block(time(9), time(17)),)}), {}),
        ("notice is over just in time", {"notice": timedelta(hours=14, minutes=59), "horizon": 1}, WEEK, {}),
        ("hours until midnight", {"length": minutes(120)}, hours(Block(time(22), time(0))), {}),
    ],
)  # fmt: skip
def test_rules_that_can_work_are_not_complained_of(
    sentence: str, changes: dict[str, Any], week: WorkWeek, breaks: dict[int, tuple[Block, ...]]
) -> None:
    assert contradictions(rules(**changes), week, breaks) == (), sentence
    assert contradictions(MeetingRules(), WEEK) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"length": minutes(0)},
        {"step": minutes(0)},
        {"buffer_before": minutes(-5)},
        {"notice": timedelta(seconds=90)},
        {"per_day": 0},
        {"per_week": -1},
        {"horizon": -1},
        {"horizon": 100_000},
    ],
)
def test_rules_that_mean_nothing_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"length|talk|limit|horizon"):
        rules(**changes)
