"""The door behind a mail server of our own (LMTP, RFC 2033): unknown addresses are refused, mail is stored.

An answer of 250 is given after the transaction is committed. Knows nothing of what is in a mail.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from typing import TYPE_CHECKING, Any

import structlog

from consult.postbox.mime import MOST_BYTES

if TYPE_CHECKING:
    from aiosmtpd.controller import Controller

    from consult.postbox.intake import Postbox

log = structlog.get_logger("consult.postbox")

LONGEST_LINE = 256 * 1024
IDLE_SECONDS = 120.0
LATER = "451 4.3.0 Not now, try again later"


class _Receiver:
    """What aiosmtpd calls; its threads do the database's work, so that one slow mail keeps no other waiting."""

    def __init__(self, postbox: Postbox) -> None:
        self._postbox = postbox

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: Any, _conversation: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if not await asyncio.to_thread(self._postbox.knows, address):
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: Any, _conversation: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """One answer a receiver, in order (RFC 2033 4.2)."""
        answers = [await self._store(envelope.content, address) for address in envelope.rcpt_tos]
        return "\r\n".join(answers)

    async def handle_exception(self, error: Exception) -> str:
        return self._later(error)

    async def _store(self, raw: bytes, address: str) -> str:
        try:
            await asyncio.to_thread(self._postbox.take_in, raw, address)
        except Exception as error:  # noqa: BLE001 (the mail server keeps the mail and comes back)
            return self._later(error)
        return "250 2.0.0 Stored"

    def _later(self, error: Exception) -> str:
        log.warning("mail not taken in", error=type(error).__name__)
        return LATER


class LmtpDoor:
    """Listens on ``host`` from ``open`` until ``close``, in a thread of its own.

    Whoever reaches it can put mail in, unasked: on another address than loopback a firewall has to let only the mail
    server through.
    """

    def __init__(self, postbox: Postbox, port: int, *, host: str, name: str) -> None:
        self._postbox = postbox
        self._address = (host, port)
        self._name = name
        self._controller: Controller | None = None

    def open(self) -> None:
        """Listen, if nobody does: of several workers one has the door, and another takes it over when that one ends."""
        if self._controller is not None:
            return
        try:
            family = socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET
            socket.create_server(self._address, family=family).close()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            log.debug("another listens", port=self._address[1])
            return
        controller = _controller(self._postbox, self._address, self._name)
        try:
            controller.start()
        except OSError:
            # Another worker was first, just now.
            controller.loop.close()
            return
        self._controller = controller
        log.info("lmtp open", host=self._address[0], port=self._address[1])

    def close(self) -> None:
        """Stop listening. Twice is once."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


def _controller(postbox: Postbox, address: tuple[str, int], name: str) -> Controller:
    from aiosmtpd.controller import Controller
    from aiosmtpd.lmtp import LMTP

    class _Server(LMTP):
        # Mail servers pass on lines that are longer than they should be.
        line_length_limit = LONGEST_LINE

    def make_server() -> LMTP:
        return _Server(
            _Receiver(postbox),
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            hostname=name,
            ident="LMTP",
            timeout=IDLE_SECONDS,
        )

    class _Door(Controller):
        def factory(self) -> LMTP:
            return make_server()

    return _Door(_Receiver(postbox), hostname=address[0], port=address[1])
