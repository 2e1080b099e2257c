"""Talks in an advisor's own calendar, on a real CalDAV server: written once, kept as they are, and taken out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest
import requests
import vobject
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import select, update

from consult.booking import services as booking
from consult.booking.handing_over import hand_over
from consult.booking.models import Booking
from consult.booking.series.models import TalkSeries
from consult.calendars.models import WritingState, WrittenMeeting
from consult.calendars.sealing import Access
from consult.calendars.services import add_calendar, remove_calendar
from consult.calendars.writing.resource import Entry, address_of
from consult.calendars.writing.round import write_talks
from consult.calendars.writing.services import Health, set_writing, writing_health
from consult.people.calendars import BusyCalendar, CalendarKind
from consult.people.models import Advisor
from tests.calendars.radicale import RIK, radicale
from tests.support import group_rows, rows, series_rows
from tests.support.foreign_web import ForeignWeb, answer
from tests.support.rows import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consult.settings import Settings
    from tests.support.apps import Transaction

TEN = datetime(2026, 11, 19, 9, tzinfo=NOW.tzinfo)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with radicale(tmp_path_factory.mktemp("radicale")) as address:
        yield address


@dataclass
class Desk:
    """Rik with a calendar elsewhere; ``there`` is what it holds by address, ``now`` what time the worker has."""

    transaction: Transaction
    settings: Settings
    address: str
    now: datetime = NOW

    def there(self) -> dict[str, str]:
        """Every object in the calendar, by address."""
        found = requests.request("PROPFIND", self.address, auth=RIK, headers={"Depth": "1"}, timeout=5)
        names = [part.partition("</href>")[0] for part in found.text.split("<href>")[1:]]
        base = self.address.partition("/rik/")[0]
        addresses = [f"{base}{name}" for name in dict.fromkeys(names) if name.endswith(".ics")]
        return {each: requests.get(each, auth=RIK, timeout=5).text for each in addresses}

    def put(self, name: str, text: str) -> None:
        """The owner's own program stores something."""
        answered = requests.put(f"{self.address}{name}", text.encode(), auth=RIK, timeout=5)
        assert answered.ok

    def round(self) -> int:
        """The worker's turn; gives how many differences it put right."""
        return write_talks(self.transaction, self.settings, now=lambda: self.now, stop=Event())

    def book(self, at: datetime = TEN) -> str:
        """A talk of Rik's; gives its UID."""
        with self.transaction() as session:
            rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
            kind = session.scalars(select(booking.MeetingType)).one()
            return rows.book(session, self.settings, kind, [rik], at).booking.uid

    def move(self, uid: str, to: datetime) -> None:
        """The talk is moved."""
        with self.transaction() as session:
            talk = session.scalars(select(Booking).where(Booking.uid == uid)).one()
            booking.move(session, talk, to, actor="visitor", settings=self.settings, now=self.now)

    def cancel(self, uid: str) -> None:
        """The talk is cancelled."""
        with self.transaction() as session:
            talk = session.scalars(select(Booking).where(Booking.uid == uid)).one()
            booking.cancel(session, talk, reason=None, actor="visitor", settings=self.settings, now=self.now)

    def health(self) -> Health:
        """How the writing goes."""
        with self.transaction() as session:
            (found,) = writing_health(session, session.scalars(select(Advisor.id)).first() or 0).values()
            return found

    def stands(self) -> list[tuple[str, str | None]]:
        """State and reason of every meeting that we know of."""
        with self.transaction() as session:
            query = select(WrittenMeeting.state, WrittenMeeting.reason).order_by(WrittenMeeting.id)
            return [(state, reason) for state, reason in session.execute(query)]


def wired(transaction: Transaction, settings: Settings, address: str) -> Desk:
    with transaction() as session:
        rik = rows.create_advisor(session)
        rows.create_meeting_type(session)
        calendar = add_calendar(
            session,
            rik.id,
            CalendarKind.CALDAV,
            Access(address=address, username=RIK[0], password=RIK[1]),
            actor="advisor:1",
            settings=settings,
            now=NOW,
        )
        set_writing(session, rik.id, calendar.id, on=True, actor="advisor:1", now=NOW)
    return Desk(transaction, settings, address)


@pytest.fixture
def desk(transaction: Transaction, settings: Settings, _server: str) -> Desk:
    """Rik's desk, with an empty calendar."""
    found = wired(transaction, settings, _server)
    for each in found.there():
        requests.delete(each, auth=RIK, timeout=5)
    return found


def only(desk: Desk) -> str:
    (text,) = desk.there().values()
    return text.replace("\r\n ", "").replace("\n ", "")


@pytest.mark.both_databases
def test_a_talk_is_written_moved_and_taken_out_and_the_server_sends_no_mail_about_it(desk: Desk) -> None:
    uid = desk.book()
    assert (desk.round(), desk.round()) == (1, 0)
    text = only(desk)
    event = vobject.readOne(text).vevent
    (other,) = IcsCalendarStream.calendar_from_ics(text).events
    assert event.uid.value == other.uid == uid
    assert event.dtstart.value == other.dtstart == TEN
    assert "METHOD" not in text
    assert event.organizer.params["SCHEDULE-AGENT"] == ["CLIENT"]
    assert event.attendee.params["PARTSTAT"] == ["ACCEPTED"]
    assert "RSVP" not in event.attendee.params
    assert "BEGIN:VALARM" in text
    assert desk.health() == Health(written=1)
    desk.move(uid, TEN + HOUR)
    assert desk.round() == 1
    event = vobject.readOne(only(desk)).vevent
    assert (event.dtstart.value, event.sequence.value) == (TEN + HOUR, "1")
    desk.cancel(uid)
    assert desk.round() == 1
    assert desk.there() == {}
    assert desk.stands() == []


def test_what_the_owners_own_program_made_of_the_invite_is_left_alone(desk: Desk) -> None:
    uid = desk.book()
    own = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20261118T100000Z\r\nDTSTART:20261119T090000Z\r\nDURATION:PT30M\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    desk.put("van-outlook.ics", own)
    before = desk.there()
    desk.round()
    assert desk.health() == Health(theirs=1)
    desk.move(uid, TEN + HOUR)
    desk.round()
    assert desk.there() == before
    requests.delete(next(iter(before)), auth=RIK, timeout=5)
    desk.move(uid, TEN + 2 * HOUR)
    desk.round()
    assert desk.there() == {}, "who threw an own copy away is not given another"
    desk.cancel(uid)
    desk.round()
    assert (desk.there(), desk.stands()) == ({}, [])


@pytest.mark.parametrize(("sequence", "hour"), [(0, 11), (1, 12)], ids=["an older state", "the same news"])
def test_a_copy_of_ours_that_the_owner_changed_is_only_replaced_by_newer_news(
    desk: Desk, sequence: int, hour: int
) -> None:
    uid = desk.book()
    desk.round()
    ((address, text),) = desk.there().items()
    # The owner's program was first: it has the change from the mail, or only a note of the owner's own.
    changed = text.replace("SEQUENCE:0", f"SEQUENCE:{sequence}").replace("T100000", "T120000")
    desk.put(address.rpartition("/")[2], changed)
    desk.move(uid, TEN + HOUR)
    desk.round()
    start = vobject.readOne(only(desk)).vevent.dtstart.value
    assert start.hour == hour
    assert desk.health() == Health(written=1)
    desk.cancel(uid)
    desk.put(address.rpartition("/")[2], only(desk).replace("OPAQUE", "TRANSPARENT"))
    desk.round()
    assert desk.there() == {}


def test_an_answer_that_got_lost_makes_no_second_entry(desk: Desk) -> None:
    desk.book()
    desk.round()
    with desk.transaction() as session:
        session.execute(update(WrittenMeeting).values(etag=None, due_at=desk.now, state=WritingState.WAITING))
    assert desk.round() == 1
    assert len(desk.there()) == 1
    assert desk.health() == Health(written=1)


def test_a_series_and_a_group_session_are_one_object_each_and_follow_their_changes(desk: Desk) -> None:
    with desk.transaction() as session:
        rik = session.scalars(select(Advisor)).one()
        talk = series_rows.first_talk(session, desk.settings)
        series = series_rows.plan(session, desk.settings, talk).series
        uid, advisor = series.uid, series.advisor_id
        assert advisor == rik.id
        group_rows.plan(session, desk.settings, (rik,))
    assert desk.round() == 2
    whole = next(text for text in desk.there().values() if uid in text)
    assert whole.count("BEGIN:VEVENT") == 1
    assert "RRULE:FREQ=WEEKLY" in whole
    with desk.transaction() as session:
        third = session.scalars(select(TalkSeries)).one().talks[2]
        to = third.starts_at + timedelta(days=1)
        booking.move(session, third, to, actor="visitor", settings=desk.settings, now=desk.now)
    assert desk.round() == 1
    whole = next(text for text in desk.there().values() if uid in text)
    assert whole.count("BEGIN:VEVENT") == 2
    read = IcsCalendarStream.calendar_from_ics(whole)
    assert to in [event.dtstart for event in read.events]


def test_a_talk_that_goes_to_a_colleague_leaves_and_one_that_is_over_stays(desk: Desk) -> None:
    uid = desk.book()
    desk.book(TEN + 2 * HOUR)
    desk.round()
    with desk.transaction() as session:
        talk = session.scalars(select(Booking).where(Booking.uid == uid)).one()
        sam = rows.create_advisor(session, "Sam Bos")
        hand_over(
            session, talk, sam, by=talk.advisor, why="Vakantie", settings=desk.settings, now=NOW, freely=True
        )
    desk.round()
    assert uid not in only(desk)
    desk.now = NOW + timedelta(days=3)
    desk.round()
    assert (len(desk.there()), desk.stands()) == (1, [])


def test_who_stops_keeps_what_stands_there_and_nothing_new_comes(desk: Desk) -> None:
    desk.book()
    desk.round()
    with desk.transaction() as session:
        calendar = session.scalars(select(BusyCalendar)).one()
        for on in (False, False):
            set_writing(session, calendar.advisor_id, calendar.id, on=on, actor="advisor:1", now=NOW)
    desk.book(TEN + 2 * HOUR)
    assert desk.round() == 0
    assert len(desk.there()) == 1
    with desk.transaction() as session:
        calendar = session.scalars(select(BusyCalendar)).one()
        set_writing(session, calendar.advisor_id, calendar.id, on=True, actor="advisor:1", now=NOW)
    assert desk.round() == 2
    assert len(desk.there()) == 2
    with desk.transaction() as session:
        calendar = session.scalars(select(BusyCalendar)).one()
        remove_calendar(session, calendar.advisor_id, calendar.id, actor="advisor:1", now=NOW)
        assert session.scalars(select(WrittenMeeting)).all() == []


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("401 No", "sign_in"),
        ("403 No", "read_only"),
        ("404 Gone", "gone"),
        ("500 Oops", "status"),
        ("200 OK", "status"),
    ],
)
def test_a_server_that_refuses_is_told_and_asked_again_later(
    transaction: Transaction, settings: Settings, reply: str, reason: str
) -> None:
    with ForeignWeb({"/rik/werk/": answer(status=reply)}) as web:
        desk = wired(transaction, settings, web.url("/rik/werk/"))
        desk.book()
        desk.book(TEN + 2 * HOUR)
        assert (desk.round(), len(web.asked)) == (0, 1), "the second one waits for the server too"
        assert desk.stands() == [("failing", reason), ("waiting", None)]
        assert desk.health().reason == reason
        assert (desk.round(), len(web.asked)) == (0, 1)
        desk.now += timedelta(minutes=2)
        desk.round()
        assert len(web.asked) == 2


def test_a_name_without_a_slash_at_its_end_is_a_collection_too() -> None:
    entry = Entry(Access(address="https://wolk.example/rik/werk"), "1@x", WritingState.WAITING, None)
    assert address_of(entry).startswith("https://wolk.example/rik/werk/consult-")
