from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.worktime import HOLIDAY_KEYS, Block, WorkWeek, day_start, dutch_holidays, instant_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
WORKDAY = (Block(time(9), time(12, 30)), Block(time(13), time(17)))


def week(*blocks: Block, **more: Any) -> WorkWeek:
    return WorkWeek(AMSTERDAM, (blocks,) * 7, **more)


def in_utc(found: WorkWeek, day: date) -> list[tuple[str, str]]:
    return [(f"{span.start:%d %H:%M}", f"{span.end:%d %H:%M}") for span in found.spans_on(day)]


@pytest.mark.parametrize(
    ("sentence", "day", "block", "expected"),
    [
        ("winter hours are UTC+1", date(2026, 1, 5), (time(9), time(17)), ("05 08:00", "05 16:00")),
        ("summer hours are UTC+2", date(2026, 7, 6), (time(9), time(17)), ("06 07:00", "06 15:00")),
        ("24:00 is the next midnight", date(2026, 1, 5), (time(20), time(0)), ("05 19:00", "05 23:00")),
        ("a day of 23 hours", SPRING, (time(0), time(0)), ("28 23:00", "29 22:00")),
        ("a day of 25 hours", AUTUMN, (time(0), time(0)), ("24 22:00", "25 23:00")),
        ("a start the clock skips is the jump", SPRING, (time(2, 30), time(4)), ("29 01:00", "29 02:00")),
        ("an end the clock skips is the jump", SPRING, (time(1), time(2, 30)), ("29 00:00", "29 01:00")),
        ("a start shown twice is the first", AUTUMN, (time(2, 30), time(4)), ("25 00:30", "25 03:00")),
        ("an end shown twice is the first", AUTUMN, (time(1), time(2, 30)), ("24 23:00", "25 00:30")),
        ("leap day has hours too", date(2028, 2, 29), (time(9), time(10)), ("29 08:00", "29 09:00")),
        ("the last day of the year ends in UTC", date(2026, 12, 31), (time(23), time(0)), ("31 22:00", "31 23:00")),
    ],
)  # fmt: skip
def test_wall_clock_hours_become_instants(
    sentence: str, day: date, block: tuple[time, time], expected: tuple[str, str]
) -> None:
    assert in_utc(week(Block(*block)), day) == [expected], sentence


def test_a_block_that_the_clock_skips_is_not_there() -> None:
    assert week(Block(time(2), time(3))).spans_on(SPRING) == ()


def test_a_break_is_the_gap_between_two_blocks_and_touching_blocks_are_one() -> None:
    assert len(week(*WORKDAY).spans_on(date(2026, 1, 5))) == 2
    touching = week(Block(time(12), time(17)), Block(time(9), time(12)))
    assert in_utc(touching, date(2026, 1, 5)) == [("05 08:00", "05 16:00")]


@pytest.mark.parametrize(
    ("sentence", "overrides", "closed", "expected"),
    [
        ("a usual day has its usual hours", {}, [], 2),
        ("more hours: the day is replaced", {date(2026, 1, 5): (*WORKDAY, Block(time(19), time(21)))}, [], 3),
        ("fewer hours: the day is replaced", {date(2026, 1, 5): (Block(time(9), time(10)),)}, [], 1),
        ("no hours: the day is off", {date(2026, 1, 5): ()}, [], 0),
        ("a closed day is off", {}, [date(2026, 1, 5)], 0),
        ("a changed day wins from closed", {date(2026, 1, 5): (WORKDAY[0],)}, [date(2026, 1, 5)], 1),
    ],
)
def test_a_date_can_differ(
    sentence: str, overrides: dict[date, tuple[Block, ...]], closed: list[date], expected: int
) -> None:
    found = week(*WORKDAY, overrides=overrides, closed_on=frozenset(closed))
    assert len(found.spans_on(date(2026, 1, 5))) == expected, sentence
    assert len(found.usual_spans_on(date(2026, 1, 5))) == 2, sentence


def test_a_zone_that_skips_midnight_or_a_whole_day_starts_at_the_jump() -> None:
    assert day_start(date(2018, 11, 4), ZoneInfo("America/Sao_Paulo")) == datetime(2018, 11, 4, 3, tzinfo=UTC)
    apia = ZoneInfo("Pacific/Apia")
    assert day_start(date(2011, 12, 30), apia) == day_start(date(2011, 12, 31), apia)
    assert WorkWeek(apia, (WORKDAY,) * 7).spans_on(date(2011, 12, 30)) == ()


@given(
    st.sampled_from(["Europe/Amsterdam", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu"]),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)) | st.sampled_from([SPRING, AUTUMN, date(2026, 4, 5)]),
    st.times(),
    st.times(),
)
def test_later_on_the_clock_is_never_earlier_in_time(name: str, day: date, one: time, other: time) -> None:
    zone = ZoneInfo(name)
    earlier, later = sorted((one, other))
    following = day_start(day + timedelta(days=1), zone)
    assert day_start(day, zone) <= instant_of(day, earlier, zone) <= instant_of(day, later, zone) <= following


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (time(17), time(9)),
        (time(9), time(9)),
        (time(9, 0, 30), time(10)),
        (time(9, tzinfo=UTC), time(10)),
    ],
)
def test_a_block_that_is_none_is_refused(start: time, end: time) -> None:
    with pytest.raises(ValueError, match="block"):
        Block(start, end)


def test_a_week_of_six_days_is_refused() -> None:
    with pytest.raises(ValueError, match="seven"):
        WorkWeek(AMSTERDAM, (WORKDAY,) * 6)


def test_a_holiday_can_be_switched_off_by_its_key() -> None:
    every = dutch_holidays([2025])
    assert every[date(2025, 4, 18)] == "goede-vrijdag"
    assert every[date(2025, 4, 26)] == "koningsdag", "27 April 2025 is a Sunday"
    assert set(every.values()) == set(HOLIDAY_KEYS)
    for key in HOLIDAY_KEYS:
        assert set(dutch_holidays([2025], frozenset({key})).values()) == set(HOLIDAY_KEYS) - {key}


def test_bevrijdingsdag_counts_in_lustrum_years_or_every_year_on_request() -> None:
    assert date(2025, 5, 5) in dutch_holidays([2025])
    assert date(2026, 5, 5) not in dutch_holidays([2026])
    assert dutch_holidays([2026], liberation_day_every_year=True)[date(2026, 5, 5)] == "bevrijdingsdag"


def test_two_holidays_on_one_date_are_both_to_be_switched_off() -> None:
    day, both = date(2016, 5, 5), frozenset({"bevrijdingsdag", "hemelvaartsdag"})
    for key in both:
        assert dutch_holidays([2016], both - {key}, liberation_day_every_year=True)[day] == key
    assert day not in dutch_holidays([2016], both, liberation_day_every_year=True)


def test_a_key_that_is_no_holiday_is_refused() -> None:
    with pytest.raises(ValueError, match="carnaval"):
        dutch_holidays([2026], frozenset({"carnaval"}))


def test_no_years_have_no_holidays() -> None:
    assert dutch_holidays([]) == {}
