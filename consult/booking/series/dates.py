"""Which dates of a rhythm are free, why the others are not, and which other rhythm would do better.

The engine that offers a single talk decides here too; all dates are judged by two statements.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from consult import availability
from consult.availability import Days, Rule
from consult.booking.offering import Wish, hosts_for
from consult.booking.series.rhythm import Rhythm

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consult.availability import Host, Refusal, Terms
    from consult.booking.series.models import TalkSeries
    from consult.database import DbSession

MOST_ALTERNATIVES = 3


class Reason(StrEnum):
    """Why no talk is planned on a date, as much of it as a visitor may know."""

    HOLIDAY = "holiday"
    AWAY = "away"
    BUSY = "busy"
    SOON = "soon"


_REASONS = {
    Rule.HOLIDAY: Reason.HOLIDAY,
    Rule.PAST: Reason.SOON,
    Rule.NOTICE: Reason.SOON,
    Rule.OUTSIDE_HOURS: Reason.AWAY,
    Rule.DAY_CHANGED: Reason.AWAY,
    Rule.OFF_STEP: Reason.AWAY,
    Rule.ABSENT: Reason.AWAY,
}
# What is no date's own fault is told last: a holiday stays one, whoever is away on it.
_ORDER = (Reason.HOLIDAY, Reason.AWAY, Reason.SOON, Reason.BUSY)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A date of the rhythm on which no talk can be."""

    start: datetime
    why: Reason

    def to_json(self) -> dict[str, Any]:
        """As it is stored with the series."""
        return {"at": self.start.astimezone(UTC).isoformat(), "why": str(self.why)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Skipped:
        """As it was stored."""
        return cls(datetime.fromisoformat(stored["at"]), Reason(stored["why"]))


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another weekday or time for the same rhythm, and how many of its dates are free."""

    first: datetime
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a rhythm: the free ones, and those that are skipped."""

    free: tuple[datetime, ...]
    skipped: tuple[Skipped, ...] = field(default=())

    @property
    def total(self) -> int:
        """How many dates the rhythm has."""
        return len(self.free) + len(self.skipped)

    @property
    def enough(self) -> bool:
        """Whether at least half of the dates are free."""
        return bool(self.free) and 2 * len(self.free) >= self.total

    @property
    def mark(self) -> str:
        """A short text that is the same for the same free dates: what a visitor was shown and agrees to."""
        told = " ".join(start.astimezone(UTC).isoformat() for start in self.free)
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def left_out(series: TalkSeries) -> tuple[Skipped, ...]:
    """The dates up to the end of a series that were skipped when they were planned."""
    every = (Skipped.from_json(stored) for stored in series.skipped)
    return tuple(each for each in every if each.start <= series.until_at)


def judge(
    session: DbSession,
    wish: Wish,
    starts: Sequence[datetime],
    *,
    own: datetime | None = None,
    now: datetime,
    to_take: bool = False,
) -> Dates:
    """Which of the starts (in order, aware) are free for the one advisor of the wish.

    ``own`` is the start of a talk of the visitor that is planned already. ``to_take`` locks the advisor first, so that
    what is free stays free until the commit.
    """
    if not starts:
        return Dates(())
    hosts = _hosts(session, wish, starts[0], starts[-1], now=now, to_take=to_take)
    terms = wish.terms(now)
    refused = {start: _why_not(hosts, start, terms) for start in starts if start != own}
    skipped = tuple(Skipped(start, why) for start, why in refused.items() if why is not None)
    gone = {each.start for each in skipped}
    return Dates(tuple(start for start in starts if start not in gone), skipped)


def other_rhythms(
    session: DbSession, wish: Wish, rhythm: Rhythm, *, now: datetime
) -> tuple[Alternative, ...]:
    """At most three other weekdays or times, in the week that the rhythm begins, with at least half their dates free.

    Those with the most free dates come first; of equals, the one most like what was asked: a day earlier or later
    weighs as much as an hour.
    """
    zone = ZoneInfo(rhythm.zone)
    on = rhythm.first.astimezone(zone).date()
    monday = on - timedelta(days=on.weekday())
    week = Days(monday, monday + timedelta(days=6), zone)
    hosts = _hosts(session, wish, week.span.start, rhythm.starts()[-1] + timedelta(days=7), now=now)
    terms = wish.terms(now)
    found = []
    for slot in availability.offer(hosts, week, terms):
        starts = Rhythm(rhythm.frequency, slot.start, rhythm.count, rhythm.zone).starts()
        free = sum(availability.decide(hosts, start, terms) for start in starts)
        if slot.start != rhythm.first and 2 * free >= len(starts):
            found.append(Alternative(slot.start, free, len(starts)))
    found.sort(key=lambda each: (each.total - each.free, _away(each.first, rhythm.first, zone), each.first))
    return tuple(_apart(found))[:MOST_ALTERNATIVES]


def _away(other: datetime, wanted: datetime, zone: ZoneInfo) -> timedelta:
    there, here = other.astimezone(zone), wanted.astimezone(zone)
    days = abs((there.date() - here.date()).days)
    clock = timedelta(hours=there.hour - here.hour, minutes=there.minute - here.minute)
    return abs(clock) + timedelta(hours=days)


def _apart(found: list[Alternative]) -> Iterator[Alternative]:
    """The first of each day: three quarters of an hour in a row are no choice."""
    days = set()
    for each in found:
        if each.first.date() not in days:
            days.add(each.first.date())
            yield each


def _hosts(
    session: DbSession, wish: Wish, first: datetime, last: datetime, *, now: datetime, to_take: bool = False
) -> list[Host]:
    zone = ZoneInfo(wish.zone)
    begin, end = (Days(at.date(), at.date(), zone) for at in (first.astimezone(zone), last.astimezone(zone)))
    return hosts_for(session, wish, begin, through=end, now=now, to_take=to_take)


def _why_not(hosts: Sequence[Host], start: datetime, terms: Terms) -> Reason | None:
    if availability.decide(hosts, start, terms):
        return None
    refusals = availability.why_not(hosts, start, terms)
    return min((_reason(each) for each in refusals), key=_ORDER.index, default=Reason.AWAY)


def _reason(refusal: Refusal) -> Reason:
    return _REASONS.get(refusal.rule, Reason.BUSY)
