from __future__ import annotations

from datetime import date, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from consult import clock
from consult.booking import clashes
from consult.booking.groups.clashes import clashing_sessions
from consult.booking.holds import hold
from consult.booking.models import MeetingType
from consult.booking.offering import Wish, offer
from consult.booking.placing import SlotTaken
from consult.calendars.refreshing import EVERY, refresh
from consult.calendars.sealing import Access
from consult.calendars.services import (
    MOST_CALENDARS,
    TooManyCalendars,
    add_calendar,
    busy_calendars,
    read_again,
    remove_calendar,
)
from consult.outbox.models import OutgoingMail
from consult.people.calendars import (
    BusyCalendar,
    CalendarKind,
    CalendarState,
    ForeignBusy,
    closed_advisors,
    foreign_busy,
)
from consult.people.models import Advisor
from consult.web.outgoing_guard import Fault, Refused
from tests.support import group_rows
from tests.support.foreign_web import ForeignWeb, answer
from tests.support.rows import NOW, book, create_advisor, create_meeting_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.apps import Transaction

TEN = datetime(2026, 11, 19, 9, tzinfo=NOW.tzinfo)
THURSDAY = date(2026, 11, 19)


@pytest.fixture
def web() -> Iterator[ForeignWeb]:
    with ForeignWeb() as server:
        yield server


def agenda(*starts: datetime, uid: str = "{}@elders.example", more: str = "") -> bytes:
    """An answer with meetings of an hour."""
    meetings = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid.format(number)}\r\nDTSTAMP:20261101T000000Z\r\n"
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDURATION:PT1H\r\n{more}END:VEVENT\r\n"
        for number, start in enumerate(starts)
    )
    body = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{meetings}END:VCALENDAR\r\n"
    return answer(body.encode(), Content_Type="text/calendar")


def watch(transaction: Transaction, settings: Settings, url: str) -> None:
    """Rik lets a calendar at this address block time."""
    with transaction() as session:
        rik = create_advisor(session)
        create_meeting_type(session, buffer_after_minutes=0)
        add(session, rik.id, settings, url)


def add(session: DbSession, advisor_id: int, settings: Settings, url: str) -> BusyCalendar:
    access = Access(address=url)
    return add_calendar(
        session, advisor_id, CalendarKind.ICS, access, actor="advisor:1", settings=settings, now=NOW
    )


def round_at(transaction: Transaction, settings: Settings, now: datetime) -> int:
    """The worker's round at a moment; gives how many calendars were read well."""
    return refresh(transaction, settings, now=lambda: now, stop=Event())


def starts(session: DbSession, now: datetime = NOW) -> list[str]:
    """When Thursday morning can be booked with Rik, in Amsterdam."""
    kind = session.scalars(select(MeetingType)).one()
    wish = Wish(kind, tuple(session.scalars(select(Advisor.id))))
    found = offer(session, wish, THURSDAY, THURSDAY, now=now)
    return [f"{slot.start + timedelta(hours=1):%H.%M}" for slot in found if slot.start.hour < 11]


@pytest.mark.both_databases
def test_what_stands_in_a_calendar_elsewhere_is_not_offered(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    web.answers["/a"] = agenda(TEN)
    watch(transaction, settings, web.url("/a"))
    with transaction() as session:
        assert "10.00" in starts(session)
    assert round_at(transaction, settings, NOW) == 1
    with transaction() as session:
        assert starts(session) == ["09.00", "09.15", "09.30", "11.00", "11.15", "11.30", "11.45"]
        kind, rik = session.scalars(select(MeetingType)).one(), session.scalars(select(Advisor)).one()
        with pytest.raises(SlotTaken):
            book(session, settings, kind, [rik], TEN)


@pytest.mark.both_databases
def test_a_new_copy_takes_the_place_of_the_old_one_as_a_whole(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    web.answers["/a"] = agenda(TEN, TEN + timedelta(days=1))
    watch(transaction, settings, web.url("/a"))
    round_at(transaction, settings, NOW)
    web.answers["/a"] = agenda(TEN + timedelta(hours=3))
    assert round_at(transaction, settings, NOW + EVERY / 2) == 0, "it is read every five minutes"
    assert round_at(transaction, settings, NOW + EVERY) == 1
    with transaction() as session:
        minute = int(TEN.timestamp() // 60) + 180
        rows = session.execute(select(ForeignBusy.start_minute, ForeignBusy.end_minute)).all()
        assert [tuple(row) for row in rows] == [(minute, minute + 60)]


def test_an_unchanged_calendar_is_fresh_again_without_being_read(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    web.answers["/a"] = agenda(TEN)
    watch(transaction, settings, web.url("/a"))
    round_at(transaction, settings, NOW)
    with transaction() as session:
        before = session.scalars(select(ForeignBusy.id)).all()
    later = NOW + timedelta(hours=5)
    assert round_at(transaction, settings, later) == 1
    with transaction() as session:
        assert session.scalars(select(ForeignBusy.id)).all() == before
        assert session.scalars(select(BusyCalendar)).one().last_ok_at == later


def test_an_unchanged_calendar_is_read_anew_before_the_copy_ends(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    web.answers["/a"] = agenda(TEN, more="RRULE:FREQ=WEEKLY\r\n")
    watch(transaction, settings, web.url("/a"))
    round_at(transaction, settings, NOW)
    month_later = NOW + timedelta(days=31)
    round_at(transaction, settings, month_later)
    with transaction() as session:
        calendar = session.scalars(select(BusyCalendar)).one()
        assert calendar.covered_until == month_later + timedelta(days=28 + 30)
        last = max(session.scalars(select(ForeignBusy.end_minute)))
        assert last * 60 > (month_later + timedelta(days=50)).timestamp()


@pytest.mark.both_databases
def test_a_failing_calendar_keeps_its_last_good_copy_for_a_day_and_then_closes_its_advisor(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    web.answers["/a"] = agenda(TEN)
    watch(transaction, settings, web.url("/a"))
    round_at(transaction, settings, NOW)
    web.answers["/a"] = answer(status="500 Oops")
    assert round_at(transaction, settings, NOW + EVERY) == 0
    with transaction() as session:
        calendar = session.scalars(select(BusyCalendar)).one()
        assert (calendar.state, calendar.reason) == (CalendarState.FAILING, "status")
        assert (calendar.last_ok_at, calendar.last_fetched_at) == (NOW, NOW + EVERY)
        assert starts(session)[:3] == ["09.00", "09.15", "09.30"]
        assert closed_advisors(session, now=NOW + timedelta(hours=24)) == frozenset()
        day_later = NOW + timedelta(hours=24, seconds=1)
        assert closed_advisors(session, now=day_later) == {calendar.advisor_id}
        low, high = 29_000_000, 30_000_000
        found = foreign_busy(session, [calendar.advisor_id], low, high, now=day_later)
        assert (calendar.advisor_id, low, high) in found
    later = NOW + timedelta(hours=25)
    with transaction() as session:
        session.query(BusyCalendar).update({"last_ok_at": NOW - timedelta(hours=25)})
    with transaction() as session:
        assert starts(session) == []
    web.answers["/a"] = agenda(TEN)
    assert round_at(transaction, settings, later) == 1
    with transaction() as session:
        assert starts(session)[:3] == ["09.00", "09.15", "09.30"]
        calendar = session.scalars(select(BusyCalendar)).one()
        assert (calendar.state, calendar.reason) == (CalendarState.OK, None)


def test_a_calendar_that_never_worked_closes_its_advisor_after_a_day(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    watch(transaction, settings, web.url("/bestaat-niet"))
    round_at(transaction, settings, NOW)
    with transaction() as session:
        assert session.scalars(select(BusyCalendar.reason)).one() == "gone"
        assert starts(session)
        assert closed_advisors(session, now=NOW + timedelta(hours=25))


@pytest.mark.both_databases
def test_who_holds_a_moment_has_the_calendars_read_once_more_before_the_talk_is_taken(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    web.answers["/a"] = agenda()
    watch(transaction, settings, web.url("/a"))
    round_at(transaction, settings, NOW)
    web.answers["/a"] = agenda(TEN)
    later, key = NOW + EVERY / 2, "k" * 20
    with transaction() as session:
        kind, rik = session.scalars(select(MeetingType)).one(), session.scalars(select(Advisor)).one()
        hold(session, Wish(kind, (rik.id,)), TEN, key, now=later)
    assert round_at(transaction, settings, later) == 1
    with transaction() as session:
        kind, rik = session.scalars(select(MeetingType)).one(), session.scalars(select(Advisor)).one()
        with pytest.raises(SlotTaken):
            book(session, settings, kind, [rik], TEN, now=later, hold_key=key)
        hold(session, Wish(kind, (rik.id,)), TEN + timedelta(hours=2), key, now=later)
    assert round_at(transaction, settings, later) == 0, "what was read just now is fresh"


@pytest.mark.both_databases
def test_a_talk_that_came_in_before_its_clash_did_is_told_once_to_who_holds_it(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    web.answers["/a"] = agenda()
    watch(transaction, settings, web.url("/a"))
    round_at(transaction, settings, NOW)
    with transaction() as session:
        kind, rik = session.scalars(select(MeetingType)).one(), session.scalars(select(Advisor)).one()
        clashing = book(session, settings, kind, [rik], TEN).booking.id
        book(session, settings, kind, [rik], TEN + timedelta(hours=2))
        session.execute(delete(OutgoingMail))
    for turn, busy in enumerate(((TEN,), (TEN, TEN + timedelta(hours=4)), (TEN - timedelta(minutes=30),)), 1):
        web.answers["/a"] = agenda(*busy)
        assert round_at(transaction, settings, NOW + turn * EVERY) == 1
        with transaction() as session:
            told = session.execute(
                select(OutgoingMail.event, OutgoingMail.recipient, OutgoingMail.subject_id)
            )
            assert [tuple(row) for row in told] == [("booking-clash", "rik@bureau.example", clashing)]
    web.answers["/a"] = agenda(TEN + timedelta(hours=6))
    round_at(transaction, settings, NOW + 4 * EVERY)
    with transaction() as session:
        assert list(session.scalars(clashes.clashing(now=NOW))) == []


@pytest.mark.both_databases
def test_a_session_that_came_in_before_its_clash_did_is_told_once_to_that_host(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    web.answers["/a"] = agenda()
    watch(transaction, settings, web.url("/a"))
    round_at(transaction, settings, NOW)
    with transaction() as session:
        rik, sam = session.scalars(select(Advisor)).one(), create_advisor(session, "Sam Bos")
        # Ten to twelve, with a quarter of an hour kept free around it.
        group = group_rows.plan(session, settings, (sam, rik), starts_at=TEN)
        number, told = group.id, select(OutgoingMail.recipient).where(OutgoingMail.event == "seat-clash")
    table: tuple[tuple[datetime, list[str], str], ...] = (
        (TEN - timedelta(minutes=60), [], "what ends as it begins is no clash, whatever is kept free"),
        (TEN + timedelta(hours=2), [], "nor is what begins as it ends"),
        (TEN + timedelta(minutes=90), ["rik@bureau.example"], "a clash is told, to the host whose it is"),
        (TEN + timedelta(minutes=30), ["rik@bureau.example"], "and told once"),
    )
    for turn, (busy, expected, why) in enumerate(table, 1):
        web.answers["/a"] = agenda(busy)
        assert round_at(transaction, settings, NOW + turn * EVERY) == 1
        with transaction() as session:
            assert list(session.scalars(told)) == expected, why
    with transaction() as session:
        assert set(session.scalars(clashing_sessions(now=NOW))) == {number}
        assert not list(session.scalars(clashing_sessions(now=TEN + timedelta(minutes=1)))), "it has begun"


def test_a_calendar_that_is_new_sends_no_pile_of_mail(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    web.answers["/a"] = agenda(TEN)
    watch(transaction, settings, web.url("/a"))
    with transaction() as session:
        kind, rik = session.scalars(select(MeetingType)).one(), session.scalars(select(Advisor)).one()
        book(session, settings, kind, [rik], TEN)
    round_at(transaction, settings, NOW)
    with transaction() as session:
        assert len(list(session.scalars(clashes.clashing(now=NOW)))) == 1
        assert "booking-clash" not in list(session.scalars(select(OutgoingMail.event)))


def test_another_colleague_is_still_offered(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    watch(transaction, settings, web.url("/a"))
    with transaction() as session:
        sam = create_advisor(session, "Sam Bos")
        kind = session.scalars(select(MeetingType)).one()
        session.query(BusyCalendar).update({"created_at": NOW - timedelta(days=2)})
        wish = Wish(kind, tuple(session.scalars(select(Advisor.id))))
        found = offer(session, wish, THURSDAY, THURSDAY, now=NOW)
        assert {slot.hosts for slot in found} == {(sam.id,)}


def test_our_own_invites_that_come_back_do_not_block(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    web.answers["/a"] = agenda(TEN, uid=f"{{}}@{settings.answer_domain}")
    watch(transaction, settings, web.url("/a"))
    assert round_at(transaction, settings, NOW) == 1
    with transaction() as session:
        assert "10.00" in starts(session)


def test_one_bad_calendar_does_not_stop_the_others(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    web.answers["/a"] = agenda(TEN)
    watch(transaction, settings, web.url("/weg"))
    with transaction() as session:
        add(session, session.scalars(select(Advisor.id)).one(), settings, web.url("/a"))
    assert round_at(transaction, settings, NOW) == 1
    with transaction() as session:
        assert "10.00" not in starts(session)


def test_a_stopping_worker_reads_nothing_more(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    watch(transaction, settings, web.url("/a"))
    stop = Event()
    stop.set()
    refresh(transaction, settings, now=clock.now, stop=stop)
    assert web.asked == []


def test_a_calendar_that_is_removed_frees_its_time_and_a_colleague_cannot_remove_it(
    transaction: Transaction, settings: Settings, web: ForeignWeb
) -> None:
    web.answers["/a"] = agenda(TEN)
    watch(transaction, settings, web.url("/a"))
    round_at(transaction, settings, NOW)
    with transaction() as session:
        calendar = session.scalars(select(BusyCalendar)).one()
        other = create_advisor(session, "Sam Bos").id
        remove_calendar(session, other, calendar.id, actor="advisor:2", now=NOW)
        read_again(session, other, calendar.id, now=NOW)
        assert session.get(BusyCalendar, calendar.id)
        remove_calendar(session, calendar.advisor_id, calendar.id, actor="advisor:1", now=NOW)
        remove_calendar(session, calendar.advisor_id, calendar.id, actor="advisor:1", now=NOW)
        assert session.scalars(select(ForeignBusy)).all() == []


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://agenda.example/a.ics", Fault.NOT_HTTPS),
        ("https://rik:geheim@agenda.example/a.ics", Fault.SIGN_IN_INSIDE),
        ("agenda", Fault.ADDRESS),
    ],
)
def test_an_address_we_do_not_speak_to_is_not_stored(
    session: DbSession, settings: Settings, url: str, fault: Fault
) -> None:
    rik = create_advisor(session)
    with pytest.raises(Refused) as refused:
        add(session, rik.id, settings, url)
    assert refused.value.fault is fault
    assert busy_calendars(session, rik.id) == []


def test_an_address_as_calendar_programs_write_it_is_taken_and_nowhere_in_the_database(
    session: DbSession, settings: Settings
) -> None:
    rik = create_advisor(session)
    calendar = add(session, rik.id, settings, "webcal://agenda.example/geheim.ics")
    assert calendar.host == "agenda.example"
    assert "geheim" not in calendar.sealed
    for _ in range(MOST_CALENDARS - 1):
        add(session, rik.id, settings, "https://agenda.example/a.ics")
    with pytest.raises(TooManyCalendars):
        add(session, rik.id, settings, "https://agenda.example/a.ics")
