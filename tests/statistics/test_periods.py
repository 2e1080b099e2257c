"""Periods of whole weeks, cuts that are named rightly, and working time that is added up once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.statistics.figures import Cut, CutKind, Period
from consult.statistics.middle import median, ninetieth, percent
from consult.statistics.worked import WorkedTime
from consult.worktime import Block, BusinessClock, WorkWeek

ZONE = "Europe/Amsterdam"
FORTNIGHT = Period(date(2026, 11, 2), date(2026, 11, 15))


def test_the_last_weeks_are_whole_and_over() -> None:
    """On a Wednesday and on a Sunday the running week is left out."""
    for today in (date(2026, 11, 18), date(2026, 11, 22), date(2026, 11, 16)):
        assert Period.of_weeks(2, today=today) == FORTNIGHT


def test_a_period_is_compared_with_as_many_weeks_before_and_with_the_same_days_of_last_year() -> None:
    assert FORTNIGHT.previous() == Period(date(2026, 10, 19), date(2026, 11, 1))
    assert FORTNIGHT.same_last_year() == Period(date(2025, 11, 3), date(2025, 11, 16))
    assert list(FORTNIGHT.mondays()) == [date(2026, 11, 2), date(2026, 11, 9)]


def test_a_week_in_which_the_clock_changes_has_its_own_length() -> None:
    week = Period(date(2026, 10, 19), date(2026, 10, 25))
    since, until = week.bounds(ZONE)
    assert (since, until - since) == (datetime(2026, 10, 18, 22, tzinfo=UTC), timedelta(days=7, hours=1))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 3), date(2026, 11, 15)),
        (date(2026, 11, 2), date(2026, 11, 14)),
        (date(2026, 11, 9), date(2026, 11, 8)),
    ],
    ids=["begins on a Tuesday", "ends on a Saturday", "ends before it begins"],
)
def test_a_period_of_broken_weeks_is_refused(first: date, last: date) -> None:
    with pytest.raises(ValueError, match="whole weeks"):
        Period(first, last)


@pytest.mark.parametrize(
    ("kind", "key"),
    [(CutKind.TOPIC, None), (CutKind.PAGE, "een"), (CutKind.PROVINCE, 3), (None, 3)],
    ids=["a topic without id", "a page by name", "a province by id", "an id of nothing"],
)
def test_a_cut_that_is_not_named_rightly_is_refused(kind: CutKind | None, key: int | str | None) -> None:
    with pytest.raises(ValueError, match="cut by"):
        Cut(kind, key)


DAY = (Block(time(9), time(12, 30)), Block(time(13), time(17)))
WEEK = WorkWeek(
    ZoneInfo(ZONE), (DAY,) * 5 + ((), ()), closed_on=frozenset({date(2026, 4, 6), date(2026, 4, 27)})
)
MINUTES = st.integers(0, 120 * 24 * 60)


@given(MINUTES, MINUTES)
def test_added_up_working_time_is_that_of_the_business_clock(first: int, second: int) -> None:
    """Also over the clock change, weekends, the break and holidays."""
    start = datetime(2026, 2, 1, tzinfo=UTC)
    begin, end = (start + timedelta(minutes=each) for each in sorted((first, second)))
    worked = WorkedTime.of(WEEK, date(2026, 2, 1), date(2026, 6, 10))
    hours = BusinessClock(WEEK).between(begin, end) / timedelta(hours=1)
    assert worked.hours(int(begin.timestamp()), int(end.timestamp())) == pytest.approx(hours)


@pytest.mark.parametrize(
    ("numbers", "middle", "nine"),
    [
        ([], None, None),
        ([3.0], 3.0, 3.0),
        ([4.0, 1.0], 2.5, 4.0),
        ([float(each) for each in range(1, 11)], 5.5, 9.0),
        ([float(each) for each in range(1, 12)], 6.0, 10.0),
    ],
    ids=["nothing", "one", "two", "ten: the ninth", "eleven: the tenth"],
)
def test_the_middle_and_what_nine_in_ten_stay_within(
    numbers: list[float], middle: float | None, nine: float | None
) -> None:
    assert (median(numbers), ninetieth(numbers)) == (middle, nine)


def test_of_nothing_there_is_no_share() -> None:
    assert (percent(0, 0), percent(1, 3), percent(0, 3)) == (None, 33.3, 0.0)
