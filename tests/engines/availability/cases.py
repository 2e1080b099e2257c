"""Hosts, rules and busy rows for tests: plain ones to vary on, and strategies that draw hard ones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from consult.availability import (
    Busy,
    BusyKind,
    BusyRow,
    Host,
    MeetingRules,
    Schedule,
    Terms,
    compile_schedule,
    minute_of,
)
from consult.timespan import Span
from consult.worktime import Block, WorkWeek

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WORKDAY = (Block(time(9), time(12, 30)), Block(time(13), time(17)))
WEEK = WorkWeek(AMSTERDAM, (WORKDAY,) * 5 + ((),) * 2)
MONDAY = date(2026, 11, 23)
PLAIN = MeetingRules(
    step=timedelta(minutes=30), buffer_after=timedelta(0), notice=timedelta(0), per_day=None, per_week=None
)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def at(text: str) -> datetime:
    """A moment of the week from Monday 23 November 2026 by the clock in Amsterdam: "Tue 14:00"."""
    day, wall = text.split()
    ahead = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun").index(day)
    return datetime.combine(MONDAY + timedelta(days=ahead), time.fromisoformat(wall), AMSTERDAM)


NOW = Terms(now=at("Mon 08:00"))


def rules(**changes: Any) -> MeetingRules:
    values = {name: getattr(PLAIN, name) for name in PLAIN.__slots__}
    return MeetingRules(**{**values, **changes})


def schedule(
    of: MeetingRules = PLAIN, week: WorkWeek = WEEK, absences: tuple[Span, ...] = (), *, days: int = 14
) -> Schedule:
    return compile_schedule(week, absences, of, MONDAY, MONDAY + timedelta(days=days - 1))


def host(of: MeetingRules = PLAIN, *busy: BusyRow, number: int = 1, **more: Any) -> Host:
    return Host(number, schedule(of, **more), busy)


def talk(
    start: str, length: int = 30, *, before: int = 0, after: int = 0, kind: int = BusyKind.BOOKING
) -> Busy:
    """A talk that counts, as a row with its buffers."""
    begin = minute_of(at(start))
    return Busy(begin - before, begin + length + after, begin, kind, begin + length)


def foreign(start: str, length: int = 30) -> Busy:
    begin = minute_of(at(start))
    return Busy(begin, begin + length)


ANCHORS = {
    "Europe/Amsterdam": (date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29), date(2027, 1, 1)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
}
"""Zones with the dates on which they are hard: both clock changes (half an hour in Lord Howe), leap day, new year."""


def five_minutes(first: int, length: int) -> Block:
    """A block on fives of minutes; what would go over midnight ends there."""
    ends = [divmod(5 * fives, 60) for fives in (first, min(first + length, 288))]
    return Block(*(time(hour % 24, minute) for hour, minute in ends))


BLOCKS = st.lists(st.builds(five_minutes, st.integers(0, 287), st.integers(1, 150)), max_size=3).map(tuple)
ALL_DAY = (Block(time(0), time(0)),)
DAYS = st.sampled_from([WORKDAY, ALL_DAY, (), ALL_DAY]) | BLOCKS
LENGTHS = st.sampled_from([0, 5, 10, 30]).map(minutes)
RULES = st.builds(
    MeetingRules,
    length=st.sampled_from([15, 30, 45, 60, 90]).map(minutes),
    step=st.sampled_from([5, 15, 20, 45]).map(minutes),
    buffer_before=LENGTHS,
    buffer_after=LENGTHS,
    notice=st.sampled_from([0, 30, 240, 900]).map(minutes),
    horizon=st.sampled_from([3, 2, 1, 0, 60]),
    per_day=st.sampled_from([None, 3, 2, 1]),
    per_week=st.sampled_from([None, 5, 3, 1]),
)


@st.composite
def situations(draw: st.DrawFn, hosts: int = 1) -> tuple[list[Host], Terms, date]:
    """Some hosts around a hard date, and terms; all talks of one length. The days asked are date - 1 … + 1."""
    name = draw(st.sampled_from(sorted(ANCHORS)))
    anchor, zone = draw(st.sampled_from(ANCHORS[name])), ZoneInfo(name)
    midnight = minute_of(datetime.combine(anchor, time(0), zone))
    now = datetime.fromtimestamp((midnight - draw(st.integers(-300, 2000))) * 60, UTC)
    terms = Terms(
        now + draw(st.sampled_from([timedelta(0), timedelta(seconds=30)])), urgent=draw(st.booleans())
    )
    first = draw(RULES)
    found = []
    for number in range(hosts):
        values = {name: getattr(draw(RULES), name) for name in MeetingRules.__slots__}
        own = MeetingRules(**{**values, "length": first.length})
        found.append(draw(_host(number, zone, anchor, midnight, own)))
    return found, terms, anchor


@st.composite
def _host(
    draw: st.DrawFn, number: int, zone: ZoneInfo, anchor: date, midnight: int, own: MeetingRules
) -> Host:
    near = [anchor + timedelta(days=ahead) for ahead in (-2, -1, 0, 1, 2)]
    week = WorkWeek(
        zone,
        tuple(draw(st.tuples(*[DAYS] * 7))),
        draw(st.dictionaries(st.sampled_from(near), DAYS, max_size=1)),
        draw(st.frozensets(st.sampled_from(near), max_size=1)),
    )
    offsets = st.integers(-1500, 2900)
    absences = draw(st.lists(st.tuples(offsets, st.integers(1, 900)), max_size=1))
    away = tuple(
        Span(*(datetime.fromtimestamp((midnight + edge) * 60, UTC) for edge in (start, start + length)))
        for start, length in absences
    )
    rows = draw(st.lists(st.tuples(offsets, st.integers(1, 200), st.booleans()), max_size=5))
    busy = [
        Busy(midnight + start, midnight + start + length, midnight + start if counts else None)
        for start, length, counts in rows
    ]
    compiled = compile_schedule(week, away, own, anchor - timedelta(days=3), anchor + timedelta(days=5))
    return Host(number, compiled, busy)
