from __future__ import annotations

import smtplib
import socket
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from consult.postbox.intake import Postbox
from consult.postbox.lmtp import LATER, LmtpDoor
from consult.postbox.mime import MOST_BYTES
from consult.postbox.models import ArrivalState
from consult.postbox.outcome import Judged
from consult.worker import Worker
from tests.postbox.letters import JOKE, address, calendar, exchange, letter
from tests.support.apps import running
from tests.support.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consult.database import DbSession
    from tests.postbox.conftest import Firm
    from tests.support.apps import MakeSettings


@contextmanager
def _door(postbox: Postbox) -> Iterator[int]:
    port = free_port()
    door = LmtpDoor(postbox, port, host="127.0.0.1", name="consult.example.nl")
    door.open()
    try:
        yield port
    finally:
        door.close()


def _send(port: int, raw: bytes, *to: str) -> None:
    with smtplib.LMTP("127.0.0.1", port, timeout=10) as client:
        client.sendmail(JOKE, list(to), raw)


def _say(port: int, *lines: str) -> list[str]:
    """The last line of each answer to each line, the greeting first."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line, line.makefile("rb") as answers:
        said = [_answer(answers)]
        for each in lines:
            line.sendall(each.encode() + b"\r\n")
            said += [_answer(answers)] if not each.endswith("\r\n.") else []
        return [*said, *(_answer(answers) for each in lines[-1:] if each.endswith("\r\n.") for _ in range(2))]


def _answer(answers: object) -> str:
    for line in answers:  # type: ignore[attr-defined]  # a file of lines
        if line[3:4] == b" ":
            return line.decode().strip()
    return ""


@contextmanager
def _no_database() -> Iterator[DbSession]:
    raise ConnectionError("the database is away")
    yield


def test_a_mail_is_stored_before_it_is_accepted_and_opened_after(firm: Firm) -> None:
    to = address(firm.tokens["visitor"])
    with _door(firm.postbox) as port:
        _send(port, exchange(calendar(firm.uid, "ACCEPTED"), "somebody@else.example"), to.upper())
        assert [mail.state for mail in firm.stored()] == [ArrivalState.RECEIVED]
    firm.postbox.open_waiting(Event())
    assert firm.invitation().participation == "ACCEPTED"


@pytest.mark.parametrize("to", ["contact+deadbeef@consult.example.nl", "piet@elders.example", "contact+@x"])
def test_an_address_that_is_not_ours_is_refused_at_the_door(firm: Firm, to: str) -> None:
    with _door(firm.postbox) as port, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        _send(port, letter("Dag", to=to), to)
    assert [code for code, _ in refused.value.recipients.values()] == [550]
    assert firm.stored() == []


def test_every_receiver_of_one_mail_has_an_answer_of_its_own(firm: Firm) -> None:
    one, other = address(firm.enquiry_token), address(firm.tokens["visitor"])
    with _door(firm.postbox) as port:
        said = _say(
            port,
            "LHLO mail.example",
            f"MAIL FROM:<{JOKE}>",
            f"RCPT TO:<{one}>",
            f"RCPT TO:<{other}>",
            "DATA",
            "Subject: x\r\n\r\nDag\r\n.",
        )
    assert [line[:3] for line in said] == ["220", "250", "250", "250", "250", "354", "250", "250"]
    assert sorted(str(mail.token) for mail in firm.stored()) == sorted(
        [firm.enquiry_token, firm.tokens["visitor"]]
    )


def test_when_it_cannot_be_stored_the_mail_server_is_asked_to_keep_it(firm: Firm) -> None:
    to = "contact@consult.example.nl"
    away = Postbox(_no_database, (), firm.settings, now=lambda: firm.now)
    with _door(away) as port, pytest.raises(smtplib.SMTPDataError) as later:
        _send(port, letter("Dag", to=to), to)
    assert f"{later.value.smtp_code} {later.value.smtp_error.decode()}" == LATER


def test_a_mail_that_is_too_large_is_refused_and_long_lines_are_not(firm: Firm) -> None:
    to = address(firm.enquiry_token)
    with _door(firm.postbox) as port:
        _send(port, letter("a" * 50_000, to=to), to)
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            _send(port, b"a\r\n" * (MOST_BYTES // 3 + 1), to)
        assert refused.value.smtp_code == 552
    assert len(firm.stored()) == 1


def test_the_second_worker_leaves_the_door_to_the_first_and_takes_it_over(firm: Firm) -> None:
    port = free_port()
    first, second = (LmtpDoor(firm.postbox, port, host="127.0.0.1", name="x") for _ in range(2))
    first.open()
    second.open()
    first.close()
    second.open()
    _send(port, letter("Dag", to="x"), address(firm.enquiry_token))
    second.close()
    assert len(firm.stored()) == 1


def test_it_listens_where_the_settings_say_and_an_address_that_is_not_ours_is_told(firm: Firm) -> None:
    port, to = free_port(), address(firm.enquiry_token)
    door = LmtpDoor(firm.postbox, port, host="127.0.0.2", name="x")
    door.open()
    try:
        assert not _sent(port, letter("Dag", to="x"), to)
        with smtplib.LMTP("127.0.0.2", port) as client:
            client.sendmail(JOKE, [to], letter("Dag", to="x"))
    finally:
        door.close()
    assert len(firm.stored()) == 1
    with pytest.raises(OSError, match="assign"):
        LmtpDoor(firm.postbox, port, host="192.0.2.1", name="x").open()


def test_the_worker_has_the_door_that_the_settings_name(firm: Firm, make_settings: MakeSettings) -> None:
    port, stop = free_port(), Event()
    firm.settings = make_settings(lmtp_port=port, clock=firm.now)
    with running(firm.settings) as app:
        worker = Worker(app, poll=0.05)
        worker.steps = [step for step in worker.steps if step.name in {"doors", "open mail"}]
        thread = Thread(target=worker.run, args=(stop,))
        thread.start()
        try:
            while not _sent(port, letter("Dag", to="x"), address(firm.enquiry_token)):
                assert thread.is_alive()
            while firm.stored()[0].state == ArrivalState.RECEIVED:
                assert thread.is_alive()
        finally:
            stop.set()
            thread.join(20)
    assert firm.stored()[0].judged == Judged.VISITOR_TEXT
    assert not _sent(port, b"", address(firm.enquiry_token))


def _sent(port: int, raw: bytes, to: str) -> bool:
    try:
        _send(port, raw, to)
    except ConnectionRefusedError:
        return False
    return True
