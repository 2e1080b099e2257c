from __future__ import annotations

import email
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.outbox.message import Letter, StoredMessage, compose

INVITE = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:é 🙂\r\nEND:VCALENDAR\r\n".encode()
LETTER = Letter(
    from_name="Rik Scheele",
    from_address="contact+tok@consult.example",
    to_name="Jan de Vries",
    to_address="jan@zaanstad.example",
    subject="Uw gesprek",
    text="Dag Jan,\n\nTot dinsdag.",
    html="<p>Dag Jan,</p><p>Tot dinsdag.</p>",
    message_id="<abc@consult.example>",
    date=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
)
WITH_INVITE = replace(LETTER, calendar=INVITE, calendar_method="REQUEST")
NASTY = 'é’ "aan; , \\ halen" 🙂'


def parsed(letter: Letter) -> email.message.EmailMessage:
    return email.message_from_bytes(compose(letter), policy=policy.SMTP)


def shown(letter: Letter, header: str) -> str:
    """A header as a mail program shows it, read without Python's own structured headers."""
    raw = email.message_from_bytes(compose(letter)).get(header, "")
    return str(make_header(decode_header(raw.replace("\r\n", ""))))


def test_an_invite_stands_last_in_the_alternative_and_once_more_as_a_file() -> None:
    message = parsed(WITH_INVITE)
    alternative, file = message.iter_parts()
    assert message.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    calendar = list(alternative.iter_parts())[-1]
    assert dict(calendar["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert (calendar["Content-Transfer-Encoding"], calendar["Content-Disposition"]) == ("base64", None)
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert file["Content-Type"].params["name"] == "invite.ics"
    assert calendar.get_payload(decode=True) == file.get_payload(decode=True) == INVITE


def test_a_mail_without_an_invite_is_only_the_two_texts() -> None:
    message = parsed(LETTER)
    assert message.get_content_type() == "multipart/alternative"
    parts = list(message.iter_parts())
    assert [part["Content-Transfer-Encoding"] for part in parts] == ["quoted-printable"] * 2
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]


def test_the_headers_say_what_was_handed_in() -> None:
    letter = replace(
        LETTER,
        reply_to="antwoord@consult.example",
        in_reply_to="<vraag@zaanstad.example>",
        auto_submitted=True,
    )
    head, _, _ = compose(letter).decode("ascii").partition("\r\n\r\n")
    assert head.splitlines()[:9] == [
        "From: Rik Scheele <contact+tok@consult.example>",
        "To: Jan de Vries <jan@zaanstad.example>",
        "Reply-To: Rik Scheele <antwoord@consult.example>",
        "Subject: Uw gesprek",
        "Date: Fri, 20 Nov 2026 09:00:00 +0000",
        "Message-ID: <abc@consult.example>",
        "In-Reply-To: <vraag@zaanstad.example>",
        "References: <vraag@zaanstad.example>",
        "Auto-Submitted: auto-generated",
    ]
    assert head.count("MIME-Version: 1.0") == 1


def test_what_a_person_wrote_is_not_marked_as_automatic() -> None:
    assert b"Auto-Submitted" not in compose(LETTER)


@pytest.mark.parametrize(
    "name", ["Scheele, Rik", 'Rik "de" Scheele', "Rik (Utrecht)", NASTY, "x" * 200, "é" * 200]
)
def test_a_name_of_any_kind_keeps_the_address(name: str) -> None:
    # The older reader: the newer one of Python 3.11 puts spaces between the encoded words of a long name.
    message = email.message_from_bytes(compose(replace(LETTER, from_name=name, to_name=name)))
    for header, address in (("From", LETTER.from_address), ("To", LETTER.to_address)):
        phrase, found = parseaddr(message[header].replace("\r\n", ""))
        assert (str(make_header(decode_header(phrase))), found) == (name, address)


@pytest.mark.parametrize(
    "subject", ["Kort", NASTY, "Lang " * 60, "é" * 300, "🙂" * 120, "x" * 300, NASTY * 20]
)
def test_a_subject_of_any_length_comes_back_whole(subject: str) -> None:
    assert shown(replace(LETTER, subject=subject), "Subject") == " ".join(subject.split())
    lines = compose(replace(LETTER, subject=subject)).split(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(map(len, lines)) <= 78


@pytest.mark.parametrize(
    "attack",
    [
        "x\r\nBcc: eve@evil.example",
        "x\nBcc: eve@evil.example",
        "=?utf-8?q?x=0D=0ABcc:_eve@evil.example?=",
        "=?utf-8?b?eA0KQmNjOiBldmVAZXZpbC5leGFtcGxl?=",
        "x\u2028Bcc: eve@evil.example",
        "x\x0bBcc: eve@evil.example\x00",
        "\u202etxt.exe",
    ],
)
def test_no_name_or_subject_becomes_a_header_of_its_own(attack: str) -> None:
    letter = replace(LETTER, subject=attack, from_name=attack, to_name=attack)
    raw = compose(letter)
    assert b"\r\nbcc" not in raw.lower()
    assert attack.encode() not in raw
    assert parsed(letter)["Bcc"] is None
    assert not set("\r\n\x0b\x00\u2028\u202e") & set(shown(letter, "Subject"))
    assert StoredMessage(raw, sender="a@b.example", recipient="c@d.example").has_bad_headers() is False


def test_a_strangers_thread_headers_are_left_out_unless_they_are_message_ids() -> None:
    references = ("<een@x.example>", "geen", "<x>\r\nBcc: <eve@evil.example>", "<twee@x.example>")
    message = parsed(replace(LETTER, in_reply_to="<x\r\n@y>", references=references))
    assert message["In-Reply-To"] is None
    assert message["References"].split() == ["<een@x.example>", "<twee@x.example>"]


def test_the_same_letter_gives_the_same_bytes_and_another_message_id_another_boundary() -> None:
    assert compose(WITH_INVITE) == compose(replace(WITH_INVITE))
    boundaries = {
        parsed(replace(WITH_INVITE, message_id=f"<{n}@x.example>")).get_boundary() for n in range(3)
    }
    assert len(boundaries) == 3


def test_a_domain_beyond_ascii_is_written_as_dns_knows_it() -> None:
    message = parsed(replace(LETTER, to_address="jan@gemeente-súdwest.example"))
    assert message["To"].addresses[0].domain == "xn--gemeente-sdwest-cvb.example"


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ("an address without a domain", {"to_address": "jan"}),
        ("an address that holds a header", {"to_address": "jan@x.example\r\nBcc: e@e.example"}),
        ("a local part few servers take", {"to_address": "jañ@x.example"}),
        ("a Message-ID without brackets", {"message_id": "abc@x.example"}),
        ("a Message-ID with a line break", {"message_id": "<abc@x\r\n.example>"}),
        ("a date without a zone", {"date": datetime(2026, 11, 20, 9)}),  # noqa: DTZ001 - the case itself
        ("a calendar without its method", {"calendar": INVITE}),
        ("a method without a calendar", {"calendar_method": "REQUEST"}),
        ("another method than the calendar's", {"calendar": INVITE, "calendar_method": "CANCEL"}),
        ("a method only others send", {"calendar": INVITE, "calendar_method": "REPLY"}),
    ],
)
def test_a_letter_that_cannot_be_right_is_refused(told: str, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        compose(replace(LETTER, **wrong))  # type: ignore[arg-type] # wrong on purpose


TEXTS = st.text(max_size=200)


@given(TEXTS, TEXTS, st.text(max_size=3000))
def test_whatever_the_words_the_bytes_are_fit_for_smtp(name: str, subject: str, text: str) -> None:
    raw = compose(replace(WITH_INVITE, from_name=name, to_name=name, subject=subject, text=text, html=text))
    lines = raw.split(b"\r\n")
    assert raw.isascii()
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert email.message_from_bytes(raw).keys().count("Subject") == 1


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=400))
def test_any_visible_text_comes_back_as_it_was(text: str) -> None:
    message = StoredMessage(
        compose(replace(LETTER, text=text)), sender="a@b.example", recipient="c@d.example"
    )
    assert message.body is not None
    assert message.body.strip() == unicodedata.normalize("NFC", text)


def test_a_stored_mail_gives_its_bytes_back_untouched_and_its_words_to_look_at() -> None:
    raw = compose(replace(WITH_INVITE, subject=NASTY))
    message = StoredMessage(raw, sender="bounce@consult.example", recipient="jan@zaanstad.example")
    assert bytes(message) == message.as_bytes() == raw
    assert message.as_string().encode() == raw
    assert (message.sender, message.send_to) == ("bounce@consult.example", {"jan@zaanstad.example"})
    assert (message.subject, message.msgId) == (NASTY, "<abc@consult.example>")
    assert message.body == "Dag Jan,\n\nTot dinsdag.\n"
    assert message.html == "<p>Dag Jan,</p><p>Tot dinsdag.</p>\n"


def test_a_stored_mail_cannot_be_changed_on_its_way() -> None:
    message = StoredMessage(compose(LETTER), sender="a@b.example", recipient="c@d.example")
    with pytest.raises(AttributeError):
        message.body = "anders"  # type: ignore[misc] # what is refused
    with pytest.raises(AttributeError):
        message.html = "anders"  # type: ignore[misc] # what is refused
