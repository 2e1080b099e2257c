"""Which moments may be offered, and whether one may be booked: the same answer to both.

Knows nothing of the database: the caller reads the busy rows (`busy_window` says which) and, in the
transaction that books, asks `decide` with what it reads there.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import compress, islice
from operator import and_, itemgetter
from typing import TYPE_CHECKING

from consult.availability.asking import Host, Slot
from consult.availability.grid import any_grid, joint_grid, open_starts, slots_alone
from consult.availability.schedule import compile_schedule, instant_at, local_days, minute_after, minute_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from consult.availability.asking import Days, Terms
    from consult.availability.schedule import Schedule


class NotCovered(ValueError):
    """Moments are asked for on days for which a schedule was not compiled."""


def offer(hosts: Sequence[Host], days: Days, terms: Terms, at_most: int | None = None) -> tuple[Slot, ...]:
    """The moments that start on ``days`` and may be booked with any of the hosts, the first ones first.

    Every slot names all hosts who can take it. With ``at_most``, the search stops at that many slots.

    Raises:
        ValueError: the hosts' schedules are for talks of unequal length.
        NotCovered: a schedule was not compiled for all of these days up to its horizon.
    """
    if not hosts:
        return ()
    grid = any_grid(tuple(host.schedule for host in hosts))
    first, last = _window(hosts, days, terms)
    asked = slice(grid.rank_of(first), grid.rank_of(last))
    opened = [open_starts(grid, place, host, terms)[asked] for place, host in enumerate(hosts)]
    if len(hosts) == 1:
        alone = slots_alone(hosts[0].schedule, hosts[0].id)[asked]
        return tuple(islice(compress(alone, opened[0]), at_most))
    ids = tuple(host.id for host in hosts)
    able = (tuple(compress(ids, column)) for column in zip(*opened, strict=True))
    slots = zip(grid.begins[asked], grid.ends[asked], able, strict=True)
    return tuple(map(Slot._make, islice(filter(itemgetter(2), slots), at_most)))


def together(hosts: Sequence[Host], days: Days, terms: Terms, at_most: int | None = None) -> tuple[Slot, ...]:
    """The moments that start on ``days`` and may be booked with all of the hosts at once, in order.

    The first host leads: talks start on the steps of that one's hours. Every rule of every host holds.

    Raises:
        ValueError: the hosts' schedules are for talks of unequal length.
        NotCovered: a schedule was not compiled for all of these days up to its horizon.
    """
    if not hosts:
        return ()
    grid = joint_grid(tuple(host.schedule for host in hosts))
    first, last = _window(hosts, days, terms)
    asked = slice(grid.rank_of(first), grid.rank_of(last))
    opened = open_starts(grid, 0, hosts[0], terms)[asked]
    for place, host in enumerate(hosts[1:], start=1):
        opened = bytearray(map(and_, opened, open_starts(grid, place, host, terms)[asked]))
    ids = tuple(host.id for host in hosts)
    begins, ends = compress(grid.begins[asked], opened), compress(grid.ends[asked], opened)
    return tuple(islice((Slot(begin, end, ids) for begin, end in zip(begins, ends, strict=True)), at_most))


def decide(hosts: Sequence[Host], start: datetime, terms: Terms) -> bool:
    """Whether a talk that starts at this instant may be booked with all of these hosts (often just one).

    The check for inside the transaction that books. It answers for any instant whatever, with the same
    `open_starts` as `offer` and `together`. To move a booking, leave its own row out of the busy rows.

    Raises:
        ValueError: ``start`` is naive, or the hosts' schedules are for talks of unequal length.
    """
    minute = minute_of(start)
    if not hosts or minute != minute_after(start) or minute < minute_of(terms.now):
        return False
    if any(minute >= host.schedule.latest(terms.now) for host in hosts):
        return False
    hosts = [_covering(host, minute) for host in hosts]
    grid = joint_grid(tuple(host.schedule for host in hosts))
    place = grid.rank_of(minute)
    if grid.starts[place : place + 1] != (minute,):
        return False
    return all(open_starts(grid, index, host, terms)[place] for index, host in enumerate(hosts))


def who_can(hosts: Iterable[Host], start: datetime, terms: Terms) -> tuple[int, ...]:
    """Which of the hosts, each alone, may be booked at this instant: `decide` for a talk with any of them.

    Raises:
        ValueError: ``start`` is naive.
    """
    return tuple(host.id for host in hosts if decide((host,), start, terms))


def busy_window(schedules: Iterable[Schedule], days: Days) -> tuple[int, int]:
    """Which busy rows matter for these days: those that end after the first minute and start before the second.

    Whole ISO weeks of each host, because of the limits, made wider by the talk and its buffers. ``(0, 0)``
    without schedules.
    """
    lows, highs = [], []
    for schedule in schedules:
        zone, asked = schedule.week.zone, days.span
        last = (asked.end - timedelta(minutes=1)).astimezone(zone).date()
        weeks = local_days(asked.start.astimezone(zone).date(), last, zone)
        lows.append(weeks.start - schedule.rules.behind)
        highs.append(weeks.end + schedule.rules.ahead)
    return min(lows, default=0), max(highs, default=0)


def _window(hosts: Sequence[Host], days: Days, terms: Terms) -> tuple[int, int]:
    """The minutes of the days asked for, when every schedule can answer for them."""
    span = days.span
    first, last = minute_after(span.start), minute_after(span.end)
    now = minute_of(terms.now)
    for schedule in {host.schedule for host in hosts}:
        needed_first, needed_last = max(first, now), min(last, schedule.latest(terms.now))
        inside = schedule.days.start <= needed_first and needed_last <= schedule.days.end
        if needed_first < needed_last and not inside:
            raise NotCovered("the schedule was not compiled for these days")
    return first, last


def _covering(host: Host, minute: int) -> Host:
    """The host with a schedule that covers a minute: the compiled one, or else one for the date itself."""
    schedule = host.schedule
    if schedule.covers(minute):
        return host
    day = instant_at(minute).astimezone(schedule.week.zone).date()
    there = compile_schedule(schedule.week, schedule.absences, schedule.rules, day, day)
    return Host(host.id, there, host.busy)
