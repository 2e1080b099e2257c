"""Why a moment is not free: every rule that takes it away, with the values that say which and how much.

Only what `grid.open_starts` crosses out is refused here, and all of it: a moment without refusals may be
booked. Makes no text, and costs extra, so it is for when somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from consult.availability.asking import BusyKind
from consult.availability.schedule import NEVER, instant_at, minute_after, minute_of
from consult.timespan import Span, as_utc, merge, subtract
from consult.worktime import day_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consult.availability.asking import BusyRow, Host, Terms
    from consult.availability.schedule import Schedule


class Rule(StrEnum):
    """The rules that can take a moment away, and what a `Refusal` by each of them holds beside its host."""

    PAST = "past"  # until: now (no host); told alone
    NOTICE = "notice"  # until: the first instant that is far enough away; None: not within a year
    HORIZON = "horizon"  # until: the first instant that is too far away; told alone
    OUTSIDE_HOURS = "outside-hours"  # span: the part of the talk outside hours
    DAY_CHANGED = "day-changed"  # on: the date whose hours differ; span: the part of the talk it takes away
    HOLIDAY = "holiday"  # on: the date the office is closed; span: the part of the talk it takes away
    OFF_STEP = "off-step"  # span: the block of working time whose steps count
    ABSENT = "absent"  # span: the absence
    BUSY = "busy"  # span, kind: the other talk, without its buffers
    BUFFER_AFTER = "buffer-after"  # span, kind: the talk after which the rest comes
    BUFFER_BEFORE = "buffer-before"  # span, kind: the talk before which the rest comes
    DAY_LIMIT = "day-limit"  # limit; on: the date
    WEEK_LIMIT = "week-limit"  # limit; on: the Monday of the week
    VISITOR_LIMIT = "visitor-limit"  # limit (no host)
    NO_SEATS = "no-seats"  # limit: the capacity (no host)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rule that takes a moment away, for one host or (None) for all; `Rule` says what each holds."""

    rule: Rule
    host: int | None = None
    span: Span | None = None
    kind: BusyKind | None = None
    limit: int | None = None
    until: datetime | None = None
    on: date | None = None


def why_not(hosts: Sequence[Host], start: datetime, terms: Terms) -> tuple[Refusal, ...]:
    """Every rule that keeps a talk from starting at this instant with all of these hosts; empty: it may.

    The first host leads: the step counts for that one only. Busy rows are told in order of time. In the past,
    and beyond the horizon of a host, that one reason is enough: the days there need not be known.

    Raises:
        ValueError: ``start`` is naive.
    """
    start = as_utc(start)
    if start < terms.now:
        return (Refusal(Rule.PAST, until=terms.now),)
    refusals: list[Refusal] = []
    if terms.visitor is not None and terms.visitor.reached:
        refusals.append(Refusal(Rule.VISITOR_LIMIT, limit=terms.visitor.at_most))
    if terms.seats is not None and terms.seats.full:
        refusals.append(Refusal(Rule.NO_SEATS, limit=terms.seats.capacity))
    for place, host in enumerate(hosts):
        latest = host.schedule.latest(terms.now)
        if minute_of(start) >= latest:
            refusals.append(Refusal(Rule.HORIZON, host.id, until=instant_at(latest)))
            continue
        refusals += _in_notice(host, start, terms)
        refusals += _in_hours(host, start, leads=place == 0)
        refusals += _in_busy(host, start)
        refusals += _in_limits(host, start)
    return tuple(refusals)


def _in_notice(host: Host, start: datetime, terms: Terms) -> Iterator[Refusal]:
    earliest = host.schedule.earliest(terms.now, urgent=terms.urgent)
    if minute_of(start) < earliest:
        yield Refusal(Rule.NOTICE, host.id, until=None if earliest == NEVER else instant_at(earliest))


def _in_hours(host: Host, start: datetime, *, leads: bool) -> Iterator[Refusal]:
    schedule = host.schedule
    week, talk = schedule.week, Span(start, start + schedule.rules.length)
    dates = _local_dates(schedule, talk)
    missing = subtract([talk], (span for day in dates for span in week.spans_on(day)))
    if missing:
        yield from _missing_hours(host, missing, dates)
    elif leads or start.second or start.microsecond:
        block = next(span for span in week.spans_on(dates[0]) if start in span)
        if (start - block.start) % schedule.rules.step:
            yield Refusal(Rule.OFF_STEP, host.id, block)
    for absence in merge(schedule.absences):
        if absence.overlaps(talk):
            yield Refusal(Rule.ABSENT, host.id, absence)


def _missing_hours(host: Host, missing: Sequence[Span], dates: Sequence[date]) -> Iterator[Refusal]:
    """Who took the hours away: the day itself, the holiday, or the weekly hours that never gave them."""
    week = host.schedule.week
    usual: list[Span] = []
    for day in dates:
        spans = week.usual_spans_on(day)
        usual += spans
        taken = [part for lack in missing for span in spans if (part := lack.clipped(span)) is not None]
        if taken:
            rule = Rule.DAY_CHANGED if day in week.overrides else Rule.HOLIDAY
            yield Refusal(rule, host.id, taken[0], on=day)
    for lack in subtract(missing, usual):
        yield Refusal(Rule.OUTSIDE_HOURS, host.id, lack)


def _local_dates(schedule: Schedule, talk: Span) -> list[date]:
    zone = schedule.week.zone
    first = talk.start.astimezone(zone).date()
    last = (talk.end - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def _in_busy(host: Host, start: datetime) -> Iterator[Refusal]:
    rules, first, last = host.schedule.rules, minute_of(start), minute_after(start)
    for row in sorted(host.busy, key=lambda row: row[:2]):
        if row[0] - rules.ahead < last and first < row[1] + rules.behind:
            yield _busy_refusal(host, start, row)


def _busy_refusal(host: Host, start: datetime, row: BusyRow) -> Refusal:
    row_start, row_end, counted, kind, talk_end = row
    other_start = instant_at(row_start if counted is None else counted)
    other = Span(other_start, instant_at(row_end if talk_end is None else talk_end))
    rule = Rule.BUSY
    if start >= other.end:
        rule = Rule.BUFFER_AFTER
    elif start + host.schedule.rules.length <= other.start:
        rule = Rule.BUFFER_BEFORE
    return Refusal(rule, host.id, other, BusyKind(kind))


def _in_limits(host: Host, start: datetime) -> Iterator[Refusal]:
    rules, zone = host.schedule.rules, host.schedule.week.zone
    day = start.astimezone(zone).date()
    monday = day - timedelta(days=day.weekday())
    for rule, limit, first, length in (
        (Rule.DAY_LIMIT, rules.per_day, day, 1),
        (Rule.WEEK_LIMIT, rules.per_week, monday, 7),
    ):
        if limit is None:
            continue
        begin = minute_of(day_start(first, zone))
        end = minute_of(day_start(first + timedelta(days=length), zone))
        counted = sum(1 for row in host.busy if row[2] is not None and begin <= row[2] < end)
        if counted >= limit:
            yield Refusal(rule, host.id, limit=limit, on=first)
