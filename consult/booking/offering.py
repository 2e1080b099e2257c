"""Which moments can be booked: reads what the availability engine looks at, in at most five statements."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, String, bindparam, cast, delete, literal, null, select, union_all

from consult import availability
from consult.availability import BusyKind, BusyRow, Days, Host, MeetingRules, Schedule, Slot, Terms
from consult.booking.kind_rules import rules_of
from consult.booking.models import LONGEST_BUSY_MINUTES, BusyPeriod, MeetingType
from consult.database import UtcDateTime
from consult.people.calendars import FOREIGN_PERIODS, foreign_bounds
from consult.people.models import Advisor
from consult.people.schedules import WorkCalendar, work_calendars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consult.database import DbSession

KEPT = 500
# A series runs for a year at most; a talk of it may be moved to somewhat later.
FAR_DAYS = 500
# Own rest lies around what is stored, and may reach into the days that are asked for.
REST = availability.MOST_REST // timedelta(minutes=1)

_ScheduleKey = tuple[int, MeetingRules, date]
_kept: OrderedDict[_ScheduleKey, Schedule] = OrderedDict()
_keeping = Lock()

_nothing = cast(null(), Integer)
_elsewhere = FOREIGN_PERIODS.subquery()
_LOW, _HIGH = bindparam("low", type_=Integer), bindparam("high", type_=Integer)
# Made once: making it costs more than asking it.
_BUSY = union_all(
    select(
        BusyPeriod.advisor_id,
        BusyPeriod.start_minute,
        BusyPeriod.end_minute,
        BusyPeriod.counted_minute,
        BusyPeriod.kind,
        BusyPeriod.talk_end_minute,
        BusyPeriod.expires_at,
    ).where(
        BusyPeriod.advisor_id.in_(bindparam("advisor_ids", expanding=True, type_=Integer)),
        BusyPeriod.start_minute > _LOW - LONGEST_BUSY_MINUTES,
        BusyPeriod.start_minute < _HIGH,
        BusyPeriod.end_minute > _LOW,
        # No booking or session has number 0 and no hold an empty hash: those leave nothing out.
        BusyPeriod.booking_id.is_distinct_from(bindparam("without_booking", type_=Integer)),
        BusyPeriod.group_session_id.is_distinct_from(bindparam("without_session", type_=Integer)),
        BusyPeriod.hold_hash.is_distinct_from(bindparam("own_hold", type_=String)),
    ),
    select(
        _elsewhere.c[0],
        _elsewhere.c[1],
        _elsewhere.c[2],
        _nothing,
        literal(int(BusyKind.FOREIGN)),
        _nothing,
        cast(null(), UtcDateTime),
    ),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for: a kind of talk with any one of these advisors, or with all ``together``.

    ``zone`` is the visitor's. ``urgent`` lifts the notice. ``without_booking`` leaves the time of that booking out, so
    that it can be moved onto part of itself; ``own_hold`` does so with the time held under that hash (see
    ``taking.hold_hash``). ``far`` is for a talk of a series: it may lie beyond the horizon.
    """

    meeting_type: MeetingType
    advisor_ids: tuple[int, ...]
    zone: str = "Europe/Amsterdam"
    together: bool = False
    urgent: bool = False
    without_booking: int | None = None
    own_hold: str | None = None
    far: bool = False

    @property
    def rules(self) -> MeetingRules:
        """The rules of the kind of talk, as they hold for this wish."""
        rules = rules_of(self.meeting_type)
        return replace(rules, horizon=max(rules.horizon, FAR_DAYS)) if self.far else rules

    def terms(self, now: datetime) -> Terms:
        """On what terms the engine is asked."""
        return Terms(now, urgent=self.urgent)


def bookable_advisors(session: DbSession, *, topic_id: int | None = None) -> tuple[int, ...]:
    """The ids of the active advisors, those competent in the topic if one is given."""
    query = select(Advisor.id).where(Advisor.active).order_by(Advisor.id)
    if topic_id is not None:
        query = query.where(Advisor.topics.any(id=topic_id))
    return tuple(session.scalars(query))


def offer(
    session: DbSession, wish: Wish, first: date, last: date, *, now: datetime, at_most: int | None = None
) -> tuple[Slot, ...]:
    """The moments on these dates that may be booked, each with the advisors who can take it.

    Raises:
        ValueError: more than 62 days, or the last before the first.
    """
    days = Days(first, last, ZoneInfo(wish.zone))
    hosts = hosts_for(session, wish, days, now=now)
    if not wish.together:
        return availability.offer(hosts, days, wish.terms(now), at_most)
    return availability.together(hosts, days, wish.terms(now), at_most) if _complete(hosts, wish) else ()


def able(hosts: Sequence[Host], wish: Wish, starts_at: datetime, *, now: datetime) -> tuple[int, ...]:
    """Which advisors can take this very moment; of a wish for all ``together`` all of them, or none.

    The same engine that offers decides; ``hosts`` are those of ``hosts_for`` around the moment.
    """
    if not wish.together:
        return availability.who_can(hosts, starts_at, wish.terms(now))
    fits = _complete(hosts, wish) and availability.decide(hosts, starts_at, wish.terms(now))
    return wish.advisor_ids if fits else ()


def hosts_for(
    session: DbSession,
    wish: Wish,
    days: Days,
    *,
    through: Days | None = None,
    now: datetime,
    to_take: bool = False,
) -> list[Host]:
    """The advisors with their schedules and what they are busy with around these days, and on to ``through``.

    ``to_take`` is for the transaction that will take some of their time: it locks the advisors, so that a limit per
    day stays true until the commit, and removes the holds of theirs that have run out.
    """
    calendars = work_calendars(session, wish.advisor_ids, now=now, lock=to_take, at_work=True)
    rules = wish.rules
    schedules = {
        each: _schedule(
            calendars[each], availability.tightened(rules, calendars[each].own, far=wish.far), now
        )
        for each in wish.advisor_ids
        if each in calendars
    }
    low, high = availability.busy_window(schedules.values(), days)
    if through is not None:
        high = availability.busy_window(schedules.values(), through)[1]
    busy, has_expired = busy_rows(
        session,
        schedules,
        (low - REST, high + REST),
        without_booking=wish.without_booking,
        own_hold=wish.own_hold,
        now=now,
    )
    if to_take and has_expired:
        remove_expired_holds(session, schedules, now=now)
    return [
        Host(each, schedule, availability.rested(busy[each], calendars[each].own))
        for each, schedule in schedules.items()
    ]


def remove_expired_holds(session: DbSession, advisor_ids: Iterable[int], *, now: datetime) -> None:
    """Take away what would block by the database's rule and no more by ours: holds whose time is over."""
    session.execute(
        delete(BusyPeriod).where(BusyPeriod.advisor_id.in_(tuple(advisor_ids)), BusyPeriod.expires_at <= now)
    )


def busy_rows(
    session: DbSession,
    advisor_ids: Iterable[int],
    window: tuple[int, int],
    *,
    without_booking: int | None = None,
    without_session: int | None = None,
    own_hold: str | None = None,
    now: datetime,
) -> tuple[Mapping[int, list[BusyRow]], bool]:
    """What blocks in a window of minutes, by advisor; and whether holds were passed by whose time is over.

    One's own time may be left out: that of a talk or a session that is moved, or what is held under a hash.
    """
    ids, (low, high) = tuple(advisor_ids), window
    # Past the session: nobody needs these rows as objects, and asking it costs as much as the database.
    session.flush()
    rows = session.connection().execute(
        _BUSY,
        foreign_bounds(ids, low, high, now=now)
        | {
            "without_booking": without_booking or 0,
            "without_session": without_session or 0,
            "own_hold": own_hold or "",
        },
    )
    busy: defaultdict[int, list[BusyRow]] = defaultdict(list)
    has_expired = False
    for advisor_id, start, end, counted, kind, talk_end, expires_at in rows:
        if expires_at is not None and expires_at <= now:
            has_expired = True
        else:
            busy[advisor_id].append((start, end, counted, kind, talk_end))
    return busy, has_expired


def nearest(slots: Sequence[Slot], wanted: datetime, advisor_id: int | None) -> tuple[Slot, ...]:
    """At most three other moments in place of one that is gone."""
    return availability.alternatives(slots, wanted, advisor_id)


def advisor_names(session: DbSession, advisor_ids: Iterable[int]) -> dict[int, str]:
    """Names by id."""
    rows = session.execute(select(Advisor.id, Advisor.name).where(Advisor.id.in_(tuple(advisor_ids))))
    return {row.id: row.name for row in rows}


def _complete(hosts: Sequence[Host], wish: Wish) -> bool:
    return len(hosts) == len(wish.advisor_ids)


def _schedule(calendar: WorkCalendar, rules: MeetingRules, now: datetime) -> Schedule:
    today = now.astimezone(calendar.week.zone).date()
    key = (calendar.version, rules, today)
    schedule = _kept.get(key)
    if schedule is None:
        schedule = availability.compile_schedule(
            calendar.week, calendar.absences, rules, today, today + timedelta(days=rules.horizon)
        )
        with _keeping:
            _kept[key] = schedule
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return schedule
