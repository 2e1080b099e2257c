from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from consult.scheduling.download import download
from consult.scheduling.recurrence import Frequency, Recurrence
from consult.scheduling.text import many_lines, one_line
from consult.scheduling.values import Feed, Meeting, Participation, Person, Status
from consult.scheduling.writer import cancel, decline_counter, publish, request
from tests.engines.scheduling.samples import NASTY, SAID, START, lines, meeting

EXPECTED = Path(__file__).parent / "expected"
OWNER = Person("Rik Scheele", "rik@consult.example")
WEEK = timedelta(weeks=1)
SERIES = Recurrence(Frequency.FORTNIGHTLY, count=6)
FULL = meeting(
    summary=NASTY,
    description="Eerste regel\nTweede; regel, met \\N",
    location="Stadhuis; zaal 3, Zaandam",
    conference_url="https://meet.example/a,b;c",
    private_url="https://consult.example/afspraak/geheim",
    organizer=Person(NASTY, "contact+tok@consult.example"),
    attendee=Person(NASTY, "jan@zaanstad.example"),
    sequence=3,
    alarm=timedelta(minutes=15),
)
CASES: dict[str, bytes] = {
    "request": request(meeting(location="Videogesprek")),
    "request-full": request(FULL),
    "request-series": request(meeting(recurrence=SERIES, excluded=(START + 2 * WEEK,))),
    "request-occurrence": request(
        meeting(recurrence_id=START + WEEK, start=START + WEEK + timedelta(hours=2))
    ),
    "cancel": cancel(meeting(sequence=1, alarm=timedelta(minutes=5))),
    "decline-counter": decline_counter(meeting(sequence=2), "Dan kan ik niet; sorry."),
    "publish": publish(Feed(name="Agenda van Rik", owner=OWNER, meetings=(FULL, meeting(uid="1@x.example")))),
    "download": download(FULL),
}


def via_ical(raw: bytes) -> Any:
    (event,) = IcsCalendarStream.calendar_from_ics(raw.decode()).events
    return event


def via_vobject(raw: bytes) -> Any:
    return vobject.readOne(raw.decode()).vevent


@pytest.mark.parametrize("name", CASES)
def test_the_bytes_are_the_expected_ones(name: str) -> None:
    expected = (EXPECTED / f"{name}.ics").read_bytes()
    assert CASES[name].decode() == expected.decode()


@pytest.mark.parametrize("name", CASES)
def test_every_object_is_well_formed(name: str) -> None:
    said = lines(CASES[name])
    events = said.count("BEGIN:VEVENT")
    for once in ("UID:", "DTSTAMP:", "DTSTART", "DTEND", "SUMMARY"):
        inside = "\n".join(said).split("BEGIN:VEVENT", 1)[1].split("\n")
        assert sum(line.startswith(once) for line in inside) == events


def test_two_parsers_read_back_what_was_meant() -> None:
    raw = request(FULL)
    event, other = via_ical(raw), via_vobject(raw)
    assert event.summary == other.summary.value == NASTY
    assert event.description == other.description.value == FULL.description
    assert event.location == other.location.value == FULL.location
    assert event.dtstart.astimezone(UTC) == other.dtstart.value.astimezone(UTC) == FULL.start
    assert event.dtend.astimezone(UTC) == other.dtend.value.astimezone(UTC) == FULL.end
    assert (event.uid, other.uid.value) == (FULL.uid, FULL.uid)
    assert (event.sequence, other.sequence.value) == (3, "3")
    assert event.organizer.uri == "mailto:contact+tok@consult.example"
    assert [attendee.uri for attendee in event.attendees] == ["mailto:jan@zaanstad.example"]
    assert other.attendee.params["CN"] == ["Jan ”de”; Vries, /Noord é’ 🙂"]
    assert "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.example/a,b;c" in lines(raw)


def test_an_invite_has_one_attendee_who_has_not_answered() -> None:
    (line,) = [line for line in lines(CASES["request"]) if line.startswith("ATTENDEE")]
    assert line == (
        'ATTENDEE;CN="Jan de Vries";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE'
        ":mailto:jan@zaanstad.example"
    )


def test_a_name_of_one_word_is_quoted_too() -> None:
    raw = request(meeting(organizer=Person("Rik", "rik@x.example")))
    assert 'ORGANIZER;CN="Rik":mailto:rik@x.example' in lines(raw)


@pytest.mark.parametrize(
    ("told", "day", "expected"),
    [
        ("a fourth Tuesday stays the fourth", 24, ["24-11", "22-12", "26-01"]),
        ("a fifth Monday means the last", 30, ["30-11", "28-12", "25-01"]),
    ],
)
def test_a_monthly_series_keeps_its_week(told: str, day: int, expected: list[str]) -> None:
    monthly = meeting(
        start=datetime(2026, 11, day, 9, tzinfo=UTC), recurrence=Recurrence(Frequency.MONTHLY, count=3)
    )
    assert [f"{start:%d-%m}" for start in monthly.starts()] == expected, told


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb", "a b"),
        ("a\u2028b\x85c\x0bd", "a b c d"),
        ("\u202etxt.exe\u2066", "txt.exe"),
        ("a\x00b\x1b\x9f\ufeff", "ab"),
        ("e\u0301", "é"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("  te   veel ", "te veel"),
        ("half \ud83d teken", "half teken"),
    ],
)
def test_text_keeps_what_shows_and_loses_what_steers(typed: str, kept: str) -> None:
    assert one_line(typed) == kept
    assert f"SUMMARY;LANGUAGE=nl:{kept}" in lines(request(meeting(summary=typed)))


def test_a_known_answer_is_repeated_when_the_invite_is_sent_again() -> None:
    raw = request(meeting(participation=Participation.ACCEPTED))
    assert any(";PARTSTAT=ACCEPTED;" in line for line in lines(raw))


def test_a_cancellation_has_its_method_its_status_and_no_alarm() -> None:
    said = lines(CASES["cancel"])
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1"} <= set(said)
    assert "BEGIN:VALARM" not in said
    assert not any("RSVP" in line for line in said)


@pytest.mark.parametrize(
    ("told", "start", "written"),
    [
        (
            "the last summer afternoon",
            datetime(2026, 10, 24, 12, tzinfo=UTC),
            ";TZID=Europe/Amsterdam:20261024T140000",
        ),
        (
            "the first winter afternoon",
            datetime(2026, 10, 25, 13, tzinfo=UTC),
            ";TZID=Europe/Amsterdam:20261025T140000",
        ),
        (
            "the hour before spring",
            datetime(2027, 3, 28, 0, tzinfo=UTC),
            ";TZID=Europe/Amsterdam:20270328T010000",
        ),
        (
            "the hour after spring",
            datetime(2027, 3, 28, 1, tzinfo=UTC),
            ";TZID=Europe/Amsterdam:20270328T030000",
        ),
        ("the hour that autumn repeats", datetime(2026, 10, 25, 1, tzinfo=UTC), ":20261025T010000Z"),
    ],
)
def test_both_parsers_read_the_right_instant_around_a_clock_change(
    told: str, start: datetime, written: str
) -> None:
    raw = request(meeting(start=start))
    assert f"DTSTART{written}" in lines(raw), told
    assert via_ical(raw).dtstart.astimezone(UTC) == start
    assert via_vobject(raw).dtstart.value.astimezone(UTC) == start


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Lisbon", "TZOFFSETTO:+0100"),
        ("Europe/Helsinki", "TZOFFSETTO:+0300"),
        ("America/Curacao", None),
        ("America/New_York", None),
        ("UTC", None),
    ],
)
def test_a_european_zone_is_told_by_its_rule_and_another_one_in_utc(zone: str, expected: str | None) -> None:
    raw = request(meeting(zone=zone))
    said = lines(raw)
    assert (expected in said) if expected else ("BEGIN:VTIMEZONE" not in said)
    assert via_ical(raw).dtstart.astimezone(UTC) == via_vobject(raw).dtstart.value.astimezone(UTC) == START


@pytest.mark.parametrize(
    "recurrence",
    [
        Recurrence(Frequency.WEEKLY, count=10),
        SERIES,
        Recurrence(Frequency.MONTHLY, count=7),
        Recurrence(Frequency.WEEKLY, until=START + timedelta(days=100)),
        Recurrence(Frequency.MONTHLY, until=datetime(2027, 6, 1, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("day", [date(2026, 10, 20), date(2026, 9, 29), date(2026, 12, 31)])
def test_a_series_falls_on_the_same_days_for_us_and_for_a_parser(recurrence: Recurrence, day: date) -> None:
    start = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    series = meeting(start=start, recurrence=recurrence)
    calendar = IcsCalendarStream.calendar_from_ics(request(series).decode())
    theirs = [event.start_datetime.astimezone(UTC) for event in calendar.timeline]
    ours = [each.astimezone(UTC) for each in series.starts()]
    assert ours == theirs
    assert {each.hour for each in series.starts()} == {series.starts()[0].hour}


def test_a_feed_names_no_attendee_no_token_and_no_alarm() -> None:
    said = lines(CASES["publish"])
    text = "\n".join(said)
    assert "METHOD:PUBLISH" in said
    assert not any(word in text for word in ("ATTENDEE", "zaanstad", "+tok", "VALARM"))
    assert said.count('ORGANIZER;CN="Rik Scheele":mailto:rik@consult.example') == 2
    assert "NAME:Agenda van Rik" in said
    assert "X-WR-CALNAME:Agenda van Rik" in said
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in said
    assert "X-PUBLISHED-TTL:PT1H" in said


def test_a_feed_is_the_same_bytes_in_whatever_order_the_meetings_come() -> None:
    several = [meeting(uid=f"{n}@x.example", start=START + n * WEEK, attendee=None) for n in range(5)]
    feeds = [Feed(name="x", owner=OWNER, meetings=tuple(order)) for order in (several, several[::-1])]
    assert publish(feeds[0]) == publish(feeds[1])


def test_an_empty_feed_is_still_a_calendar() -> None:
    assert "METHOD:PUBLISH" in lines(publish(Feed(name="Leeg", owner=OWNER, meetings=())))


def test_a_cancelled_meeting_stays_in_the_feed_as_cancelled() -> None:
    feed = Feed(name="x", owner=OWNER, meetings=(meeting(status=Status.CANCELLED),))
    assert "STATUS:CANCELLED" in lines(publish(feed))


def test_a_feed_of_five_thousand_meetings_is_written_in_under_two_seconds() -> None:
    every = tuple(
        meeting(uid=f"{n}@x.example", start=START + n * timedelta(hours=1), location="Videogesprek")
        for n in range(5000)
    )
    began = time.process_time()
    raw = publish(Feed(name="x", owner=OWNER, meetings=every))
    assert time.process_time() - began < 2
    assert raw.count(b"BEGIN:VEVENT") == 5000


def test_the_download_is_the_invite_without_people_in_utc() -> None:
    said = lines(CASES["download"])
    text = "\n".join(said)
    assert not any(word in text for word in ("METHOD", "ATTENDEE", "ORGANIZER", "TZID", "VTIMEZONE"))
    assert f"UID:{FULL.uid}" in said
    assert f"URL:{FULL.private_url}" in said
    event, other = via_ical(CASES["download"]), via_vobject(CASES["download"])
    assert event.summary == other.summary.value == NASTY
    assert event.dtstart == other.dtstart.value == FULL.start
    assert event.dtstamp == SAID


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ("a UID with a line break", {"uid": "x\r\nATTENDEE:mailto:e@e.example"}),
        ("an empty UID", {"uid": ""}),
        ("an end that is its start", {"end": START}),
        ("a naive start", {"start": datetime(2026, 10, 20, 12)}),  # noqa: DTZ001 - the case itself
        ("a sequence below zero", {"sequence": -1}),
        ("a zone nobody knows", {"zone": "Europe/Zaandam"}),
        ("a link that is a script", {"private_url": "javascript:alert(1)"}),
        ("a link with a line break", {"conference_url": "https://x.example/\r\nX:1"}),
        ("a series that is an occurrence", {"recurrence": SERIES, "recurrence_id": START}),
        ("a language that is more", {"language": 'nl":x'}),
    ],
)
def test_a_meeting_that_cannot_be_right_is_refused(told: str, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        meeting(**wrong)


@pytest.mark.parametrize(
    "address", ["", "jan", "jan@", "@x.example", "a b@x.example", "j@x.example\r\nX:1", "a@b@c"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Person("Jan", address)


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ("an invite to nobody", {"attendee": None}),
        ("a request for a cancelled meeting", {"status": Status.CANCELLED}),
        (
            "a series on a clock that Europe's rule does not tell",
            {"recurrence": SERIES, "zone": "America/New_York"},
        ),
    ],
)
def test_an_invite_that_would_be_misread_is_refused(told: str, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        request(meeting(**wrong))


NAMES = st.one_of(
    st.text(max_size=40), st.text(max_size=300), st.sampled_from([NASTY, "é" * 300, "🙂" * 300])
)


@given(NAMES, NAMES, st.text(max_size=2000))
def test_any_text_is_written_well_and_read_back_clean(title: str, name: str, description: str) -> None:
    person = Person(name, "jan@zaanstad.example")
    written: Meeting = meeting(summary=title, attendee=person, description=description, location=title)
    for raw in (request(written), cancel(written), download(written)):
        said = lines(raw)
        assert sum(line.startswith("SUMMARY") for line in said) == (
            1 if one_line(title) or raw != download(written) else 0
        )
    event = via_vobject(request(written))
    assert event.summary.value == one_line(title)
    if many_lines(description):
        assert event.description.value == many_lines(description)
