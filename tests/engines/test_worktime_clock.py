from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.timespan import Span
from consult.worktime import Block, BusinessClock, NoWorkingTime, Promise, WorkWeek

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WORKDAY = (Block(time(9), time(12, 30)), Block(time(13), time(17)))
EASTER_MONDAY = date(2026, 4, 6)
WEEK = WorkWeek(AMSTERDAM, (WORKDAY,) * 5 + ((),) * 2, closed_on=frozenset({EASTER_MONDAY}))
CLOCK = BusinessClock(WEEK)
NEVER = BusinessClock(WorkWeek(AMSTERDAM, ((),) * 7))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def away(first: str, last: str) -> BusinessClock:
    return BusinessClock(WEEK, (Span(at(first), at(last)),))


@pytest.mark.parametrize(
    ("sentence", "clock", "start", "minutes", "end"),
    [
        ("within a block", CLOCK, "2026-11-20 10:00", 60, "2026-11-20 11:00"),
        ("the break does not count", CLOCK, "2026-11-20 12:00", 60, "2026-11-20 13:30"),
        ("it may end with the block", CLOCK, "2026-11-20 12:00", 30, "2026-11-20 12:30"),
        ("the weekend does not count", CLOCK, "2026-11-20 16:30", 60, "2026-11-23 09:30"),
        ("what comes at night starts in the morning", CLOCK, "2026-11-20 23:00", 5, "2026-11-23 09:05"),
        ("a holiday does not count", CLOCK, "2026-04-03 16:00", 120, "2026-04-07 10:00"),
        ("nothing to do is done at once", CLOCK, "2026-11-21 10:00", 0, "2026-11-21 10:00"),
        ("an absence does not count", away("2026-11-20 10:00", "2026-11-23 12:00"), "2026-11-20 09:30", 60,
         "2026-11-23 12:30"),
        ("the year changes", CLOCK, "2026-12-31 16:30", 60, "2027-01-01 09:30"),
    ],
)  # fmt: skip
def test_the_clock_runs_in_working_time(
    sentence: str, clock: BusinessClock, start: str, minutes: int, end: str
) -> None:
    found = clock.add(at(start), timedelta(minutes=minutes))
    assert found == at(end), sentence
    assert found.tzinfo is UTC, sentence
    assert clock.between(at(start), at(end)) == timedelta(minutes=minutes), sentence


@pytest.mark.parametrize(
    ("sentence", "clock", "start", "days", "end"),
    [
        ("in the morning: tomorrow", CLOCK, "2026-11-19 08:00", 1, "2026-11-20 17:00"),
        ("in the evening: tomorrow as well", CLOCK, "2026-11-19 22:00", 1, "2026-11-20 17:00"),
        ("on Friday: Monday", CLOCK, "2026-11-20 10:00", 1, "2026-11-23 17:00"),
        ("on Saturday: Monday", CLOCK, "2026-11-21 10:00", 1, "2026-11-23 17:00"),
        ("before Easter: Tuesday", CLOCK, "2026-04-03 10:00", 1, "2026-04-07 17:00"),
        ("two days", CLOCK, "2026-11-20 10:00", 2, "2026-11-24 17:00"),
        ("a day of absence is no working day", away("2026-11-23 00:00", "2026-11-24 00:00"),
         "2026-11-20 10:00", 1, "2026-11-24 17:00"),
        ("half a day of absence leaves the morning", away("2026-11-23 12:30", "2026-11-24 00:00"),
         "2026-11-20 10:00", 1, "2026-11-23 12:30"),
        ("the clock goes forward on Sunday", CLOCK, "2026-03-28 10:00", 1, "2026-03-30 17:00"),
    ],
)  # fmt: skip
def test_a_promise_of_working_days_ends_with_the_work_of_that_day(
    sentence: str, clock: BusinessClock, start: str, days: int, end: str
) -> None:
    assert clock.due(at(start), Promise(working_days=days)) == at(end), sentence


def test_a_promise_of_working_hours_runs_the_clock() -> None:
    promise = Promise(working_time=timedelta(hours=2))
    assert CLOCK.due(at("2026-11-20 16:00"), promise) == at("2026-11-23 10:00")


def test_three_quarters_of_the_way_is_counted_in_working_time() -> None:
    start, due = at("2026-11-20 15:00"), at("2026-11-23 11:00")
    assert CLOCK.part_way(start, due, 0.75) == at("2026-11-23 10:00")


def test_without_working_time_nothing_can_be_promised() -> None:
    with pytest.raises(NoWorkingTime):
        NEVER.add(at("2026-11-20 10:00"), timedelta(minutes=1))
    with pytest.raises(NoWorkingTime):
        NEVER.due(at("2026-11-20 10:00"), Promise(working_days=1))
    assert NEVER.between(at("2026-11-20 10:00"), at("2026-12-20 10:00")) == timedelta(0)


def test_more_work_than_a_year_holds_cannot_be_promised() -> None:
    with pytest.raises(NoWorkingTime):
        CLOCK.add(at("2026-11-20 10:00"), timedelta(hours=2100))


@pytest.mark.parametrize(
    ("days", "length"), [(None, None), (1, timedelta(hours=1)), (0, None), (None, timedelta(0))]
)
def test_a_promise_of_nothing_or_of_two_things_is_refused(days: int | None, length: timedelta | None) -> None:
    with pytest.raises(ValueError, match="promise"):
        Promise(days, length)


def test_negative_work_and_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="forwards"):
        CLOCK.add(at("2026-11-20 10:00"), timedelta(minutes=-1))
    with pytest.raises(ValueError, match="zone"):
        CLOCK.add(at("2026-11-20 10:00").replace(tzinfo=None), timedelta(minutes=1))


MOMENTS = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute, seconds=minute % 60)
)


@settings(max_examples=60)
@given(MOMENTS, st.integers(0, 3000))
def test_what_was_added_has_passed(start: datetime, minutes: int) -> None:
    work = timedelta(minutes=minutes)
    end = CLOCK.add(start, work)
    assert CLOCK.between(start, end) == work
    assert CLOCK.between(end, start) == -work
    if work:
        assert CLOCK.between(start, end - timedelta(microseconds=1)) < work, "the first such instant"


@settings(max_examples=60)
@given(MOMENTS, st.integers(0, 40_000), st.integers(0, 40_000))
def test_working_time_adds_up(start: datetime, first: int, second: int) -> None:
    middle, end = start + timedelta(minutes=first), start + timedelta(minutes=first + second)
    assert CLOCK.between(start, middle) + CLOCK.between(middle, end) == CLOCK.between(start, end)
