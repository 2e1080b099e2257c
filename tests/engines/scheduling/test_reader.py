from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consult.scheduling.reader import Answer, Flaw, Method, Unreadable, read
from consult.scheduling.values import Participation
from consult.scheduling.writer import cancel, request
from tests.engines.scheduling.replies import (
    APPLE_ACCEPT,
    EXCHANGE_TENTATIVE,
    GOOGLE_DECLINE,
    OUTLOOK_COUNTER,
    REFRESH,
    THUNDERBIRD_DELEGATED,
)
from tests.engines.scheduling.samples import meeting

STAMP = datetime(2026, 10, 2, 7, 0, tzinfo=UTC)


def one(text: str) -> Answer:
    (answer,) = read(text.replace("\n", "\r\n").encode())
    return answer


@pytest.mark.parametrize(
    ("client", "text", "participation", "sequence"),
    [
        ("Google keeps STATUS confirmed on a decline", GOOGLE_DECLINE, Participation.DECLINED, 0),
        ("Exchange names no organizer", EXCHANGE_TENTATIVE, Participation.TENTATIVE, 1),
        ("Apple writes a principal for an address", APPLE_ACCEPT, Participation.ACCEPTED, 0),
        ("Thunderbird repeats the whole event", THUNDERBIRD_DELEGATED, Participation.DELEGATED, 2),
    ],
)
def test_every_client_says_who_answers_what(
    client: str, text: str, participation: Participation, sequence: int
) -> None:
    answer = one(text)
    assert answer.respondent is not None, client
    assert answer.respondent.address.lower() == "jan@zaanstad.example"
    assert answer.respondent.participation is participation
    assert (answer.method, answer.uid) == (Method.REPLY, "4f2a@consult.example")
    assert (answer.sequence, answer.stamp) == (sequence, STAMP)


def test_the_times_that_a_reply_repeats_are_not_a_proposal() -> None:
    assert (one(GOOGLE_DECLINE).start, one(GOOGLE_DECLINE).end) == (None, None)


def test_a_comment_comes_along_with_its_line_breaks() -> None:
    assert one(EXCHANGE_TENTATIVE).comment == "Misschien, ik zit\nin een raadsvergadering"


def test_a_delegation_tells_who_comes_instead_and_for_which_occurrence() -> None:
    answer = one(THUNDERBIRD_DELEGATED)
    assert answer.respondent is not None
    assert answer.respondent.delegated_to == ("an@zaanstad.example",)
    assert answer.recurrence_id == datetime(2026, 10, 20, 12, tzinfo=UTC)


def test_a_counter_proposes_a_time_in_a_zone_known_only_by_its_offsets() -> None:
    answer = one(OUTLOOK_COUNTER)
    assert answer.respondent is not None
    assert (answer.method, answer.respondent.address) == (Method.COUNTER, "jan@zaanstad.example")
    assert answer.start == datetime(2026, 10, 22, 7, 30, tzinfo=UTC)
    assert answer.end == datetime(2026, 10, 22, 8, 15, tzinfo=UTC)


def test_a_refresh_asks_for_the_invite_again() -> None:
    answer = one(REFRESH)
    assert (answer.method, answer.start) == (Method.REFRESH, None)


def test_several_occurrences_may_be_answered_at_once() -> None:
    event = GOOGLE_DECLINE[GOOGLE_DECLINE.index("BEGIN:VEVENT") : GOOGLE_DECLINE.index("END:VCALENDAR")]
    text = GOOGLE_DECLINE.replace(
        event, event + event.replace("SEQUENCE:0", "RECURRENCE-ID:20261027T130000Z")
    )
    answers = read(text.encode())
    assert [each.recurrence_id for each in answers] == [None, datetime(2026, 10, 27, 13, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("Europe/Amsterdam", "the zone's own name"),
        ("europe/amsterdam", "another case"),
        ("W. Europe Standard Time", "Windows"),
        ("Romance Standard Time", "Windows for Paris"),
        ("/mozilla.org/20050126_1/Europe/Amsterdam", "Thunderbird of old"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Outlook on the web"),
    ],
)
def test_a_zone_is_known_by_any_of_its_names(zone: str, told: str) -> None:
    text = OUTLOOK_COUNTER.replace("Customized Time Zone", zone)
    assert one(text).start == datetime(2026, 10, 22, 7, 30, tzinfo=UTC), told


@pytest.mark.parametrize(
    ("told", "encoded"),
    [
        ("a byte order mark", GOOGLE_DECLINE.encode("utf-8-sig")),
        ("UTF-16", GOOGLE_DECLINE.encode("utf-16")),
        ("bare line feeds", GOOGLE_DECLINE.encode()),
        ("blank lines first", b"\r\n\r\n" + GOOGLE_DECLINE.encode()),
        ("NULs in between", GOOGLE_DECLINE.replace("SUMMARY:G", "SUMMARY:\x00G").encode()),
        ("a line that is none", GOOGLE_DECLINE.replace("TRANSP:", "zonder dubbele punt\nTRANSP:").encode()),
        ("Latin-1", GOOGLE_DECLINE.replace("Gesprek", "Café").encode("latin-1")),
    ],
)
def test_an_answer_is_read_through_its_packaging(told: str, encoded: bytes) -> None:
    assert read(encoded)[0].uid == "4f2a@consult.example", told


@pytest.mark.parametrize("charset", ["utf-8", "WINDOWS-1252", "iso-8859-1", "idna", "zlib", "nonsense", ""])
def test_no_charset_name_does_more_than_decode(charset: str) -> None:
    assert read(GOOGLE_DECLINE.encode(), charset=charset)[0].uid == "4f2a@consult.example"


def without(name: str, text: str = GOOGLE_DECLINE) -> str:
    unfolded = text.replace("\n ", "")
    return "\n".join(line for line in unfolded.split("\n") if not line.startswith(name))


@pytest.mark.parametrize(
    ("told", "text", "flaw"),
    [
        ("nothing", "", Flaw.NO_CALENDAR),
        ("a letter", "Beste Rik,\n\nIk kom niet.", Flaw.NO_CALENDAR),
        ("half of it", GOOGLE_DECLINE[:300], Flaw.NO_CALENDAR),
        (
            "crossed blocks",
            GOOGLE_DECLINE.replace("END:VEVENT\nEND:VCALENDAR", "END:VCALENDAR"),
            Flaw.NO_CALENDAR,
        ),
        ("no method", without("METHOD"), Flaw.METHOD),
        ("an invite of somebody else", GOOGLE_DECLINE.replace("REPLY", "REQUEST"), Flaw.METHOD),
        ("no meeting", without("BEGIN:VEVENT", without("END:VEVENT")), Flaw.NO_MEETING),
        ("no UID", without("UID"), Flaw.IDENTITY),
        (
            "a sequence that counts nothing",
            GOOGLE_DECLINE.replace("SEQUENCE:0", "SEQUENCE:-1"),
            Flaw.IDENTITY,
        ),
        (
            "a sequence beyond counting",
            GOOGLE_DECLINE.replace("SEQUENCE:0", "SEQUENCE:9999999999"),
            Flaw.IDENTITY,
        ),
        ("no attendee", without("ATTENDEE"), Flaw.ATTENDEE),
        (
            "two attendees",
            GOOGLE_DECLINE.replace(
                "CREATED:", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:eve@evil.example\nCREATED:"
            ),
            Flaw.ATTENDEE,
        ),
        (
            "somebody else beside the one who answers",
            GOOGLE_DECLINE.replace(
                "CREATED:", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:eve@evil.example\nCREATED:"
            ),
            Flaw.ATTENDEE,
        ),
        (
            "an attendee without address",
            APPLE_ACCEPT.replace('EMAIL="jan@zaanstad.example";\n ', ""),
            Flaw.ATTENDEE,
        ),
        ("a time that is none", GOOGLE_DECLINE.replace("20261002T070000Z", "gisteren"), Flaw.TIME),
        ("a time beyond time", GOOGLE_DECLINE.replace("20261002T070000Z", "00010101T000000Z"), Flaw.TIME),
        ("a proposal without time", without("DTSTART;TZID", OUTLOOK_COUNTER), Flaw.TIME),
        ("a proposal that ends first", OUTLOOK_COUNTER.replace("DURATION:PT45M", "DURATION:PT0S"), Flaw.TIME),
        ("an unknown zone", OUTLOOK_COUNTER.replace('"Customized Time Zone"', "Narnia"), Flaw.ZONE),
        ("nested too deep", "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 50, Flaw.TOO_LARGE),
        ("too much", "BEGIN:VCALENDAR\n" + "X-A:" + "b" * 600_000, Flaw.TOO_LARGE),
    ],
)
def test_what_is_no_answer_says_why(told: str, text: str, flaw: Flaw) -> None:
    with pytest.raises(Unreadable) as caught:
        read(text.encode())
    assert caught.value.flaw is flaw, told


def test_our_own_messages_are_not_answers() -> None:
    for raw in (request(meeting()), cancel(meeting())):
        with pytest.raises(Unreadable) as caught:
            read(raw)
        assert caught.value.flaw is Flaw.METHOD


SEEDS = [GOOGLE_DECLINE, EXCHANGE_TENTATIVE, APPLE_ACCEPT, THUNDERBIRD_DELEGATED, OUTLOOK_COUNTER, REFRESH]
PIECES = """: ; = " \\ \\n % ^n é 🙂 TZID= VALUE=DATE mailto: BEGIN:VEVENT END:VEVENT
    19000101T000000 99999999T999999Z -PT9999999999H +9999"""
SCRAPS = st.sampled_from([*PIECES.split(), "\r\n", "\n ", "\x00", "\u2028"])


def flaw_in(raw: bytes) -> Flaw | None:
    """What is wrong with the bytes, or None when they hold answers; no other exception passes."""
    try:
        answers = read(raw)
    except Unreadable as error:
        return error.flaw
    assert all(each.uid and each.sequence >= 0 for each in answers)
    return None


@given(st.binary(max_size=2000))
@example(b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:\r\nEND:VEVENT\r\nEND:VCALENDAR")
def test_any_bytes_are_read_or_unreadable(raw: bytes) -> None:
    flaw_in(raw)


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 40), st.one_of(SCRAPS, st.text(max_size=10)))),
)
def test_any_damage_to_a_real_answer_leaves_it_read_or_unreadable(
    seed: str, damage: list[tuple[int, int, str]]
) -> None:
    for place, length, scrap in damage[:8]:
        seed = seed[:place] + scrap + seed[place + length :]
    flaw_in(seed.encode("utf-8", "replace"))


def test_a_reply_is_read_in_under_fifty_milliseconds_and_the_largest_in_under_two_seconds() -> None:
    largest = GOOGLE_DECLINE.replace("CREATED", "COMMENT:" + "\\;\\n" * 4000 + "\nCREATED")
    largest = largest.replace(
        "TRANSP", ("ATTENDEE;CN=a;X=" + '"b",' * 500 + '"c":mailto:jan@zaanstad.example\n') * 200 + "TRANSP"
    )
    for text, limit in ((EXCHANGE_TENTATIVE, 0.05), (largest[:500_000], 2)):
        began = time.process_time()
        flaw_in(text.encode())
        assert time.process_time() - began < limit
