from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from consult.calendars import collection
from consult.calendars.reading import Copy, Source, read
from consult.calendars.sealing import Access, seal, unseal
from consult.calendars.troubles import NotRead, Trouble, words
from consult.people.calendars import CalendarKind
from consult.timespan import Span
from consult.web.outgoing_guard import Fault
from consult.web.outgoing_http import Rules
from tests.support.foreign_web import Behaviour, ForeignWeb, answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.support.apps import MakeSettings

BETWEEN = Span(datetime(2026, 11, 17, tzinfo=UTC), datetime(2027, 1, 31, tzinfo=UTC))
TALK = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1@x\r\nDTSTAMP:20261101T000000Z\r\n"
    "DTSTART:20261119T100000Z\r\nDTEND:20261119T110000Z\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
)
RULES = Rules(allow_hosts=("127.0.0.1",), seconds=1)


@pytest.fixture
def web() -> Iterator[ForeignWeb]:
    with ForeignWeb() as server:
        yield server


def source(web: ForeignWeb, kind: CalendarKind = CalendarKind.ICS, **access: str) -> Source:
    found = Access(address=web.url("/a"), **access)
    return Source(
        kind=kind,
        access=found,
        zone="Europe/Amsterdam",
        own_domain="consult.example.nl",
        own_address="rik@bureau.example",
    )


def calendar(more: str = "", **headers: str) -> bytes:
    return answer(TALK.format(more=more).encode(), Content_Type="text/calendar", **headers)


def multistatus(*parts: str) -> bytes:
    responses = "".join(f"<D:response><D:href>/x</D:href>{part}</D:response>" for part in parts)
    body = (
        '<?xml version="1.0"?><D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
        f"{responses}</D:multistatus>"
    )
    return answer(body.encode(), status="207 Multi-Status")


def held(more: str = "") -> str:
    data = f"<C:calendar-data>{TALK.format(more=more)}</C:calendar-data>"
    return f"<D:propstat><D:prop>{data}</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"


def test_what_is_read_is_busy(web: ForeignWeb) -> None:
    web.answers["/a"] = calendar(ETag='"1"', Last_Modified="Wed, 18 Nov 2026 10:00:00 GMT")
    reading = read(source(web), BETWEEN, RULES, Copy())
    start = datetime(2026, 11, 19, 10, tzinfo=UTC)
    assert reading.busy == (Span(start, start + timedelta(hours=1)),)
    web.answers["/a"] = answer(status="304 Not Modified")
    assert read(source(web), BETWEEN, RULES, reading.copy).busy is None
    assert 'If-None-Match: "1"\r\n' in web.asked[1]
    assert "If-Modified-Since: Wed, 18 Nov 2026 10:00:00 GMT\r\n" in web.asked[1]


def test_the_same_bytes_are_not_read_twice(web: ForeignWeb) -> None:
    web.answers["/a"] = calendar()
    copy = read(source(web), BETWEEN, RULES, Copy()).copy
    assert read(source(web), BETWEEN, RULES, copy).busy is None
    web.answers["/a"] = calendar("TRANSP:TRANSPARENT\r\n")
    assert read(source(web), BETWEEN, RULES, copy).busy == ()


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (answer(status="401 Unauthorized"), Trouble.SIGN_IN),
        (answer(status="403 Forbidden"), Trouble.SIGN_IN),
        (answer(status="404 Not Found"), Trouble.GONE),
        (answer(status="410 Gone"), Trouble.GONE),
        (answer(status="500 Oops"), Trouble.STATUS),
        (answer(status="304 Not Modified"), Trouble.STATUS),
        (answer(status="204 No Content"), Trouble.STATUS),
        (answer(b"<html>Log in</html>", Content_Type="text/html"), Trouble.NO_CALENDAR),
        (answer(b""), Trouble.NO_CALENDAR),
        (calendar("RRULE:FREQ=SECONDLY\r\n"), Trouble.UNREADABLE),
        (calendar("RDATE;TZID=Mars/Olympus:20261120T100000\r\n"), Trouble.ZONE),
        (Behaviour.SILENCE, Fault.TIMEOUT),
        (Behaviour.ENDLESS, Fault.TOO_LARGE),
        (answer(status="302 Found", Location="https://10.0.0.1/"), Fault.NOT_PUBLIC),
    ],
)
def test_what_cannot_be_read_exactly_is_not_read_at_all(
    app: Flask, web: ForeignWeb, reply: bytes | Behaviour, reason: Fault | Trouble
) -> None:
    web.answers["/a"] = reply
    with pytest.raises(NotRead) as failure:
        read(source(web), BETWEEN, RULES, Copy())
    assert failure.value.reason is reason
    with app.test_request_context():
        assert words(reason.value) != words("something new")


def test_every_trouble_has_words_of_its_own(app: Flask) -> None:
    with app.test_request_context():
        told = [words(reason.value) for reason in (*Fault, *Trouble)]
    assert len(set(told)) == len(told)


def test_a_collection_is_asked_for_the_period_with_the_sign_in(web: ForeignWeb) -> None:
    web.answers["/a"] = multistatus(held())
    reading = read(
        source(web, CalendarKind.CALDAV, username="rik", password="geheim é"), BETWEEN, RULES, Copy()
    )
    assert [span.start.hour for span in reading.busy or ()] == [10]
    assert web.asked[0].startswith("REPORT /a HTTP/1.1\r\n")
    assert "Depth: 1\r\n" in web.asked[0]
    assert "Authorization: Basic cmlrOmdlaGVpbSDDqQ==\r\n" in web.asked[0]
    assert 'start="20261117T000000Z" end="20270131T000000Z"' in collection.question(BETWEEN).decode()


@pytest.mark.parametrize(
    ("why", "reply", "reason"),
    [
        (
            "a meeting is left out",
            multistatus(held(), "<D:status>HTTP/1.1 404</D:status>"),
            Trouble.UNREADABLE,
        ),
        (
            "the list was cut off",
            multistatus(held(), "<D:status>HTTP/1.1 507 Insufficient Storage</D:status>"),
            Trouble.UNREADABLE,
        ),
        ("half an answer", answer(b"<D:multistatus xmlns:D='DAV:'>", "207 x"), Trouble.NO_CALENDAR),
        ("no multistatus", answer(b"<a/>", "207 x"), Trouble.NO_CALENDAR),
        (
            "a DTD that grows",
            answer(
                b'<!DOCTYPE a [<!ENTITY b "bbbb">]><D:multistatus xmlns:D="DAV:">&b;</D:multistatus>', "207 x"
            ),
            Trouble.NO_CALENDAR,
        ),
        ("a plain file", calendar(), Trouble.STATUS),
        ("a broken meeting", multistatus(held("RRULE:FREQ=HOURLY\r\n")), Trouble.UNREADABLE),
    ],
)
def test_a_part_of_a_collection_is_none(web: ForeignWeb, why: str, reply: bytes, reason: Trouble) -> None:
    web.answers["/a"] = reply
    with pytest.raises(NotRead) as failure:
        read(source(web, CalendarKind.CALDAV), BETWEEN, RULES, Copy())
    assert failure.value.reason is reason, why


def test_what_the_advisor_declined_takes_no_time(web: ForeignWeb) -> None:
    declined = "ATTENDEE;PARTSTAT=DECLINED:mailto:RIK@bureau.example\r\n"
    web.answers["/a"] = answer(calendar(declined))
    assert read(source(web), BETWEEN, RULES, Copy()).busy == ()


def test_an_empty_collection_is_a_free_agenda(web: ForeignWeb) -> None:
    web.answers["/a"] = multistatus()
    assert read(source(web, CalendarKind.CALDAV), BETWEEN, RULES, Copy()).busy == ()


def test_an_address_is_sealed_and_an_earlier_key_still_opens_it(make_settings: MakeSettings) -> None:
    access = Access(address="https://agenda.example/geheim.ics", username="rik", password="geheim")
    before = make_settings(secret_key="the key of last year, thirty-two.")
    sealed = seal(before, access)
    assert "geheim" not in sealed
    rotated = make_settings(secret_key_fallbacks=("the key of last year, thirty-two.",))
    assert unseal(before, sealed) == unseal(rotated, sealed) == access
    with pytest.raises(NotRead) as failure:
        unseal(make_settings(), sealed)
    assert failure.value.reason is Trouble.UNSEALABLE
