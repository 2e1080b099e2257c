"""The time that a group session takes of its hosts: whether all are free, and taking, shifting and freeing it.

The engine decides and the database refuses, as for a talk; every row that is written here has the kind GROUP.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from consult import availability
from consult.availability import BusyKind, Days, Host, MeetingRules, Terms, minute_of
from consult.booking.models import LONGEST_BUSY_MINUTES, BusyPeriod
from consult.booking.offering import busy_rows, remove_expired_holds
from consult.booking.taking import is_overlap
from consult.people.models import Advisor
from consult.people.schedules import WorkCalendar, work_calendars
from consult.timespan import Span  # noqa: TC001 (a dataclass)
from consult.worktime import Block, WorkWeek

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from consult.availability import Slot
    from consult.booking.groups.models import GroupSession
    from consult.database import DbSession

HORIZON_DAYS = 730
STEP = timedelta(minutes=15)
ALL_DAY = (Block(time(0), time(0)),)


class HostsBusy(Exception):
    """These advisors cannot host at that time: busy, absent, outside their hours, or no longer here."""

    def __init__(self, advisor_ids: Iterable[int]) -> None:
        super().__init__("hosts are not free")
        self.advisor_ids = tuple(advisor_ids)


@dataclass(frozen=True, slots=True)
class HostTime:
    """The time of a session and what is kept free around it; ``outside_hours`` lets it be an evening or a weekend.

    Raises:
        ValueError: it does not begin and end on whole minutes, or lasts longer than the database allows.
    """

    span: Span
    buffer_before: timedelta
    buffer_after: timedelta
    outside_hours: bool = False

    def __post_init__(self) -> None:
        if any(at.second or at.microsecond for at in (self.span.start, self.span.end)):
            raise ValueError("a group session begins and ends on whole minutes")
        if self.span.length + self.buffer_before + self.buffer_after > timedelta(
            minutes=LONGEST_BUSY_MINUTES
        ):
            raise ValueError("a group session lasts at most two days")

    @property
    def minutes(self) -> tuple[int, int]:
        """First and last UTC minute, buffers included."""
        return minute_of(self.span.start - self.buffer_before), minute_of(self.span.end + self.buffer_after)

    @property
    def rules(self) -> MeetingRules:
        """What the engine must hold to: no notice and no limit, for it is we who plan this."""
        return MeetingRules(
            length=self.span.length,
            step=timedelta(minutes=1),
            buffer_before=self.buffer_before,
            buffer_after=self.buffer_after,
            notice=timedelta(0),
            horizon=HORIZON_DAYS,
            per_day=None,
            per_week=None,
        )


def check_free(
    session: DbSession,
    host_ids: Sequence[int],
    wanted: HostTime,
    *,
    now: datetime,
    without: int | None = None,
) -> None:
    """Lock these advisors and see that all can host; ``without`` leaves out the time of that session itself.

    Raises:
        HostsBusy: naming those who cannot.
    """
    calendars = work_calendars(session, host_ids, now=now, lock=True)
    remove_expired_holds(session, host_ids, now=now)
    active = set(session.scalars(select(Advisor.id).where(Advisor.id.in_(tuple(host_ids)), Advisor.active)))
    gone = [each for each in host_ids if each not in active]
    if gone:
        raise HostsBusy(gone)
    busy, _ = busy_rows(session, host_ids, wanted.minutes, without_session=without, now=now)
    hosts = [Host(each, _schedule(calendars[each], wanted), busy[each]) for each in host_ids]
    if not availability.decide(hosts, wanted.span.start, Terms(now)):
        able = availability.who_can(hosts, wanted.span.start, Terms(now))
        raise HostsBusy([each for each in host_ids if each not in able] or host_ids)


def take(session: DbSession, group: GroupSession, host_ids: Iterable[int], wanted: HostTime) -> None:
    """Take the time of these hosts.

    Raises:
        HostsBusy: the database says that somebody else took some of it just before.
    """
    ids = tuple(host_ids)
    rows = [BusyPeriod(advisor_id=each, group_session_id=group.id, **_stretch(wanted)) for each in ids]
    try:
        with session.begin_nested():
            session.add_all(rows)
    except IntegrityError as error:
        if not is_overlap(error):
            raise
        raise HostsBusy(ids) from None


def shift(session: DbSession, group: GroupSession, wanted: HostTime) -> None:
    """Let the time of all hosts be another one.

    Raises:
        HostsBusy: the database says that somebody else took some of it just before.
    """
    try:
        with session.begin_nested():
            session.execute(
                update(BusyPeriod)
                .where(BusyPeriod.group_session_id == group.id)
                .values(**_stretch(wanted))
                .execution_options(synchronize_session=False)
            )
    except IntegrityError as error:
        if not is_overlap(error):
            raise
        raise HostsBusy(host.advisor_id for host in group.hosts) from None


def free(session: DbSession, group: GroupSession, advisor_id: int | None = None) -> None:
    """Give back the time of all hosts, or of one."""
    query = delete(BusyPeriod).where(BusyPeriod.group_session_id == group.id)
    if advisor_id is not None:
        query = query.where(BusyPeriod.advisor_id == advisor_id)
    session.execute(query.execution_options(synchronize_session=False))


def common_moments(
    session: DbSession, host_ids: Sequence[int], length: timedelta, days: Days, *, now: datetime
) -> tuple[Slot, ...]:
    """When all of these advisors are free within their hours for this long, every quarter of an hour."""
    rules = MeetingRules(
        length=length, step=STEP, notice=timedelta(0), horizon=HORIZON_DAYS, per_day=None, per_week=None
    )
    calendars = work_calendars(session, host_ids, now=now)
    # A date of the reader's zone may reach into the next one of a host's.
    first, last = days.first - timedelta(days=1), days.last + timedelta(days=1)
    schedules = {
        each: availability.compile_schedule(calendar.week, calendar.absences, rules, first, last)
        for each, calendar in calendars.items()
    }
    busy, _ = busy_rows(session, schedules, availability.busy_window(schedules.values(), days), now=now)
    hosts = [Host(each, schedules[each], busy[each]) for each in host_ids if each in schedules]
    return availability.together(hosts, days, Terms(now)) if len(hosts) == len(host_ids) else ()


def _stretch(wanted: HostTime) -> dict[str, int | None]:
    start, end = wanted.minutes
    return {
        "start_minute": start,
        "end_minute": end,
        "counted_minute": None,
        "talk_end_minute": minute_of(wanted.span.end),
        "kind": BusyKind.GROUP,
    }


def _schedule(calendar: WorkCalendar, wanted: HostTime) -> availability.Schedule:
    week = calendar.week
    on: date = wanted.span.start.astimezone(week.zone).date()
    if wanted.outside_hours:
        week = WorkWeek(week.zone, (ALL_DAY,) * 7, {}, frozenset())
    return availability.compile_schedule(week, calendar.absences, wanted.rules, on, on)
