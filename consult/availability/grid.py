"""The grid on which the starts of one or more hosts are crossed out, and the crossing out itself.

`open_starts` is the one place that decides. Offering, the check inside the transaction that books, and
alternatives all read its answer; `explaining` says in words of the rules what it crossed out.
Every rule forbids a range of start minutes. A table from minute to place in the list of starts turns
that range into one slice of bytes, so a busy row costs two look-ups and a slice whatever its length.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from consult.availability.asking import Slot
from consult.availability.rules import MINUTE
from consult.availability.schedule import Schedule, instant_at

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from consult.availability.asking import BusyRow, Host, Terms
    from consult.availability.schedule import LocalDays


@dataclass(frozen=True, eq=False)
class Grid:
    """The starts to decide on for some schedules, and per schedule which of them its hours allow.

    ``rank[minute - start]`` is the number of starts before that minute, for ``start`` up to and with ``end``.
    ``begins`` and ``ends`` are the starts as instants, and the ends of the talks.
    """

    start: int
    end: int
    starts: tuple[int, ...]
    rank: array[int]
    allowed: tuple[bytes, ...]
    begins: tuple[datetime, ...]
    ends: tuple[datetime, ...]

    def rank_of(self, minute: int) -> int:
        """How many starts lie before any minute, on the grid or not."""
        return self.rank[min(max(minute, self.start), self.end) - self.start]

    def slots_of(self, hosts: tuple[int, ...]) -> tuple[Slot, ...]:
        """Every start of the grid as a slot with these hosts."""
        return tuple(Slot(begin, end, hosts) for begin, end in zip(self.begins, self.ends, strict=True))


@lru_cache(maxsize=64)
def any_grid(schedules: tuple[Schedule, ...]) -> Grid:
    """The grid on which each of the schedules has its own starts. Kept, since it is the costly part.

    Raises:
        ValueError: the schedules are for talks of unequal length.
    """
    starts = tuple(sorted(set(chain.from_iterable(schedule.starts for schedule in schedules))))
    return _grid(schedules, starts, [_own_starts(schedule, starts) for schedule in schedules])


@lru_cache(maxsize=64)
def joint_grid(schedules: tuple[Schedule, ...]) -> Grid:
    """The grid on which all must be there at the starts of the first, whose steps count.

    Raises:
        ValueError: the schedules are for talks of unequal length.
    """
    lead, *others = schedules
    if not others:
        return any_grid(schedules)
    inside = [bytes(map(schedule.fits, lead.starts)) for schedule in others]
    return _grid(schedules, lead.starts, [bytes([1]) * len(lead.starts), *inside])


@lru_cache(maxsize=64)
def slots_alone(schedule: Schedule, host: int) -> tuple[Slot, ...]:
    """Every start of one schedule as a slot with one host. Kept: an offer of one host only picks from it."""
    return any_grid((schedule,)).slots_of((host,))


def _grid(schedules: tuple[Schedule, ...], starts: tuple[int, ...], allowed: list[bytes]) -> Grid:
    lengths = {schedule.rules.length for schedule in schedules}
    if len(lengths) != 1:
        raise ValueError("hosts are asked for a talk of one length")
    start = min(schedule.days.start for schedule in schedules)
    end = max(schedule.days.end for schedule in schedules)
    minutes = lengths.pop() // MINUTE
    begins = tuple(map(instant_at, starts))
    ends = tuple(instant_at(minute + minutes) for minute in starts)
    return Grid(start, end, starts, _ranks(starts, start, end), tuple(allowed), begins, ends)


def _ranks(starts: Sequence[int], start: int, end: int) -> array[int]:
    code = "H" if len(starts) < 1 << 16 else "I"
    rank, before = array(code), start - 1
    for place, minute in enumerate(starts):
        rank.extend(array(code, [place]) * (minute - before))
        before = minute
    rank.extend(array(code, [len(starts)]) * (end - before))
    return rank


def _own_starts(schedule: Schedule, starts: tuple[int, ...]) -> bytes:
    if schedule.starts == starts:
        return bytes([1]) * len(starts)
    own = frozenset(schedule.starts)
    return bytes(minute in own for minute in starts)


def open_starts(grid: Grid, place: int, host: Host, terms: Terms) -> bytearray:
    """Which starts of ``grid`` the host, the ``place``-th of it, may be booked for: a 1 per open start."""
    starts = bytearray(grid.allowed[place])
    if terms.closed or not any(starts):
        return bytearray(len(starts))
    schedule = host.schedule
    early = grid.rank_of(schedule.earliest(terms.now, urgent=terms.urgent))
    late = grid.rank_of(schedule.latest(terms.now))
    starts[:early] = bytes(early)
    starts[late:] = bytes(len(starts) - late)
    _cross_out_busy(starts, grid, host)
    _cross_out_limits(starts, grid, host)
    return starts


def _cross_out_busy(starts: bytearray, grid: Grid, host: Host) -> None:
    """Busy from b to e forbids every start s with s - behind < e and b < s + ahead: b - ahead < s < e + behind."""
    rules, rank, first, last = host.schedule.rules, grid.rank, grid.start, grid.end
    ahead, behind, nothing = rules.ahead - 1, rules.behind, bytes(len(starts))
    for row in host.busy:
        low, high = row[0] - ahead, row[1] + behind
        if low < first or high > last:
            low, high = max(low, first), min(high, last)
            if low >= high:
                continue
        low, high = rank[low - first], rank[high - first]
        if low < high:
            starts[low:high] = nothing[low:high]


def _cross_out_limits(starts: bytearray, grid: Grid, host: Host) -> None:
    rules, days = host.schedule.rules, host.schedule.days
    if rules.per_day is None and rules.per_week is None:
        return
    per_day = counted_per_day(days, host.busy)
    midnights = days.midnights
    full = []
    if rules.per_day is not None:
        full += [(day, day + 1) for day, count in enumerate(per_day) if count >= rules.per_day]
    if rules.per_week is not None:
        weeks = range(0, len(per_day), 7)
        full += [(day, day + 7) for day in weeks if sum(per_day[day : day + 7]) >= rules.per_week]
    for first, last in full:
        low, high = grid.rank_of(midnights[first]), grid.rank_of(midnights[last])
        starts[low:high] = bytes(high - low)


def counted_per_day(days: LocalDays, busy: Collection[BusyRow]) -> list[int]:
    """How many busy rows count towards the limits on each date of ``days``."""
    counts = [0] * (len(days.midnights) - 1)
    first, last, day_of = days.start, days.end, days.day_of
    for row in busy:
        counted = row[2]
        if counted is not None and first <= counted < last:
            counts[day_of[counted - first]] += 1
    return counts
