"""The time of the hosts of a group session: all are free or it is not planned, and the database holds to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.activity.services import SYSTEM
from consult.availability import BusyKind, Days, minute_of
from consult.booking.groups import changing as group_changing
from consult.booking.groups import hosts as group_hosts
from consult.booking.groups.hosts import HostsBusy
from consult.booking.groups.planning import SlugTaken
from consult.booking.models import BusyPeriod
from consult.booking.placing import SlotTaken
from consult.people.calendars import BusyCalendar, ForeignBusy
from consult.timespan import Span
from tests.support import group_rows, rows
from tests.support.group_rows import STARTS
from tests.support.rows import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from consult.booking.groups.models import GroupSession
    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings

HOUR = timedelta(hours=1)
BUFFER = timedelta(minutes=15)


@pytest.fixture
def two(session: DbSession) -> tuple[Advisor, Advisor]:
    return rows.create_advisor(session, "Rik de Wit"), rows.create_advisor(session, "Mirte Smit")


def taken(session: DbSession) -> list[tuple[int, int, int]]:
    found = select(BusyPeriod.advisor_id, BusyPeriod.start_minute, BusyPeriod.end_minute)
    return [tuple(row) for row in session.execute(found.order_by(BusyPeriod.advisor_id))]


def minutes(group: GroupSession) -> tuple[int, int]:
    return minute_of(group.starts_at - BUFFER), minute_of(group.ends_at + BUFFER)


@pytest.mark.both_databases
def test_each_host_is_busy_for_the_session_and_its_buffers(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    group = group_rows.plan(session, settings, two)
    assert taken(session) == [(host.id, *minutes(group)) for host in two]
    assert set(session.scalars(select(BusyPeriod.kind))) == {BusyKind.GROUP}


@pytest.mark.both_databases
def test_the_database_refuses_a_busy_period_over_that_of_a_session(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    start, end = minutes(group_rows.plan(session, settings, two))
    session.add(
        BusyPeriod(
            advisor_id=two[1].id,
            start_minute=end - 1,
            end_minute=end + 30,
            kind=BusyKind.BOOKING,
            talk_end_minute=end + 30,
        )
    )
    with pytest.raises(IntegrityError, match="ex_busy_period_overlap"):
        session.flush()
    assert start < end


def test_a_talk_of_one_of_the_hosts_keeps_the_session_from_being_planned(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    kind = rows.create_meeting_type(session)
    rows.book(session, settings, kind, [two[1]], STARTS + HOUR)
    with pytest.raises(HostsBusy) as refused:
        group_rows.plan(session, settings, two)
    assert refused.value.advisor_ids == (two[1].id,)


def test_a_talk_cannot_be_booked_with_a_host_during_the_session(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    group_rows.plan(session, settings, two)
    kind = rows.create_meeting_type(session)
    with pytest.raises(SlotTaken):
        rows.book(session, settings, kind, [two[0]], STARTS + HOUR)


def test_an_absent_host_cannot_host(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    rows.create_absence(session, two[0], STARTS, STARTS + HOUR)
    with pytest.raises(HostsBusy) as refused:
        group_rows.plan(session, settings, two)
    assert refused.value.advisor_ids == (two[0].id,)


@pytest.mark.parametrize("why", ["an appointment there", "not read for a day"])
@pytest.mark.parametrize("act", ["plan", "move", "take over"])
def test_another_calendar_of_a_host_is_heeded_whatever_is_done(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor], act: str, why: str
) -> None:
    rik, mirte = two
    if act != "plan":
        group = group_rows.plan(session, settings, two if act == "move" else (rik,))
    closed = why == "not read for a day"
    read = {"created_at": NOW, "next_fetch_at": NOW, "last_ok_at": NOW - 25 * HOUR if closed else NOW}
    calendar = BusyCalendar(advisor_id=mirte.id, kind="ics", host="example.nl", sealed="-", **read)
    session.add(calendar)
    session.flush()
    start = STARTS + (24 * HOUR if act == "move" else 0 * HOUR)
    if not closed:
        times = {"start_minute": minute_of(start), "end_minute": minute_of(start + HOUR)}
        session.add(ForeignBusy(advisor_id=mirte.id, calendar_id=calendar.id, **times))
    session.flush()
    by: dict[str, Any] = {"actor": SYSTEM, "settings": settings, "now": NOW}
    do: dict[str, Callable[[], object]] = {
        "plan": lambda: group_rows.plan(session, settings, two),
        "move": lambda: group_changing.move(session, group, Span(start, start + HOUR), **by),
        "take over": lambda: group_changing.hand_over(session, group, rik.id, mirte.id, **by),
    }
    with pytest.raises(HostsBusy) as refused:
        do[act]()
    assert refused.value.advisor_ids == (mirte.id,)


def test_somebody_who_left_cannot_host(session: DbSession, settings: Settings) -> None:
    gone = rows.create_advisor(session, "Weg Geweest", active=False)
    with pytest.raises(HostsBusy):
        group_rows.plan(session, settings, (gone,))


def test_an_evening_is_refused_unless_it_is_asked_for(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    evening = STARTS + timedelta(hours=10)
    with pytest.raises(HostsBusy):
        group_rows.plan(session, settings, two, starts_at=evening)
    group = group_rows.plan(session, settings, two, starts_at=evening, outside_hours=True)
    assert group.starts_at == evening


def test_a_session_in_the_past_cannot_be_planned(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    with pytest.raises(HostsBusy):
        group_rows.plan(session, settings, two, starts_at=NOW - HOUR)


def test_two_sessions_do_not_share_a_name_in_addresses(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    group_rows.plan(session, settings, two)
    with pytest.raises(SlugTaken):
        group_rows.plan(session, settings, two, starts_at=STARTS + timedelta(days=1))


@pytest.mark.both_databases
def test_a_moved_session_takes_the_new_time_and_may_overlap_itself(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    group = group_rows.plan(session, settings, two)
    later = Span(STARTS + HOUR, STARTS + 3 * HOUR)
    group_changing.move(session, group, later, actor=SYSTEM, settings=settings, now=NOW)
    assert group.starts_at == later.start
    assert group.sequence == 1
    assert taken(session) == [(host.id, *minutes(group)) for host in two]


def test_a_session_does_not_move_onto_a_talk_of_a_host(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    group = group_rows.plan(session, settings, two)
    kind = rows.create_meeting_type(session)
    rows.book(session, settings, kind, [two[1]], STARTS + 4 * HOUR)
    there = Span(STARTS + 3 * HOUR, STARTS + 5 * HOUR)
    with pytest.raises(HostsBusy):
        group_changing.move(session, group, there, actor=SYSTEM, settings=settings, now=NOW)
    assert (group.starts_at, group.sequence) == (STARTS, 0)


@pytest.mark.both_databases
def test_a_session_that_is_called_off_frees_its_hosts(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    group = group_rows.plan(session, settings, two)
    for _ in range(2):
        group_changing.cancel(session, group, reason=None, actor=SYSTEM, settings=settings, now=NOW)
    assert taken(session) == []
    assert group.sequence == 1


@pytest.mark.both_databases
def test_another_advisor_takes_over_from_a_host(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    rik, mirte = two
    sam = rows.create_advisor(session, "Sam Bos")
    group = group_rows.plan(session, settings, two)
    group_changing.hand_over(session, group, rik.id, sam.id, actor=SYSTEM, settings=settings, now=NOW)
    assert {row[0] for row in taken(session)} == {mirte.id, sam.id}
    session.refresh(group)
    assert [host.advisor.name for host in group.hosts] == ["Sam Bos", "Mirte Smit"]


@pytest.mark.parametrize(
    ("of", "to", "refusal"),
    [
        pytest.param("Rik", "Mirte", group_changing.AlreadyHost, id="to somebody who hosts it already"),
        pytest.param("Sam", "Rik", LookupError, id="from somebody who does not host it"),
        pytest.param("Rik", "Sam", HostsBusy, id="to somebody who is away"),
    ],
)
def test_a_hand_over_is_refused(
    session: DbSession,
    settings: Settings,
    two: tuple[Advisor, Advisor],
    of: str,
    to: str,
    refusal: type[Exception],
) -> None:
    sam = rows.create_advisor(session, "Sam Bos")
    rows.create_absence(session, sam, STARTS - HOUR, STARTS + HOUR)
    ids = {"Rik": two[0].id, "Mirte": two[1].id, "Sam": sam.id}
    group = group_rows.plan(session, settings, two)
    with pytest.raises(refusal):
        group_changing.hand_over(session, group, ids[of], ids[to], actor=SYSTEM, settings=settings, now=NOW)


def test_common_moments_are_those_at_which_everybody_is_free(
    session: DbSession, settings: Settings, two: tuple[Advisor, Advisor]
) -> None:
    on = STARTS.date()
    rows.create_absence(session, two[0], STARTS - HOUR, STARTS + 2 * HOUR)
    rows.create_absence(session, two[1], STARTS + 4 * HOUR, STARTS + 9 * HOUR)
    ids = [host.id for host in two]
    days = Days(on, on, ZoneInfo("Europe/Amsterdam"))
    found = group_hosts.common_moments(session, ids, 2 * HOUR, days, now=NOW)
    assert [slot.start for slot in found] == [STARTS + 2 * HOUR]
    later = date(2026, 12, 4)
    free = group_hosts.common_moments(session, ids, 8 * HOUR, Days(later, later, days.zone), now=NOW)
    assert [slot.start for slot in free] == [datetime(2026, 12, 4, 8, tzinfo=UTC)]
