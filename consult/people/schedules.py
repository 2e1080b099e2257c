"""When advisors work, are away and can be reached, read from the database for the engines.

A calendar is kept in memory for as long as the advisor's ``schedule_version`` says that it is true.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from consult.people.holidays import switched_off
from consult.people.models import Absence, Advisor, DateOverride, WorkingHours
from consult.people.own_rules import own_rules
from consult.timespan import Span
from consult.worktime import Block, BusinessClock, WorkWeek, dutch_holidays

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from consult.availability import OwnRules
    from consult.database import DbSession
    from consult.settings import Settings

YEARS_AHEAD = 3
KEPT = 500
LOOK_AHEAD_DAYS = 31
_FIRM_DAY = (Block(time(9), time(12, 30)), Block(time(13), time(17)))
# The hours of the firm itself, from Monday: Mo–Fr 9.00–12.30 and 13.00–17.00.
FIRM_HOURS = (_FIRM_DAY, _FIRM_DAY, _FIRM_DAY, _FIRM_DAY, _FIRM_DAY, (), ())


@dataclass(frozen=True, slots=True)
class Leave:
    """One absence: the time, and the first name of who stands in."""

    span: Span
    stand_in: str | None


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """One advisor's hours, absences and own rules; ``version`` changes when they do."""

    version: int
    week: WorkWeek
    leave: tuple[Leave, ...]
    own: OwnRules | None = None

    @property
    def absences(self) -> tuple[Span, ...]:
        """The absences as bare spans."""
        return tuple(each.span for each in self.leave)


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether somebody can be reached: until when today, else since when, or away until when."""

    until: datetime | None = None
    next_from: datetime | None = None
    away_until: datetime | None = None
    stand_in: str | None = None


_kept: OrderedDict[tuple[int, int], WorkCalendar] = OrderedDict()
_keeping = Lock()

_VERSIONS = (
    select(Advisor.id, Advisor.schedule_version, Advisor.timezone)
    .where(Advisor.id.in_(bindparam("ids", expanding=True)))
    .order_by(Advisor.id)
)
# By whether somebody must work here now, and whether the rows are locked.
_WHOSE = {
    (at_work, lock): query.with_for_update() if lock else query
    for at_work, query in ((False, _VERSIONS), (True, _VERSIONS.where(Advisor.active)))
    for lock in (False, True)
}


def work_calendars(
    session: DbSession,
    advisor_ids: Iterable[int],
    *,
    now: datetime,
    lock: bool = False,
    at_work: bool = False,
) -> dict[int, WorkCalendar]:
    """The calendar of each advisor by id: one statement, and five more for those that changed since last time.

    ``lock`` keeps these advisors to this transaction: others that ask for the lock wait. Locked in order of id.
    ``at_work`` leaves out who does not work here any more.
    """
    session.flush()
    rows = session.connection().execute(_WHOSE[at_work, lock], {"ids": tuple(advisor_ids)}).all()
    # Part of the key is the year, because holidays are worked out for a few years ahead.
    found = {row.id: _kept.get((row.schedule_version, now.year)) for row in rows}
    missing = [row for row in rows if found[row.id] is None]
    if missing:
        read = _read(session, {row.id: (row.schedule_version, row.timezone) for row in missing}, now=now)
        found.update(read)
        with _keeping:
            for calendar in read.values():
                _kept[calendar.version, now.year] = calendar
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return {advisor_id: calendar for advisor_id, calendar in found.items() if calendar is not None}


def firm_week(session: DbSession, settings: Settings, *, now: datetime) -> WorkWeek:
    """The firm's own hours, for what belongs to nobody yet, without the holidays on which it is closed."""
    closed = frozenset(_holidays(session, now.year))
    return WorkWeek(ZoneInfo(settings.timezone), FIRM_HOURS, {}, closed)


def business_clocks(
    session: DbSession, advisor: Advisor | None, *, settings: Settings, now: datetime
) -> Iterator[BusinessClock]:
    """The clock that an advisor works by, absences and holidays included, and then the firm's own."""
    if advisor is not None:
        calendar = work_calendars(session, [advisor.id], now=now)[advisor.id]
        yield BusinessClock(calendar.week, calendar.absences)
    yield BusinessClock(firm_week(session, settings, now=now), ())


def presence(session: DbSession, advisors: Sequence[Advisor], *, now: datetime) -> dict[int, Presence]:
    """Per advisor id whether that person can be reached now."""
    calendars = work_calendars(session, [advisor.id for advisor in advisors], now=now)
    return {advisor_id: _presence(calendar, now) for advisor_id, calendar in calendars.items()}


def _presence(calendar: WorkCalendar, now: datetime) -> Presence:
    for leave in calendar.leave:
        if now in leave.span:
            return Presence(away_until=leave.span.end, stand_in=leave.stand_in)
    today = now.astimezone(calendar.week.zone).date()
    spans = calendar.week.spans_on(today)
    # Somebody at lunch can still be reached today.
    if spans and spans[0].start <= now < spans[-1].end:
        return Presence(until=spans[-1].end)
    for ahead in range(LOOK_AHEAD_DAYS):
        for span in calendar.week.spans_on(today + timedelta(days=ahead)):
            if span.start > now and not any(span.start in leave.span for leave in calendar.leave):
                return Presence(next_from=span.start)
    return Presence()


def _read(
    session: DbSession, wanted: dict[int, tuple[int, str]], *, now: datetime
) -> dict[int, WorkCalendar]:
    ids = tuple(wanted)
    weekly: defaultdict[int, list[list[Block]]] = defaultdict(lambda: [[] for _ in range(7)])
    for row in session.execute(
        select(WorkingHours.advisor_id, WorkingHours.weekday, WorkingHours.starts, WorkingHours.ends).where(
            WorkingHours.advisor_id.in_(ids)
        )
    ):
        weekly[row.advisor_id][row.weekday].append(Block(row.starts, row.ends))
    overrides: defaultdict[int, dict[date, tuple[Block, ...]]] = defaultdict(dict)
    for day in session.execute(
        select(DateOverride.advisor_id, DateOverride.on_date, DateOverride.starts, DateOverride.ends).where(
            DateOverride.advisor_id.in_(ids), DateOverride.on_date >= now.date() - timedelta(days=7)
        )
    ):
        blocks = (Block(day.starts, day.ends),) if day.starts is not None and day.ends is not None else ()
        overrides[day.advisor_id][day.on_date] = (*overrides[day.advisor_id].get(day.on_date, ()), *blocks)
    leave: defaultdict[int, list[Leave]] = defaultdict(list)
    for away in session.execute(
        select(Absence.advisor_id, Absence.starts_at, Absence.ends_at, Advisor.first_name)
        .outerjoin(Advisor, Advisor.id == Absence.stand_in_id)
        .where(Absence.advisor_id.in_(ids), Absence.ends_at > now - timedelta(days=7))
        .order_by(Absence.starts_at)
    ):
        leave[away.advisor_id].append(Leave(Span(away.starts_at, away.ends_at), away.first_name))
    own = own_rules(session, ids)
    closed = frozenset(_holidays(session, now.year))
    return {
        advisor_id: WorkCalendar(
            version,
            WorkWeek(
                ZoneInfo(zone),
                tuple(tuple(sorted(blocks)) for blocks in weekly[advisor_id]),
                {on: tuple(sorted(blocks)) for on, blocks in overrides[advisor_id].items()},
                closed,
            ),
            tuple(leave[advisor_id]),
            own.get(advisor_id),
        )
        for advisor_id, (version, zone) in wanted.items()
    }


def _holidays(session: DbSession, year: int) -> dict[date, str]:
    return _worked_out(year, switched_off(session))


@lru_cache(maxsize=16)
def _worked_out(year: int, off: frozenset[str]) -> dict[date, str]:
    return dutch_holidays(range(year, year + YEARS_AHEAD), off)
