from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.postbox.addresses import Own
from consult.postbox.classify import Kind, content_hash, envelope, judge
from consult.postbox.mime import DEEPEST, MOST_BYTES, leaves, whole
from tests.postbox.letters import SHAPES, address, bounce, calendar, letter

OWN = Own("contact@consult.example.nl", "consult.example.nl")
TO = address("a1")
WHOLE = (
    *(shape(calendar("4f2a@consult.example.nl", "DECLINED"), TO) for shape in SHAPES.values()),
    bounce("<0123456789abcdef0123456789abcdef@consult.example.nl>", to=TO, invite=calendar("u")),
    letter("Dag", to=TO),
)
HEADERS = st.sampled_from(
    [
        b"Content-Type: multipart/mixed; boundary=x",
        b"Content-Type: multipart/report; boundary=x; report-type=delivery-status",
        b"Content-Type: multipart/digest; boundary=",
        b"Content-Type: text/html; charset=utf-16",
        b"Content-Type: text/plain; charset=idna",
        b"Content-Type: text/calendar; method=REPLY; charset=\xff",
        b"Content-Type: message/delivery-status",
        b"Content-Type: message/rfc822",
        b"Content-Type: ;;;=*0*=x",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: quoted-printable",
        b"Content-Transfer-Encoding: x-uuencode",
        b"Content-Disposition: attachment; filename*0*=utf-8''%ff; filename*1=a.ics",
        b'From: "=?utf-8?q?=0D=0ABcc:?=" <a@b.nl>',
        b"From: " + b"(" * 1500,
        b'From: undisclosed:;, <@>, "',
        b"To: contact+a1@consult.example.nl",
        b"Message-ID: <>",
        b"Subject: =?utf-7?b?////?=",
    ]
)
BODIES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"--x", b"--x--", b"BEGIN:VCALENDAR", b"METHOD:REPLY", b"", b"> a", b"<b>", b"=", b"=0", b"QQ"]
    ),
)


def _survives(raw: bytes) -> Kind:
    told = envelope(raw, OWN)
    assert len(told.message_id) <= 255
    assert len(told.sender) <= 254
    assert len(content_hash(raw, None)) == 64
    judgement = judge(raw, OWN)
    judgement.text.encode()
    return judgement.kind


@settings(max_examples=150)
@given(st.lists(st.one_of(HEADERS, BODIES), max_size=25), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_any_lines_are_judged(lines: list[bytes], end: bytes) -> None:
    _survives(end.join(lines))


@settings(max_examples=150)
@given(st.sampled_from(WHOLE), st.data())
def test_a_mail_that_was_cut_off_or_damaged_is_judged(raw: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(raw)))
    _survives(raw[:at])
    _survives(raw[:at] + data.draw(st.binary(max_size=8)) + raw[at + data.draw(st.integers(0, 8)) :])


def _nested(depth: int, ending: bytes) -> bytes:
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(depth)
    )
    return head + b"Content-Type: text/plain\n\nDag\n" + ending


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (_nested(20_000, b""), "twenty thousand parts inside one another"),
        (b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 1_900_000, "two million parts"),
        (
            b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n"
            + b"a:\n\n" * 2_400_000,
            "two million blocks of a report",
        ),
        (b"Content-Type: message/rfc822\n\n" * 300_000, "mail in mail in mail"),
        (b"A: b\n" * 2_000_000, "only headers"),
        (b"From: " + b'"a" <a@b.nl>, ' * 700_000, "one header without end"),
        (b"Content-Type: text/html\n\n" + b"<b x=1><p>" * 1_000_000, "open tags"),
        (b"Content-Type: text/plain; charset=utf-7\n\n" + b"+" * 9_000_000, "an odd charset"),
        (b"Content-Type: text/calendar\n\n" + b"BEGIN:VCALENDAR\n" * 30_000, "calendars in calendars"),
        (b"Content-Transfer-Encoding: base64\n\n" + b"A" * 10_000_000, "ten megabytes of base64"),
        (b"\n" * (MOST_BYTES - 1), "nothing but line ends"),
        (b"\x00" * (MOST_BYTES - 1), "nothing but zeros"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bomb_takes_little_time_and_memory(raw: bytes, why: str) -> None:
    assert len(raw) <= MOST_BYTES, why
    started = time.process_time()
    _survives(raw)
    assert time.process_time() - started < 4, why
    tracemalloc.start()
    judge(raw[: 2 * 1024 * 1024], OWN)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 * 1024 * 1024, why


def test_a_mail_over_the_limit_is_not_even_read() -> None:
    assert _survives(b"Subject: x\n\n" + b"a" * MOST_BYTES) is Kind.TOO_LARGE


def test_parts_deeper_than_any_client_makes_them_are_not_opened() -> None:
    assert [part.kind for part in leaves(whole(_nested(DEEPEST - 1, b"")))] == ["text/plain"]
    assert list(leaves(whole(_nested(DEEPEST + 1, b"")))) == []


def test_a_mail_is_judged_quickly_enough() -> None:
    started = time.process_time()
    for _ in range(20):
        for raw in WHOLE:
            judge(raw, OWN)
    assert (time.process_time() - started) / (20 * len(WHOLE)) < 0.05
