"""A real SMTP server on loopback that keeps what it is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller

from tests.support.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Delivery:
    """One message as the server got it: the envelope and the very bytes."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The bytes, read by the standard library."""
        return message_from_bytes(self.content, policy=policy.default)

    def part(self, kind: str) -> str:
        """The text of the first part of this type, such as ``text/calendar``."""
        for part in self.message.walk():
            if part.get_content_type() == kind:
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                return payload.decode(part.get_content_charset() or "utf-8")
        raise AssertionError(f"no {kind} in {[part.get_content_type() for part in self.message.walk()]}")


@dataclass
class Mailbox:
    """What has arrived, oldest first. Set ``answer`` to refuse (``451 later``, ``550 no``) what comes next."""

    port: int
    deliveries: list[Delivery] = field(default_factory=list)
    answer: str = "250 OK"

    def to(self, address: str) -> list[Delivery]:
        """What arrived for one address, oldest first."""
        return [mail for mail in self.deliveries if address in mail.recipients]

    def only(self, address: str) -> Delivery:
        """The one message that arrived for an address."""
        found = self.to(address)
        subjects = [str(mail.message["Subject"]) for mail in self.deliveries]
        assert len(found) == 1, f"{len(found)} messages for {address}; arrived: {subjects}"
        return found[0]

    def empty(self) -> None:
        """Forget everything and accept again."""
        self.deliveries.clear()
        self.answer = "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd)
        """Keep a message, or refuse it with ``answer``."""
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.deliveries.append(Delivery(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        return self.answer


@pytest.fixture(scope="session")
def _smtp_server() -> Iterator[Mailbox]:
    box = Mailbox(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def mailbox(_smtp_server: Mailbox) -> Mailbox:
    """The mail server that ``settings`` name, empty at the start of each test."""
    _smtp_server.empty()
    return _smtp_server
