from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from consult.availability import (
    Busy,
    BusyKind,
    Refusal,
    Rule,
    Seats,
    Terms,
    VisitorLimit,
    decide,
    why_not,
)
from consult.timespan import Span
from consult.worktime import Block, WorkWeek
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
    talk,
)

TUESDAY = MONDAY + timedelta(days=1)
CHANGED = WorkWeek(AMSTERDAM, WEEK.weekly, {TUESDAY: (Block(time(9), time(12)),)})
CLOSED = WorkWeek(AMSTERDAM, WEEK.weekly, closed_on=frozenset({TUESDAY}))


def between(first: str, last: str) -> Span:
    return Span(at(first), at(last))


@pytest.mark.parametrize(
    ("sentence", "start", "changes", "busy", "expected"),
    [
        ("outside hours", "Tue 18:00", {}, [], Refusal(Rule.OUTSIDE_HOURS, 1, between("Tue 18:00", "Tue 18:30"))),
        ("half in the break", "Tue 12:15", {}, [], Refusal(Rule.OUTSIDE_HOURS, 1, between("Tue 12:30", "Tue 12:45"))),
        ("at the weekend", "Sat 10:00", {}, [], Refusal(Rule.OUTSIDE_HOURS, 1, between("Sat 10:00", "Sat 10:30"))),
        ("off the step", "Tue 09:10", {}, [], Refusal(Rule.OFF_STEP, 1, between("Tue 09:00", "Tue 12:30"))),
        ("with seconds", "Tue 09:00:30", {}, [], Refusal(Rule.OFF_STEP, 1, between("Tue 09:00", "Tue 12:30"))),
        ("beyond the horizon", "Tue 10:00", {"horizon": 0}, [], Refusal(Rule.HORIZON, 1, until=at("Tue 00:00"))),
        ("too short notice", "Mon 10:00", {"notice": minutes(90)}, [], Refusal(Rule.NOTICE, 1, until=at("Mon 10:30"))),
        ("in the past", "Mon 07:30", {}, [], Refusal(Rule.PAST, until=NOW.now)),
        ("another talk", "Tue 14:00", {}, [talk("Tue 14:00")],
         Refusal(Rule.BUSY, 1, between("Tue 14:00", "Tue 14:30"), BusyKind.BOOKING)),
        ("a talk that waits for approval", "Tue 14:00", {}, [talk("Tue 14:15", kind=BusyKind.PENDING)],
         Refusal(Rule.BUSY, 1, between("Tue 14:15", "Tue 14:45"), BusyKind.PENDING)),
        ("held by somebody", "Tue 14:00", {}, [talk("Tue 14:00", kind=BusyKind.HOLD)],
         Refusal(Rule.BUSY, 1, between("Tue 14:00", "Tue 14:30"), BusyKind.HOLD)),
        ("busy elsewhere", "Tue 14:00", {}, [foreign("Tue 13:00", 90)],
         Refusal(Rule.BUSY, 1, between("Tue 13:00", "Tue 14:30"), BusyKind.FOREIGN)),
        ("rest that the earlier talk keeps", "Tue 14:30", {}, [talk("Tue 14:00", after=10)],
         Refusal(Rule.BUFFER_AFTER, 1, between("Tue 14:00", "Tue 14:30"), BusyKind.BOOKING)),
        ("rest that this talk wants before", "Tue 14:30", {"buffer_before": minutes(10)}, [talk("Tue 14:00")],
         Refusal(Rule.BUFFER_AFTER, 1, between("Tue 14:00", "Tue 14:30"), BusyKind.BOOKING)),
        ("rest that the later talk keeps", "Tue 13:30", {}, [talk("Tue 14:00", before=10)],
         Refusal(Rule.BUFFER_BEFORE, 1, between("Tue 14:00", "Tue 14:30"), BusyKind.BOOKING)),
        ("rest that this talk wants after", "Tue 13:30", {"buffer_after": minutes(10)}, [talk("Tue 14:00")],
         Refusal(Rule.BUFFER_BEFORE, 1, between("Tue 14:00", "Tue 14:30"), BusyKind.BOOKING)),
        ("the limit of the day", "Tue 14:00", {"per_day": 2}, [talk("Tue 09:00"), talk("Tue 10:00")],
         Refusal(Rule.DAY_LIMIT, 1, limit=2, on=TUESDAY)),
        ("the limit of the week", "Tue 14:00", {"per_week": 2}, [talk("Mon 09:00"), talk("Sun 10:00")],
         Refusal(Rule.WEEK_LIMIT, 1, limit=2, on=MONDAY)),
    ],
)  # fmt: skip
def test_one_rule_takes_the_moment_away(
    sentence: str, start: str, changes: dict[str, Any], busy: list[Busy], expected: Refusal
) -> None:
    hosts = [host(rules(**changes), *busy)]
    assert why_not(hosts, at(start), NOW) == (expected,), sentence
    assert decide(hosts, at(start), NOW) is False, sentence


@pytest.mark.parametrize(
    ("sentence", "week", "start", "expected"),
    [
        ("the day has other hours", CHANGED, "Tue 14:00",
         Refusal(Rule.DAY_CHANGED, 1, between("Tue 14:00", "Tue 14:30"), on=TUESDAY)),
        ("even the usual hours do not reach", CHANGED, "Tue 20:00",
         Refusal(Rule.OUTSIDE_HOURS, 1, between("Tue 20:00", "Tue 20:30"))),
        ("a holiday", CLOSED, "Tue 14:00", Refusal(Rule.HOLIDAY, 1, between("Tue 14:00", "Tue 14:30"), on=TUESDAY)),
        ("outside hours on a holiday", CLOSED, "Tue 20:00",
         Refusal(Rule.OUTSIDE_HOURS, 1, between("Tue 20:00", "Tue 20:30"))),
    ],
)  # fmt: skip
def test_a_day_that_differs_is_told_apart_from_weekly_hours(
    sentence: str, week: WorkWeek, start: str, expected: Refusal
) -> None:
    assert why_not([host(PLAIN, week=week)], at(start), NOW) == (expected,), sentence


def test_an_absence_is_told_with_its_span() -> None:
    away = between("Tue 12:00", "Wed 00:00")
    one = host(PLAIN, absences=(away,))
    assert why_not([one], at("Tue 14:00"), NOW) == (Refusal(Rule.ABSENT, 1, away),)
    assert why_not([one], at("Tue 11:30"), NOW) == ()


def test_every_rule_is_told_not_only_the_first() -> None:
    one = host(
        rules(per_day=1, notice=minutes(6000)),
        talk("Tue 12:15"),
        absences=(between("Tue 12:00", "Tue 18:00"),),
    )
    found = [refusal.rule for refusal in why_not([one], at("Tue 12:15"), NOW)]
    assert found == [Rule.NOTICE, Rule.OUTSIDE_HOURS, Rule.ABSENT, Rule.BUSY, Rule.DAY_LIMIT]


def test_of_several_hosts_each_is_told_with_its_number() -> None:
    one, other = host(PLAIN, talk("Tue 10:00")), host(PLAIN, foreign("Tue 10:15"), number=2)
    assert [refusal.host for refusal in why_not([one, other], at("Tue 10:00"), NOW)] == [1, 2]


def test_limits_that_concern_no_host_are_told_once() -> None:
    terms = Terms(NOW.now, visitor=VisitorLimit(3, 2), seats=Seats(40, 40))
    assert why_not([host(), host(number=2)], at("Tue 10:00"), terms) == (
        Refusal(Rule.VISITOR_LIMIT, limit=2),
        Refusal(Rule.NO_SEATS, limit=40),
    )


def test_notice_that_is_never_over_says_so() -> None:
    idle = host(rules(notice=minutes(5)), week=WorkWeek(AMSTERDAM, ((),) * 7))
    assert why_not([idle], at("Tue 10:00"), NOW)[0] == Refusal(Rule.NOTICE, 1, until=None)


def test_the_rows_of_a_query_are_as_good_as_busy_values() -> None:
    start, end, counted, kind, talk_end = talk("Tue 14:00")
    one = host(PLAIN, (start, end, counted, kind, talk_end))
    assert [refusal.kind for refusal in why_not([one], at("Tue 14:00"), NOW)] == [BusyKind.BOOKING]


def test_a_free_moment_has_no_refusals() -> None:
    one = host(PLAIN, talk("Tue 14:00"))
    assert why_not([one], at("Tue 14:30"), NOW) == ()
    assert decide([one], at("Tue 14:30"), NOW) is True
