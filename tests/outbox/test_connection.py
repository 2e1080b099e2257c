from __future__ import annotations

import ssl
import time
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import flask
import flask_mail
import pytest
import trustme

from consult.outbox.connection import Permanent, SmtpConnection, SmtpServer, Temporary
from consult.outbox.delivery import mail_server
from consult.outbox.message import Letter, StoredMessage, compose
from tests.outbox.hostile_smtp import DRIP, DROP, SILENCE, HostileSmtp

if TYPE_CHECKING:
    from pathlib import Path

    from tests.outbox.hostile_smtp import Behaviour
    from tests.support.apps import MakeSettings

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def mail(number: int = 1, recipient: str = "jan@zaanstad.example") -> StoredMessage:
    letter = Letter(
        from_name="Rik Scheele",
        from_address="contact+tok@consult.example",
        to_name="Jan",
        to_address=recipient,
        subject=f"Uw gesprek {number}",
        text=".Een punt vooraan\nen é",
        html="<p>é</p>",
        message_id=f"<{number}@consult.example>",
        date=NOW,
    )
    return StoredMessage(compose(letter), sender=letter.from_address, recipient=recipient)


def to(server: HostileSmtp, **more: Any) -> SmtpServer:
    plain = SmtpServer(
        host="127.0.0.1", port=server.port, ehlo_name="consult.example", security="none", timeout=0.3
    )
    return replace(plain, **more)


def server(**answers: str | Behaviour) -> HostileSmtp:
    return HostileSmtp(answers={verb.replace("_at_", "@"): answer for verb, answer in answers.items()})


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def certified(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_the_stored_bytes_arrive_and_no_others() -> None:
    with HostileSmtp() as there, SmtpConnection(to(there)) as connection:
        connection.send(mail())
    assert there.accepted == [mail().raw]


def test_the_server_is_told_our_own_name_and_the_bare_addresses() -> None:
    with HostileSmtp() as there, SmtpConnection(to(there)) as connection:
        connection.send(mail())
    assert there.commands[0] == "ehlo consult.example"
    assert there.commands[1].upper().startswith("MAIL FROM:<CONTACT+TOK@CONSULT.EXAMPLE>")
    assert there.commands[2].upper() == "RCPT TO:<JAN@ZAANSTAD.EXAMPLE>"


def test_several_mails_go_over_one_connection() -> None:
    with HostileSmtp() as there, SmtpConnection(to(there)) as connection:
        for number in range(5):
            connection.send(mail(number))
    assert (len(there.accepted), there.connections) == (5, 1)


@pytest.mark.parametrize(
    ("told", "answers"),
    [
        ("says nothing at all", {"GREETING": SILENCE}),
        ("drips one byte at a time", {"GREETING": DRIP}),
        ("hangs up at once", {"GREETING": DROP}),
        ("has no room", {"GREETING": "421 too busy"}),
        ("does not want us, which may be a setting", {"GREETING": "554 no service"}),
        ("says nothing after our greeting", {"EHLO": SILENCE}),
        ("greets without end", {"EHLO": "\r\n".join(["250-and"] * 20_000)}),
        ("greets in one endless line", {"EHLO": "250 " + "x" * 100_000}),
    ],
)
def test_no_connection_is_a_temporary_failure_within_the_time_limit(
    told: str, answers: dict[str, str | Behaviour]
) -> None:
    began = time.monotonic()
    with HostileSmtp(answers=answers) as there, pytest.raises(Temporary), SmtpConnection(to(there)):
        pass
    assert time.monotonic() - began < 3, told


@pytest.mark.parametrize(
    ("told", "answers", "failure", "reason"),
    [
        ("sender not now", {"MAIL": "451 later"}, Temporary, "451 later"),
        ("sender never", {"MAIL": "550 not you"}, Permanent, "550 not you"),
        ("receiver not now", {"RCPT": "450 greylisted"}, Temporary, "450 greylisted"),
        ("receiver never", {"RCPT": "550 unknown"}, Permanent, "jan@zaanstad.example refused: 550 unknown"),
        ("no data now", {"DATA": "451 disk"}, Temporary, "451 disk"),
        ("message refused", {"MESSAGE": "554 spam"}, Permanent, "554 spam"),
        ("message not now", {"MESSAGE": "452 full"}, Temporary, "452 full"),
        ("goes away politely", {"MAIL": "421 closing"}, Temporary, "421 closing"),
        ("hangs up at the sender", {"MAIL": DROP}, Temporary, "ended the connection"),
        ("hangs up in the middle of the message", {"MESSAGE": DROP}, Temporary, "ended the connection"),
        ("never says whether it took it", {"MESSAGE": SILENCE}, Temporary, "ended the connection"),
        ("drips after the message", {"MESSAGE": DRIP}, Temporary, "ended the connection"),
        ("answers in one endless line", {"MESSAGE": "552 " + "x" * 100_000}, Temporary, "without end"),
        ("answers in lines without end", {"MESSAGE": "552-x\r\n" * 20_000}, Temporary, "without end"),
        ("talks nonsense", {"MESSAGE": "hello"}, Temporary, "-1"),
    ],
)
def test_a_refusal_says_whether_to_try_again_and_why(
    told: str, answers: dict[str, str | Behaviour], failure: type[Exception], reason: str
) -> None:
    with HostileSmtp(answers=answers) as there, SmtpConnection(to(there)) as connection:
        with pytest.raises(failure) as caught:
            connection.send(mail())
        assert reason in str(caught.value), told
    assert there.accepted == []


@pytest.mark.parametrize("answer", [DROP, SILENCE, "500 what?"])
def test_trouble_at_the_goodbye_is_no_failure_for_what_was_accepted(answer: str | Behaviour) -> None:
    with HostileSmtp(answers={"QUIT": answer}) as there:
        with SmtpConnection(to(there)) as connection:
            connection.send(mail())
        assert there.accepted == [mail().raw]


def test_one_refused_receiver_does_not_stop_the_next_mail() -> None:
    with HostileSmtp(answers={"weg@zaanstad.example": "550 gone"}) as there:
        with SmtpConnection(to(there)) as connection:
            with pytest.raises(Permanent):
                connection.send(mail(1, "weg@zaanstad.example"))
            connection.send(mail(2))
        assert (len(there.accepted), there.connections) == (1, 1)


def test_after_a_broken_connection_the_next_mail_gets_a_new_one() -> None:
    with HostileSmtp(answers={"MESSAGE": DROP}) as there, SmtpConnection(to(there)) as connection:
        with pytest.raises(Temporary):
            connection.send(mail(1))
        there.answers.clear()
        connection.send(mail(2))
        assert (len(there.accepted), there.connections) == (1, 2)


@pytest.mark.parametrize(
    ("told", "raw"),
    [
        ("a line that servers answer with 500", b"Subject: x\r\n\r\n" + b"x" * 999 + b"\r\n"),
        ("a bare line feed", b"Subject: x\n\r\n"),
        ("a bare carriage return", b"Subject: x\r\r\n"),
    ],
)
def test_bytes_that_smtp_cannot_carry_are_never_sent(told: str, raw: bytes) -> None:
    with HostileSmtp() as there, SmtpConnection(to(there)) as connection:
        with pytest.raises(Permanent):
            connection.send(StoredMessage(raw, sender="a@b.example", recipient="c@d.example"))
        assert "DATA" not in there.verbs(), told


def test_a_line_of_998_octets_is_sent() -> None:
    raw = b"Subject: x\r\n\r\n" + b"x" * 998 + b"\r\n"
    with HostileSmtp() as there, SmtpConnection(to(there)) as connection:
        connection.send(StoredMessage(raw, sender="a@b.example", recipient="c@d.example"))
    assert there.accepted == [raw]


@pytest.mark.parametrize("message", [["a@b.example", "c@d.example"], [], ["geen adres"], ["é@b.example"]])
def test_anything_but_one_usable_receiver_is_refused_for_good(message: list[str]) -> None:
    plain = flask_mail.Message("x", recipients=list(message), sender="a@b.example", body="x")
    with HostileSmtp() as there, SmtpConnection(to(there)) as connection, pytest.raises(Permanent):
        connection.send(plain)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_trusted_certificate_lets_mail_through(
    authority: trustme.CA, ca_file: str, *, at_once: bool
) -> None:
    with HostileSmtp(tls=certified(authority, "127.0.0.1"), at_once=at_once) as there:
        there.answers["EHLO"] = "250-hostile\r\n250 STARTTLS"
        security = "tls" if at_once else "starttls"
        with SmtpConnection(to(there, security=security, ca_file=ca_file)) as connection:
            connection.send(mail())
        assert there.accepted == [mail().raw]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("told", ["another name", "an unknown authority"])
def test_a_certificate_that_proves_nothing_gets_no_mail_and_no_password(
    authority: trustme.CA, ca_file: str, told: str, *, at_once: bool
) -> None:
    issuer, name = (authority, "else.example") if told == "another name" else (trustme.CA(), "127.0.0.1")
    with HostileSmtp(tls=certified(issuer, name), at_once=at_once) as there:
        there.answers["EHLO"] = "250-hostile\r\n250-STARTTLS\r\n250 AUTH PLAIN"
        way = to(
            there, security="tls" if at_once else "starttls", ca_file=ca_file, username="u", password="p"
        )
        with pytest.raises(Temporary, match="certificate is not trusted"), SmtpConnection(way):
            pass
        assert not {"AUTH", "MAIL"} & set(there.verbs())


def test_a_server_that_offers_no_encryption_gets_nothing() -> None:
    with HostileSmtp() as there:
        with pytest.raises(Temporary, match="STARTTLS"), SmtpConnection(to(there, security="starttls")):
            pass
        assert there.verbs() == ["EHLO"]


def test_a_token_signs_in_with_xoauth2(authority: trustme.CA, ca_file: str) -> None:
    with HostileSmtp(tls=certified(authority, "127.0.0.1"), at_once=True) as there:
        there.answers["EHLO"] = "250-hostile\r\n250 AUTH XOAUTH2"
        way = to(there, security="tls", ca_file=ca_file, username="u@m.example", access_token=lambda: "tok")
        with SmtpConnection(way) as connection:
            connection.send(mail())
        assert there.commands[1] == "AUTH XOAUTH2 dXNlcj11QG0uZXhhbXBsZQFhdXRoPUJlYXJlciB0b2sBAQ=="


def test_a_refused_token_answers_the_challenge_and_is_temporary(authority: trustme.CA, ca_file: str) -> None:
    with HostileSmtp(tls=certified(authority, "127.0.0.1"), at_once=True) as there:
        there.answers |= {"EHLO": "250-hostile\r\n250 AUTH XOAUTH2", "AUTH": "334 eyJzdGF0dXMiOiI0MDEifQ=="}
        way = to(there, security="tls", ca_file=ca_file, username="u@m.example", access_token=lambda: "old")
        with pytest.raises(Temporary, match="535"), SmtpConnection(way):
            pass
        assert there.commands[2] == ""


def test_a_token_in_a_file_is_read_anew_at_each_sign_in(
    authority: trustme.CA, ca_file: str, tmp_path: Path, make_settings: MakeSettings
) -> None:
    token = tmp_path / "token"
    with HostileSmtp(tls=certified(authority, "127.0.0.1"), at_once=True) as there:
        there.answers["EHLO"] = "250-hostile\r\n250 AUTH XOAUTH2"
        settings = make_settings(
            mail_server="127.0.0.1",
            mail_port=there.port,
            mail_security="tls",
            mail_username="u@m.example",
            mail_token_file=token,
        )
        way = replace(mail_server(settings), ca_file=ca_file)
        with pytest.raises(Temporary, match="cannot be read"), SmtpConnection(way):
            pass
        for text in ("een\n", "twee\n"):
            token.write_text(text, encoding="utf-8")
            with SmtpConnection(way) as connection:
                connection.send(mail())
    told = [command.split()[-1] for command in there.commands if command.startswith("AUTH")]
    assert [b64decode(each) for each in told] == [
        f"user=u@m.example\x01auth=Bearer {each}\x01\x01".encode() for each in ("een", "twee")
    ]


def test_a_wrong_password_is_temporary_because_no_mail_is_at_fault(
    authority: trustme.CA, ca_file: str
) -> None:
    with HostileSmtp(tls=certified(authority, "127.0.0.1"), at_once=True) as there:
        there.answers |= {"EHLO": "250-hostile\r\n250 AUTH PLAIN", "AUTH": "535 wrong"}
        way = to(there, security="tls", ca_file=ca_file, username="u", password="p")
        with pytest.raises(Temporary, match="535 wrong"), SmtpConnection(way):
            pass


@pytest.mark.parametrize(
    ("told", "values"),
    [
        ("a password in the clear", {"username": "u", "password": "p"}),
        ("a name without a secret", {"username": "u", "security": "tls"}),
        ("a secret without a name", {"password": "p", "security": "tls"}),
    ],
)
def test_a_sign_in_that_cannot_be_right_is_refused_beforehand(told: str, values: dict[str, Any]) -> None:
    plain = SmtpServer(host="h", port=25, ehlo_name="e", security="none")
    with pytest.raises(ValueError, match="sign-in"):
        replace(plain, **values)


def test_nobody_listening_is_temporary() -> None:
    with HostileSmtp() as there:
        way = to(there)
    with pytest.raises(Temporary, match="no connection to"), SmtpConnection(way):
        pass


def test_recording_messages_works_as_flask_mail_does_it() -> None:
    app = flask.Flask("test")
    extension = flask_mail.Mail(app)
    way = SmtpConnection(SmtpServer(host="h", port=25, ehlo_name="e"), suppress=True)
    with app.app_context(), extension.record_messages() as recorded, way as connection:
        connection.send(mail())
    assert [(each.subject, each.recipients, each.html) for each in recorded] == [
        ("Uw gesprek 1", ["jan@zaanstad.example"], "<p>é</p>\n")
    ]
