from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from consult.scheduling.busy import busy_periods
from consult.scheduling.lines import Flaw, Unreadable
from consult.scheduling.writer import request
from consult.timespan import Span
from tests.engines.scheduling.samples import meeting

pytestmark = pytest.mark.proof

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# Monday 19 October up to Monday 2 November 2026; the clock goes back on Sunday 25 October.
FORTNIGHT = Span(datetime(2026, 10, 19, tzinfo=AMSTERDAM), datetime(2026, 11, 2, tzinfo=AMSTERDAM))


def calendar(*events: str, head: str = "") -> bytes:
    inside = "".join(f"BEGIN:VEVENT\n{event.replace('|', chr(10))}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{inside}END:VCALENDAR\n".encode()


def shown(raw: bytes, between: Span = FORTNIGHT, **more: Any) -> list[str]:
    """The busy spans as a person in Amsterdam says them: "20-10 14:00-15:00"."""
    spans = busy_periods(raw, between, **more)
    assert all(span.start.tzinfo is UTC and between.covers(span) for span in spans)
    clocks = [(span.start.astimezone(AMSTERDAM), span.end.astimezone(AMSTERDAM)) for span in spans]
    return [f"{start:%d-%m %H:%M}-{end:%H:%M}" for start, end in clocks]


HOUR = "UID:1|DTSTART;TZID=Europe/Amsterdam:20261020T140000|DTEND;TZID=Europe/Amsterdam:20261020T150000"


@pytest.mark.parametrize(
    ("told", "raw", "expected"),
    [
        ("nothing in it", calendar(), []),
        ("one meeting", calendar(HOUR), ["20-10 14:00-15:00"]),
        ("one before the span", calendar(HOUR.replace("1020", "1018")), []),
        (
            "one that spans the edge",
            calendar("UID:1|DTSTART:20261018T200000Z|DURATION:PT4H"),
            ["19-10 00:00-02:00"],
        ),
        (
            "two that overlap",
            calendar(HOUR, HOUR.replace("T14", "T13").replace("UID:1", "UID:2")),
            ["20-10 13:00-15:00"],
        ),
        ("a transparent one", calendar(f"{HOUR}|TRANSP:TRANSPARENT"), []),
        ("a cancelled one", calendar(f"{HOUR}|STATUS:CANCELLED"), []),
        ("one that Outlook calls free", calendar(f"{HOUR}|X-MICROSOFT-CDO-BUSYSTATUS:FREE"), []),
        ("a tentative one", calendar(f"{HOUR}|STATUS:TENTATIVE"), ["20-10 14:00-15:00"]),
        ("one without a UID", calendar(HOUR.removeprefix("UID:1|")), ["20-10 14:00-15:00"]),
        ("one without an end", calendar(HOUR.partition("|DTEND")[0]), []),
        ("a whole day", calendar("UID:1|DTSTART;VALUE=DATE:20261021"), ["21-10 00:00-00:00"]),
        (
            "the day of 25 hours",
            calendar("UID:1|DTSTART;VALUE=DATE:20261025|DTEND;VALUE=DATE:20261026"),
            ["25-10 00:00-00:00"],
        ),
        (
            "a Windows zone",
            calendar(HOUR.replace("Europe/Amsterdam", "W. Europe Standard Time")),
            ["20-10 14:00-15:00"],
        ),
        ("no zone at all", calendar("UID:1|DTSTART:20261020T140000|DURATION:PT1H"), ["20-10 14:00-15:00"]),
        (
            "no zone but the calendar's",
            calendar("UID:1|DTSTART:20261020T140000|DURATION:PT1H", head="X-WR-TIMEZONE:Europe/London\n"),
            ["20-10 15:00-16:00"],
        ),
    ],
)
def test_a_calendar_blocks_what_it_says(told: str, raw: bytes, expected: list[str]) -> None:
    assert shown(raw) == expected, told


def no(address: str = "mailto:Rik@bureau.example", partstat: str = "DECLINED") -> str:
    return f"ATTENDEE;PARTSTAT={partstat}:{address}"


@pytest.mark.parametrize(
    ("told", "raw", "expected"),
    [
        ("one that the owner declined", calendar(f"{HOUR}|{no()}"), []),
        ("one that the owner accepted", calendar(f"{HOUR}|{no(partstat='ACCEPTED')}"), ["20-10 14:00-15:00"]),
        ("one that somebody else declined", calendar(f"{HOUR}|{no('mailto:a@x.nl')}"), ["20-10 14:00-15:00"]),
        (
            "one that Apple tells by a path with the address beside it",
            calendar(f"{HOUR}|ATTENDEE;EMAIL=rik@bureau.example;PARTSTAT=declined:/principals/7/"),
            [],
        ),
        (
            "one declined day of a series",
            calendar(
                f"{HOUR}|RRULE:FREQ=DAILY;COUNT=3",
                f"UID:1|RECURRENCE-ID:20261021T120000Z|DTSTART:20261021T120000Z|DURATION:PT1H|{no()}",
            ),
            ["20-10 14:00-15:00", "22-10 14:00-15:00"],
        ),
    ],
)
def test_what_the_owner_declined_takes_no_time(told: str, raw: bytes, expected: list[str]) -> None:
    assert shown(raw, own_addresses=("rik@bureau.example",)) == expected, told


@pytest.mark.parametrize(
    "line",
    ["RDATE:" + "20261021T120000Z," * 2000, 'RRULE;X="half:FREQ=WEEKLY', 'DTEND;X="open:20261020T150000'],
)
def test_a_line_that_takes_time_is_never_passed_over(line: str) -> None:
    with pytest.raises(Unreadable):
        busy_periods(calendar(f"UID:1|DTSTART:20261020T120000Z|{line}"), FORTNIGHT)


def told_busy(*lines: str) -> bytes:
    inside = "".join(f"FREEBUSY{line}\n" for line in lines)
    return f"BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nUID:1\n{inside}END:VFREEBUSY\nEND:VCALENDAR\n".encode()


@pytest.mark.parametrize(
    ("told", "raw", "expected"),
    [
        (
            "a start and an end, a start and a length",
            told_busy(":20261020T120000Z/20261020T130000Z,20261021T120000Z/PT90M"),
            ["20-10 14:00-15:00", "21-10 14:00-15:30"],
        ),
        ("free time", told_busy(";FBTYPE=FREE:20261020T120000Z/PT1H"), []),
        ("tentative", told_busy(";FBTYPE=BUSY-TENTATIVE:20261020T120000Z/PT1H"), ["20-10 14:00-15:00"]),
        ("a kind nobody knows", told_busy(";FBTYPE=X-LUNCH:20261020T120000Z/PT1H"), ["20-10 14:00-15:00"]),
        ("time that has passed", told_busy(":20261018T120000Z/PT1H"), []),
        ("nothing told", told_busy(), []),
    ],
)
def test_a_free_busy_list_blocks_what_it_does_not_call_free(
    told: str, raw: bytes, expected: list[str]
) -> None:
    assert shown(raw) == expected, told


@pytest.mark.parametrize(
    "line",
    [":morgen/PT1H", ":20261020T120000Z", ":20261020T120000Z/lang", ":" + "20261020T120000Z/PT1H," * 20_001],
)
def test_a_free_busy_list_that_cannot_be_followed_is_not_read_at_all(line: str) -> None:
    with pytest.raises(Unreadable):
        busy_periods(told_busy(line), FORTNIGHT)


WEEKLY = f"{HOUR}|RRULE:FREQ=WEEKLY"


@pytest.mark.parametrize(
    ("told", "raw", "expected"),
    [
        (
            "weekly keeps its hour over the clock change",
            calendar(WEEKLY),
            ["20-10 14:00-15:00", "27-10 14:00-15:00"],
        ),
        (
            "so does one in UTC on the calendar's own clock",
            calendar(
                "UID:1|DTSTART:20261020T120000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY",
                head="X-WR-TIMEZONE:Europe/Amsterdam\n",
            ),
            ["20-10 14:00-15:00", "27-10 14:00-15:00"],
        ),
        ("a count that ended before", calendar(WEEKLY.replace("202610", "202608") + ";COUNT=5"), []),
        ("a count that ends inside", calendar(WEEKLY + ";COUNT=1"), ["20-10 14:00-15:00"]),
        (
            "an end that is a date",
            calendar(WEEKLY + ";UNTIL=20261027"),
            ["20-10 14:00-15:00", "27-10 14:00-15:00"],
        ),
        ("an end in UTC", calendar(WEEKLY + ";UNTIL=20261027T125959Z"), ["20-10 14:00-15:00"]),
        (
            "an excluded one",
            calendar(f"{WEEKLY}|EXDATE;TZID=Europe/Amsterdam:20261020T140000"),
            ["27-10 14:00-15:00"],
        ),
        (
            "an excluded day",
            calendar("UID:1|DTSTART;VALUE=DATE:20261020|RRULE:FREQ=DAILY;COUNT=2|EXDATE;VALUE=DATE:20261020"),
            ["21-10 00:00-00:00"],
        ),
        (
            "an added one",
            calendar(f"{HOUR}|RDATE;TZID=Europe/Amsterdam:20261022T090000"),
            ["20-10 14:00-15:00", "22-10 09:00-10:00"],
        ),
        (
            "a moved one",
            calendar(WEEKLY, "UID:1|RECURRENCE-ID:20261027T130000Z|DTSTART:20261028T130000Z|DURATION:PT1H"),
            ["20-10 14:00-15:00", "28-10 14:00-15:00"],
        ),
        (
            "a cancelled one",
            calendar(
                WEEKLY,
                "UID:1|RECURRENCE-ID:20261027T130000Z|DTSTART:20261027T130000Z|DURATION:PT1H|STATUS:CANCELLED",
            ),
            ["20-10 14:00-15:00"],
        ),
    ],
)
def test_a_series_blocks_each_time_it_takes_place(told: str, raw: bytes, expected: list[str]) -> None:
    assert shown(raw) == expected, told


def test_our_own_invites_that_came_back_are_left_out() -> None:
    ours = request(meeting())
    assert shown(ours) == ["20-10 14:00-15:00"]
    assert shown(ours, own_uid_domain="consult.example") == []


@pytest.mark.parametrize(
    ("told", "raw", "flaw"),
    [
        ("no calendar", b"<html>Sign in</html>", Flaw.NO_CALENDAR),
        ("cut off", calendar(HOUR)[:-20], Flaw.NO_CALENDAR),
        ("too many bytes", b" " * 2_200_000, Flaw.TOO_LARGE),
        ("too many meetings", calendar(*[HOUR] * 2001), Flaw.TOO_LARGE),
        (
            "too many dates",
            calendar(*[f"{HOUR}|RDATE:" + ",".join(["20261020T140000Z"] * 1000)] * 21),
            Flaw.TOO_LARGE,
        ),
        ("a zone from a story", calendar(HOUR.replace("Europe/Amsterdam", "Narnia")), Flaw.ZONE),
        ("no start", calendar("UID:1"), Flaw.TIME),
        ("a start that is none", calendar("UID:1|DTSTART:morgen"), Flaw.TIME),
        (
            "rules that cost too much together",
            calendar(*["DTSTART:19500101T080000Z|RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9"] * 30),
            Flaw.RULE,
        ),
        ("every second", calendar(f"{HOUR}|RRULE:FREQ=SECONDLY"), Flaw.RULE),
        ("every hour", calendar(f"{HOUR}|RRULE:FREQ=HOURLY;COUNT=3"), Flaw.RULE),
        ("every minute of every day", calendar(f"{HOUR}|RRULE:FREQ=DAILY;BYMINUTE=0,1,2"), Flaw.RULE),
        ("no frequency", calendar(f"{HOUR}|RRULE:INTERVAL=2"), Flaw.RULE),
        ("an interval of nothing", calendar(f"{HOUR}|RRULE:FREQ=DAILY;INTERVAL=0"), Flaw.RULE),
        ("a day that is none", calendar(f"{HOUR}|RRULE:FREQ=WEEKLY;BYDAY=XX"), Flaw.RULE),
        ("a part nobody knows", calendar(f"{HOUR}|RRULE:FREQ=WEEKLY;BYMOON=1"), Flaw.RULE),
    ],
)
def test_a_calendar_that_cannot_be_followed_is_not_taken_for_a_free_one(
    told: str, raw: bytes, flaw: Flaw
) -> None:
    with pytest.raises(Unreadable) as caught:
        shown(raw)
    assert caught.value.flaw is flaw, told


@pytest.mark.parametrize(
    ("told", "meetings", "event"),
    [
        (
            "the thirtieth of February, two thousand times",
            2000,
            "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9",
        ),
        ("a weekday that the interval never meets", 2000, "RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=SU"),
        ("daily since long ago", 300, "RRULE:FREQ=DAILY"),
        ("every weekday of the year", 300, "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR"),
    ],
)
def test_no_calendar_keeps_us_busy(told: str, meetings: int, event: str) -> None:
    raw = calendar(*[f"UID:{n}|DTSTART:20231018T080000Z|DURATION:PT1H|{event}" for n in range(meetings)])
    began = time.process_time()
    try:
        shown(raw)
    except Unreadable as error:
        assert error.flaw is Flaw.RULE, told  # noqa: PT017 - either outcome is right, as long as it is soon
    assert time.process_time() - began < 5, told


def rule(form: str, *choices: list[object]) -> st.SearchStrategy[str]:
    return st.builds(form.format, *map(st.sampled_from, choices))


RULES = st.one_of(
    rule("FREQ=DAILY;INTERVAL={}", [1, 2, 3, 9]),
    rule("FREQ=DAILY;BYDAY={},{}", ["MO", "TU", "WE"], ["TH", "SA", "SU"]),
    rule(
        "FREQ=WEEKLY;INTERVAL={};BYDAY={},{};WKST={}",
        [1, 2, 3, 4],
        ["MO", "TU", "SU"],
        ["WE", "FR"],
        ["MO", "SU"],
    ),
    rule("FREQ=MONTHLY;INTERVAL={};BYMONTHDAY={}", [1, 2, 5], [1, 15, 29, 31, -1, -3]),
    rule("FREQ=MONTHLY;BYDAY={}{}", [1, 2, 5, -1, -2, ""], ["MO", "WE", "SU"]),
    rule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS={}", [1, 3, -1]),
    rule("FREQ=YEARLY;INTERVAL={}", [1, 2, 3]),
    rule("FREQ=YEARLY;BYMONTH={};BYDAY={}TU", [1, 2, 10, 12], [1, -1]),
    rule("FREQ=YEARLY;BYDAY={}TU", [20, -2]),
    rule("FREQ=YEARLY;BYYEARDAY={}", [1, 100, 366, -1]),
)
ENDS = st.one_of(
    st.just(""), st.builds(";COUNT={}".format, st.integers(1, 40)), st.just(";UNTIL=20270301T120000Z")
)


@given(RULES, ENDS, st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_a_rule_means_what_an_independent_reader_says(parts: str, end: str, first: date) -> None:
    event = f"UID:1|DTSTART;TZID=Europe/Amsterdam:{first:%Y%m%d}T140000|DURATION:PT1H|RRULE:{parts}{end}"
    raw = calendar(event)
    between = Span(datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 9, 1, tzinfo=UTC))
    found = recurring_ical_events.of(Calendar.from_ical(raw)).between(between.start, between.end)
    theirs = {each.start.astimezone(UTC) for each in found}
    assert {span.start for span in busy_periods(raw, between)} == theirs


@given(st.binary(max_size=500), st.integers(0, 400), st.integers(0, 30))
def test_any_damage_leaves_a_calendar_read_or_unreadable(scrap: bytes, place: int, length: int) -> None:
    raw = calendar(WEEKLY, f"{HOUR}|RRULE:FREQ=MONTHLY;BYDAY=-1FR|EXDATE:20261020T120000Z")
    try:
        spans = busy_periods(raw[:place] + scrap[: length + 1] + raw[place + length :], FORTNIGHT)
    except Unreadable:
        return
    assert all(span.length > timedelta(0) for span in spans)
