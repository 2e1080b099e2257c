"""A worker that is killed in the middle of a conversation: nothing is lost, and a repeat is the same mail.

Repeated is at most what was handed over and not yet noted: one group, each with its own Message-ID and bytes.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from consult.outbox.books import TOGETHER
from consult.outbox.models import MailState, OutgoingMail
from tests.operations.processes import environment, started
from tests.outbox.test_delivery import outgoing
from tests.support.servers import free_port

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

    from tests.support.apps import MakeSettings, Transaction

pytestmark = pytest.mark.proof

MAILS = 30
FATAL = 7


class Server:
    """Keeps what it is given; kills whoever is named in ``victim`` after the seventh mail and before answering."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.bytes_by_id: dict[str, set[bytes]] = {}
        self.victim: int | None = None
        self.has_everything = Event()

    async def handle_DATA(  # noqa: N802 (aiosmtpd finds this by its name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        message_id = next(line for line in content.splitlines() if line.startswith(b"Message-ID:")).decode()
        self.ids.append(message_id)
        self.bytes_by_id.setdefault(message_id, set()).add(content)
        if len(self.ids) == FATAL and self.victim:
            os.kill(self.victim, signal.SIGKILL)
        if len(self.bytes_by_id) == MAILS:
            self.has_everything.set()
        return "250 OK"


def test_a_worker_killed_between_handing_over_and_hearing_accepted_loses_nothing(
    make_settings: MakeSettings, transaction: Transaction
) -> None:
    with transaction() as session:
        session.add_all(outgoing(number) for number in range(MAILS))
    server = Server()
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        env = environment(make_settings(mail_port=port))
        with started("worker", env=env) as first:
            server.victim = first.pid
            assert first.wait(timeout=40) == -signal.SIGKILL
        # The leases of the dead worker have run out.
        later = (datetime.now(UTC) + timedelta(minutes=6)).isoformat()
        with started("worker", env=env | {"CONSULT_CLOCK": later}) as second:
            assert server.has_everything.wait(40)
            second.send_signal(signal.SIGTERM)
            assert second.wait(timeout=10) == 0
    finally:
        controller.stop()
    repeated = {message_id for message_id, count in Counter(server.ids).items() if count > 1}
    assert server.ids[FATAL - 1] in repeated <= set(server.ids[:FATAL])
    assert FATAL <= TOGETHER
    assert max(Counter(server.ids).values()) == 2
    assert all(len(versions) == 1 for versions in server.bytes_by_id.values())
    with transaction() as session:
        assert set(session.scalars(select(OutgoingMail.state))) == {MailState.SENT}
