"""Two thousand mails and forty workers, each killed (-9) somewhere else: nothing is lost, a repeat is the same mail."""

from __future__ import annotations

import os
import signal
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine, event, select

from consult import clock
from consult.database import db
from consult.outbox.books import TOGETHER
from consult.outbox.connection import SmtpConnection
from consult.outbox.delivery import Delivery, mail_server
from consult.outbox.models import MailState, OutgoingMail
from tests.outbox.test_delivery import NOW, outgoing
from tests.support.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiosmtpd.smtp import SMTP, Envelope, Session
    from flask import Flask

    from tests.support.apps import MakeSettings, Transaction

pytestmark = [
    pytest.mark.proof,
    pytest.mark.timeout(600),
    # The mail server is a thread, which a fork leaves behind on purpose.
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]
MAILS, KILLS = 2000, 40
EACH = MAILS // KILLS


class Server:
    """Takes mail; kills ``victim`` when it has as many as ``fatal``, before it says so or at the next greeting."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.bytes_by_id: dict[str, set[bytes]] = {}
        self.victim = self.fatal = 0
        self.says_so = False

    async def handle_MAIL(  # noqa: N802 (aiosmtpd finds this by its name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self._kill(says_so=True)
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd finds this by its name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        message_id = next(line for line in content.splitlines() if line.startswith(b"Message-ID:")).decode()
        self.ids.append(message_id)
        self.bytes_by_id.setdefault(message_id, set()).add(content)
        self._kill(says_so=False)
        return "250 OK"

    def _kill(self, *, says_so: bool) -> None:
        if self.victim and len(self.ids) >= self.fatal and self.says_so == says_so:
            os.kill(self.victim, signal.SIGKILL)
            self.victim = 0


def test_two_thousand_mails_survive_forty_killed_workers(
    app: Flask, make_settings: MakeSettings, transaction: Transaction
) -> None:
    with transaction() as session:
        session.add_all(outgoing(number) for number in range(MAILS))
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    carrier, repeats = mail_server(make_settings(mail_port=controller.port)), 0

    def deliver(turn: int) -> None:
        clock.start_at(NOW + turn * timedelta(minutes=6))
        if turn % 3 == 2 and turn < KILLS:
            # Killed by itself, at a note of what was accepted.
            event.listen(Engine, "commit", _Fatal(2 + turn % 5))
        Delivery(transaction, lambda: SmtpConnection(carrier), now=clock.now).run(Event())

    def worker(turn: int) -> int:
        """Let one worker work, six minutes after the one before; gives how it ended."""
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        with _forked(lambda: deliver(turn)) as child:
            server.fatal, server.says_so = len(server.ids) + EACH, bool(turn % 2)
            server.victim = child if turn < KILLS and turn % 3 != 2 else 0
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    try:
        for turn in range(KILLS):
            assert worker(turn) == -signal.SIGKILL
            again = len(server.ids) - len(server.bytes_by_id) - repeats
            assert again <= TOGETHER, "no more goes out again than was not noted yet"
            repeats += again
        assert worker(KILLS) == 0
    finally:
        controller.stop()
    given = Counter(server.ids)
    assert len(given) == MAILS, "nothing is lost"
    assert repeats > 0, "else the crashes proved nothing"
    assert all(len(versions) == 1 for versions in server.bytes_by_id.values()), "a repeat is the same mail"
    with transaction() as session:
        assert set(session.scalars(select(OutgoingMail.state))) == {MailState.SENT}


@contextmanager
def _forked(work: Callable[[], object]) -> Iterator[int]:
    """A process that does it from the end of the block on; gives its number."""
    begins, begin = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.read(begins, 1)
            work()
            status = 0
        finally:
            os._exit(status)
    yield child
    os.write(begin, b".")
    os.close(begin)
    os.close(begins)


class _Fatal:
    """Ends its process right before its so-manieth commit."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, _connection: object) -> None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
