"""How fast moments are offered: ratios against floors measured in the same run, and how cost grows.

Run ``python bench/slots.py``; it ends by itself in some seconds. The floor is a plain loop in Python that does
the least a correct answer needs (fixed days of 1440 minutes, no limits, no notice, no steps of its own): two
divisions and a slice of bytes per busy row, and for several advisors a tuple of those who can. "warm" means
that the schedule was compiled before, as the application keeps it; "cold" compiles it.
"""

from __future__ import annotations

import math
import random
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import compress
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.table import Goal, head, row
from consult.availability import (
    Busy,
    BusyKind,
    Days,
    Host,
    MeetingRules,
    Terms,
    busy_window,
    compile_schedule,
    decide,
    minute_of,
    offer,
    why_not,
)
from consult.worktime import Block, WorkWeek

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ZONE = ZoneInfo("Europe/Amsterdam")
WORKDAY = (Block(time(9), time(12, 30)), Block(time(13), time(17)))
WEEK = WorkWeek(ZONE, (WORKDAY,) * 5 + ((),) * 2)
RULES = MeetingRules(per_day=8, per_week=40)
TODAY = date(2026, 11, 2)
TERMS = Terms(now=datetime(2026, 11, 2, 9, 7, tzinfo=UTC))
STEP, LENGTH, DAY = 15, 30, 1440


@dataclass(frozen=True)
class Case:
    """So many advisors, days, and busy rows per advisor."""

    advisors: int = 1
    days: int = 60
    busy: int = 200

    def hosts(self) -> list[Host]:
        """Advisors with schedules of their own and busy rows in working hours, the same on every run."""
        last = TODAY + timedelta(days=self.days - 1)
        return [
            Host(number, compile_schedule(WEEK, (), RULES, TODAY, last), self.rows(number))
            for number in range(self.advisors)
        ]

    def rows(self, number: int) -> list[Busy]:
        """Talks of half an hour with ten minutes of rest, at random steps of random days."""
        chance = random.Random(number)
        begin = minute_of(datetime.combine(TODAY, time(9), ZONE))
        rows = []
        for _ in range(self.busy):
            start = begin + chance.randrange(self.days) * DAY + chance.randrange(31) * STEP
            rows.append(Busy(start, start + 40, start, BusyKind.BOOKING, start + LENGTH))
        return sorted(rows)

    def asked(self) -> Days:
        """All days of the case."""
        return Days(TODAY, TODAY + timedelta(days=self.days - 1), ZONE)


def plain_loop(case: Case) -> Callable[[], object]:
    """The floor: what an answer costs when nothing but the arithmetic is done."""
    origin = minute_of(datetime.combine(TODAY, time(0), ZONE))
    cells = case.days * DAY // STEP
    template = bytearray(cells)
    for day in range(case.days):
        if (TODAY.weekday() + day) % 7 < 5:
            for first, last in ((540, 750), (780, 1020)):
                low = (day * DAY + first) // STEP
                template[low : low + (last - first - LENGTH) // STEP + 1] = b"\1" * (
                    (last - first - LENGTH) // STEP + 1
                )
    starts = tuple(range(origin, origin + cells * STEP, STEP))
    everybody = [case.rows(number) for number in range(case.advisors)]
    numbers = tuple(range(case.advisors))

    def one(rows: Sequence[Busy]) -> bytearray:
        free = bytearray(template)
        for start, end, _, _, _ in rows:
            low, high = (start - 40 - origin) // STEP + 1, -((origin - end) // STEP)
            free[low:high] = bytes(high - low)
        return free

    def answer() -> object:
        opened = [one(rows) for rows in everybody]
        if case.advisors == 1:
            return list(compress(starts, opened[0]))
        columns = zip(starts, zip(*opened, strict=True), strict=True)
        return [(start, tuple(compress(numbers, column))) for start, column in columns if 1 in column]

    return answer


def cost(work: Callable[[], object], seconds: float = 0.4) -> float:
    """Microseconds of processor time of one call: the median of rounds that take about ``seconds`` together."""
    work()
    begin = process_time()
    work()
    calls = max(1, int(seconds / 15 / max(process_time() - begin, 1e-7)))
    rounds = []
    for _ in range(15):
        begin = process_time()
        for _ in range(calls):
            work()
        rounds.append((process_time() - begin) / calls)
    return median(rounds) * 1e6


def offering(case: Case, at_most: int | None = None, days: Days | None = None) -> Callable[[], object]:
    """The engine's answer to a case, with schedules compiled before and the busy rows that matter."""
    asked = days or case.asked()
    hosts = case.hosts()
    low, high = busy_window([host.schedule for host in hosts], asked)
    hosts = [
        Host(host.id, host.schedule, [row for row in host.busy if low < row[1] and row[0] < high])
        for host in hosts
    ]
    return lambda: offer(hosts, asked, TERMS, at_most)


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """The slope of a straight line through the logarithms: 1 is linear."""
    xs, ys = [math.log(size) for size in sizes], [math.log(each) for each in costs]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    over = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return over / sum((x - middle_x) ** 2 for x in xs)


def main() -> None:
    """Measure and print."""
    one, fifty = Case(), Case(advisors=50)
    floor_one, floor_fifty = cost(plain_loop(one)), cost(plain_loop(fifty))
    loop = "the plain loop"
    head("moments: processor time of a call")
    row("60 days, one advisor, 200 busy, warm", cost(offering(one)), floor=floor_one, of=loop, goal=Goal(4))
    row("60 days, any of 50", cost(offering(fifty)), floor=floor_fifty, of=loop, goal=Goal(1))
    row("60 days, any of 50, the first 6", cost(offering(fifty, at_most=6)), floor=floor_fifty, of=loop)
    row("a day, any of 50", cost(offering(fifty, days=Days(TODAY, TODAY, ZONE))), goal=Goal(5000))
    hosts = one.hosts()
    start = datetime(2026, 11, 12, 10, tzinfo=UTC)
    row("one moment decided", cost(lambda: decide(hosts, start, TERMS)), floor=floor_one, of=loop)
    row("one moment explained", cost(lambda: why_not(hosts, start, TERMS)), floor=floor_one, of=loop)
    row("60 days compiled and asked, one advisor, cold", cost(lambda: offer(one.hosts(), one.asked(), TERMS)))
    for name, sizes, cases, goal in (
        ("advisors", (5, 10, 20, 40), [Case(advisors=size) for size in (5, 10, 20, 40)], 1.05),
        ("days", (7, 14, 28, 56), [Case(days=size) for size in (7, 14, 28, 56)], 0.7),
        ("busy rows", (25, 50, 100, 200), [Case(busy=size) for size in (25, 50, 100, 200)], 0.7),
    ):
        grown = exponent(sizes, [cost(offering(case), 0.3) for case in cases])
        row(f"growth in {name}: the exponent", grown, "", goal=Goal(goal))


if __name__ == "__main__":
    main()
