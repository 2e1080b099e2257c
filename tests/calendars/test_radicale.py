"""Against a real CalDAV server, in a folder of its own on loopback."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import requests

from consult.calendars.reading import Copy, Source, read
from consult.calendars.sealing import Access
from consult.calendars.troubles import NotRead, Trouble
from consult.people.calendars import CalendarKind
from consult.timespan import Span
from consult.web.outgoing_http import Rules
from tests.calendars.radicale import RIK, radicale

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
BETWEEN = Span(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC))
RULES = Rules(allow_hosts=("127.0.0.1",), seconds=5)
MEETING = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\n"
    "DTSTART;TZID=Europe/Amsterdam:20261123T100000\r\nDURATION:PT1H\r\n{more}END:VEVENT\r\n{also}END:VCALENDAR\r\n"
)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Rik's calendar."""
    with radicale(tmp_path_factory.mktemp("radicale")) as address:
        yield address


def put(collection: str, uid: str, more: str = "", also: str = "") -> None:
    body = MEETING.format(uid=uid, more=more, also=also).encode()
    answer = requests.put(
        f"{collection}{uid}.ics", body, auth=RIK, headers={"Content-Type": "text/calendar"}, timeout=5
    )
    assert answer.status_code == 201


def source(collection: str, password: str = RIK[1]) -> Source:
    access = Access(address=collection, username="rik", password=password)
    return Source(
        kind=CalendarKind.CALDAV,
        access=access,
        zone="Europe/Amsterdam",
        own_domain="consult.example.nl",
        own_address="rik@bureau.example",
    )


def test_busy_time_is_read_from_a_caldav_server(collection: str) -> None:
    assert read(source(collection), BETWEEN, RULES, Copy()).busy == ()
    changed = (
        "BEGIN:VEVENT\r\nUID:weekly\r\nDTSTAMP:20261101T000000Z\r\nRECURRENCE-ID;TZID=Europe/Amsterdam:20261130T100000\r\n"
        "DTSTART;TZID=Europe/Amsterdam:20261201T140000\r\nDURATION:PT2H\r\nEND:VEVENT\r\n"
    )
    put(collection, "weekly", "RRULE:FREQ=WEEKLY;COUNT=3\r\n", changed)
    put(collection, "free", "TRANSP:TRANSPARENT\r\nRRULE:FREQ=DAILY;COUNT=3\r\n")
    first = read(source(collection), BETWEEN, RULES, Copy())
    assert first.busy == (
        Span(START, START + timedelta(hours=1)),
        Span(START + timedelta(days=8, hours=4), START + timedelta(days=8, hours=6)),
        Span(START + timedelta(days=14), START + timedelta(days=14, hours=1)),
    )
    assert read(source(collection), BETWEEN, RULES, first.copy).busy is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"password": "anders"}, Trouble.SIGN_IN),
        ({"path": "weg/"}, Trouble.GONE),
    ],
)
def test_a_server_that_says_no_is_believed(collection: str, change: dict[str, str], reason: Trouble) -> None:
    address = collection.replace("werk/", change.pop("path", "werk/"))
    with pytest.raises(NotRead) as failure:
        read(source(address, **change), BETWEEN, RULES, Copy())
    assert failure.value.reason is reason
