from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from consult.availability import (
    Busy,
    Days,
    Host,
    NotCovered,
    Rule,
    Seats,
    Slot,
    Terms,
    VisitorLimit,
    alternatives,
    busy_window,
    compile_schedule,
    decide,
    minute_of,
    offer,
    together,
    who_can,
    why_not,
)
from consult.timespan import Span
from consult.worktime import Block, WorkWeek, day_start
from tests.engines.availability.cases import (
    AMSTERDAM,
    MONDAY,
    NOW,
    PLAIN,
    WEEK,
    at,
    foreign,
    host,
    minutes,
    rules,
    schedule,
    talk,
)

TUESDAY = MONDAY + timedelta(days=1)
MORNING = WorkWeek(AMSTERDAM, ((Block(time(9), time(11)),),) * 7)


def on(day: date = TUESDAY, last: date | None = None) -> Days:
    return Days(day, last or day, AMSTERDAM)


def shown(slots: tuple[Slot, ...]) -> list[str]:
    return [f"{slot.start.astimezone(AMSTERDAM):%H:%M}" for slot in slots]


def morning(of: dict[str, Any] | None = None, *busy: Busy, terms: Terms = NOW, **more: Any) -> list[str]:
    """What is offered on Tuesday by a host who works from nine to eleven."""
    one = host(rules(**(of or {})), *busy, **{"week": MORNING, **more})
    return shown(offer([one], on(), terms))


@pytest.mark.parametrize(
    ("sentence", "changes", "busy", "expected"),
    [
        ("every step of the block, to its end", {}, [], "09:00 09:30 10:00 10:30"),
        ("a step shorter than the talk", {"length": minutes(90), "step": minutes(15)}, [], "09:00 09:15 09:30"),
        ("a step longer than the talk", {"step": minutes(45)}, [], "09:00 09:45 10:30"),
        ("a talk as long as the block", {"length": minutes(120)}, [], "09:00"),
        ("a talk longer than the block", {"length": minutes(121)}, [], ""),
        ("busy time is left out", {}, [talk("Tue 09:30")], "09:00 10:00 10:30"),
        ("busy time off the step hits both", {}, [foreign("Tue 09:45")], "09:00 10:30"),
        ("busy in the last minute of a talk", {}, [foreign("Tue 09:29", 1)], "09:30 10:00 10:30"),
        ("busy time longer than the day", {}, [foreign("Mon 10:00", 4000)], ""),
        ("rest after: not right before a talk", {"buffer_after": minutes(10)}, [talk("Tue 10:00")], "09:00 10:30"),
        ("rest before: not right after a talk", {"buffer_before": minutes(10)}, [talk("Tue 10:00")],
         "09:00 09:30"),
        ("the rest of the other talk counts", {}, [talk("Tue 09:30", after=10)], "09:00 10:30"),
        ("rest may lie outside hours", {"buffer_before": minutes(60), "buffer_after": minutes(60)}, [],
         "09:00 09:30 10:00 10:30"),
        ("a full day is closed", {"per_day": 1}, [talk("Tue 09:00")], ""),
        ("a talk on another day leaves room", {"per_day": 1}, [talk("Mon 09:00")], "09:00 09:30 10:00 10:30"),
        ("busy time from elsewhere does not count", {"per_day": 1}, [foreign("Tue 09:00")], "09:30 10:00 10:30"),
        ("a full week is closed", {"per_week": 2}, [talk("Mon 09:00"), talk("Sun 10:00")], ""),
        ("a week not yet full", {"per_week": 3}, [talk("Mon 09:00"), talk("Sun 10:00")], "09:00 09:30 10:00 10:30"),
    ],
)  # fmt: skip
def test_a_rule_leaves_these_moments(
    sentence: str, changes: dict[str, Any], busy: list[Busy], expected: str
) -> None:
    assert morning(changes, *busy) == expected.split(), sentence


@pytest.mark.parametrize(
    ("sentence", "now", "notice", "urgent", "expected"),
    [
        ("notice starts with the working day", "Tue 07:00", 60, False, "10:00 10:30"),
        ("notice counts the day before", "Mon 10:30", 60, False, "09:30 10:00 10:30"),
        ("without notice the next step", "Tue 09:10", 0, False, "09:30 10:00 10:30"),
        ("a moment that starts now is not past", "Tue 09:30", 0, False, "09:30 10:00 10:30"),
        ("urgent asks no notice", "Tue 09:10", 600, True, "09:30 10:00 10:30"),
        ("after work nothing is left", "Tue 12:00", 0, False, ""),
    ],
)  # fmt: skip
def test_notice_runs_in_working_time(
    sentence: str, now: str, notice: int, expected: str, *, urgent: bool
) -> None:
    assert morning({"notice": minutes(notice)}, terms=Terms(at(now), urgent=urgent)) == expected.split(), (
        sentence
    )


def test_absence_takes_moments_away_without_shifting_the_others() -> None:
    away = Span(at("Tue 08:00"), at("Tue 09:40"))
    assert morning(absences=(away,)) == ["10:00", "10:30"]


def test_the_horizon_is_counted_in_days_after_today() -> None:
    assert morning({"horizon": 1}) == ["09:00", "09:30", "10:00", "10:30"]
    assert morning({"horizon": 0}) == []


def test_a_break_interrupts_and_the_steps_start_again_after_it() -> None:
    week = WorkWeek(AMSTERDAM, ((Block(time(9), time(10)), Block(time(10, 20), time(11, 30))),) * 7)
    assert morning(week=week) == ["09:00", "09:30", "10:20", "10:50"]


def test_work_over_midnight_is_not_interrupted() -> None:
    night = WorkWeek(AMSTERDAM, ((Block(time(0), time(1)), Block(time(22, 45), time(0))),) * 7)
    assert morning(week=night) == ["00:00", "00:30", "22:45", "23:15", "23:45"]


@pytest.mark.parametrize(
    ("sentence", "day", "count"),
    [
        ("a usual day has 24 hours", date(2026, 3, 28), 48),
        ("the clock goes forward", date(2026, 3, 29), 46),
        ("the clock goes back", date(2026, 10, 25), 50),
        ("leap day", date(2028, 2, 29), 48),
        ("the last day of the year", date(2026, 12, 31), 48),
    ],
)
def test_a_day_is_offered_for_all_its_hours(sentence: str, day: date, count: int) -> None:
    always = WorkWeek(AMSTERDAM, ((Block(time(0), time(0)),),) * 7)
    one = Host(1, compile_schedule(always, (), PLAIN, day, day))
    slots = offer([one], Days(day, day, AMSTERDAM), Terms(day_start(day, AMSTERDAM)))
    assert len({slot.start for slot in slots}) == count, sentence


@pytest.mark.parametrize(
    ("sentence", "terms", "free"),
    [
        ("a visitor with room for one more", Terms(NOW.now, visitor=VisitorLimit(1, 2)), True),
        ("a visitor at the limit", Terms(NOW.now, visitor=VisitorLimit(2, 2)), False),
        ("the last seat", Terms(NOW.now, seats=Seats(40, 39)), True),
        ("no seat", Terms(NOW.now, seats=Seats(40, 40)), False),
        ("one seat for two", Terms(NOW.now, seats=Seats(40, 39, wanted=2)), False),
    ],
)
def test_limits_of_visitor_and_seats_close_every_moment(sentence: str, terms: Terms, *, free: bool) -> None:
    assert bool(offer([host()], on(), terms)) is free, sentence
    assert decide([host()], at("Tue 10:00"), terms) is free, sentence


def test_any_host_names_all_who_can_and_together_needs_all() -> None:
    one, other = host(PLAIN, talk("Tue 09:00"), week=MORNING), host(PLAIN, talk("Tue 10:00"), number=2)
    slots = offer([one, other], on(), NOW)
    assert [(shown((slot,))[0], slot.hosts) for slot in slots[:4]] == [
        ("09:00", (2,)),
        ("09:30", (1, 2)),
        ("10:00", (1,)),
        ("10:30", (1, 2)),
    ]
    assert shown(together([one, other], on(), NOW)) == ["09:30", "10:30"]
    assert who_can([one, other], at("Tue 09:00"), NOW) == (2,)
    assert offer([one, other], on(), NOW, at_most=2) == slots[:2]
    assert len(together([one, other], on(), NOW, at_most=1)) == 1


def test_together_starts_on_the_steps_of_the_first() -> None:
    quarter = WorkWeek(AMSTERDAM, ((Block(time(9, 15), time(10, 30)),),) * 7)
    lead, other = host(week=MORNING), host(number=2, week=quarter)
    assert shown(together([lead, other], on(), NOW)) == ["09:30", "10:00"]
    assert shown(together([other, lead], on(), NOW)) == ["09:15", "09:45"]


def test_hosts_in_unequal_zones_meet_in_the_hours_they_share() -> None:
    far = WorkWeek(ZoneInfo("America/New_York"), WEEK.weekly)
    slots = together([host(), host(number=2, week=far)], on(), NOW)
    assert shown(slots) == ["15:00", "15:30", "16:00", "16:30"]


def test_days_are_those_of_the_zone_they_are_asked_in() -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    slots = offer([host()], Days(TUESDAY, TUESDAY, auckland), NOW)
    assert (shown(slots)[0], shown(slots)[-1]) == ("12:00", "11:30"), "Monday noon to Tuesday noon"


def test_without_hosts_or_hours_nothing_is_offered() -> None:
    idle = host(PLAIN, week=WorkWeek(AMSTERDAM, ((),) * 7))
    for hosts in ([], [idle], [idle, replace(idle, id=2)]):
        assert offer(hosts, on(), NOW) == ()
        assert together(hosts, on(), NOW) == ()
        assert decide(hosts, at("Tue 10:00"), NOW) is False
    assert busy_window([], on()) == (0, 0)


def test_the_longest_question_is_62_days() -> None:
    one = host(days=62)
    assert (
        len(offer([one], Days(MONDAY, MONDAY + timedelta(days=61), AMSTERDAM), NOW))
        == 60 // 7 * 5 * 15 + 5 * 15
    )
    for first, last in ((MONDAY, MONDAY + timedelta(days=62)), (TUESDAY, MONDAY), (date.max, date.max)):
        with pytest.raises(ValueError, match="day"):
            Days(first, last, AMSTERDAM)


def test_days_for_which_no_schedule_was_compiled_are_refused_not_empty() -> None:
    month = Days(MONDAY, MONDAY + timedelta(days=30), AMSTERDAM)
    with pytest.raises(NotCovered):
        offer([host()], month, NOW)
    assert offer([host(rules(horizon=10))], month, NOW), "beyond the horizon nothing need be known"


def test_talks_of_unequal_length_are_not_offered_together() -> None:
    with pytest.raises(ValueError, match="one length"):
        offer([host(), host(rules(length=minutes(45)), number=2)], on(), NOW)


def test_a_naive_moment_is_an_error() -> None:
    naive = at("Tue 10:00").replace(tzinfo=None)
    for ask in (decide, why_not):
        with pytest.raises(ValueError, match="zone"):
            ask([host()], naive, NOW)


def test_the_ends_of_the_calendar_are_only_too_far_or_past() -> None:
    last, first = datetime.max.replace(tzinfo=UTC, second=0, microsecond=0), datetime.min.replace(tzinfo=UTC)
    for start, rule in ((last, Rule.HORIZON), (first, Rule.PAST)):
        assert decide([host()], start, NOW) is False
        assert [refusal.rule for refusal in why_not([host()], start, NOW)] == [rule]


def test_the_rows_that_matter_are_those_of_the_whole_weeks() -> None:
    travel = rules(buffer_before=minutes(30), buffer_after=minutes(20))
    low, high = busy_window([schedule(travel)], on())
    monday = minute_of(at("Mon 00:00"))
    assert (low, high) == (monday - 30, monday + 7 * 1440 + 50)


def test_in_place_of_a_moment_come_others_at_once_then_the_same_host_nearby() -> None:
    wanted = at("Tue 10:00")
    one, other = host(PLAIN, talk("Tue 10:00", 60)), host(PLAIN, number=2)
    offered = offer([one, other], on(), NOW)
    best = alternatives(offered, wanted, host=1, count=4)
    assert [(shown((slot,))[0], slot.hosts) for slot in best] == [
        ("10:00", (2,)),
        ("09:30", (1,)),
        ("09:00", (1,)),
        ("11:00", (1,)),
    ]
    assert shown(alternatives(offered, wanted)) == ["10:00", "09:30", "10:30"], "any host: the nearest"
    assert alternatives((), wanted, host=1) == ()
    alone = offer([host(PLAIN, talk("Tue 09:00", 400)), other], on(), NOW)
    assert shown(alternatives(alone, wanted, host=1)) == ["10:00", "16:00", "16:30"]
