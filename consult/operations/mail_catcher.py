"""The demonstration's mail server: takes every mail over real SMTP on loopback and keeps it as a file.

Sends nothing on. Knows no database: whoever can read the folder can read the mail.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from aiosmtpd.smtp import SMTP, Envelope, Session

if TYPE_CHECKING:
    import socket

    from consult.operations.caught_mail import CaughtMails

LARGEST = 10 * 1024 * 1024


class MailCatcher:
    """An SMTP server on ``listener`` (bound to loopback) in a thread of its own, between ``start`` and ``stop``."""

    def __init__(self, listener: socket.socket, mails: CaughtMails) -> None:
        self.listener = listener
        self.mails = mails
        self.port: int = listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="mail-catcher", daemon=True)
        self._listening = threading.Event()

    def start(self) -> None:
        """Listen; returns when a connection would be answered."""
        self._loop = asyncio.new_event_loop()
        self._thread.start()
        self._listening.wait()

    def stop(self) -> None:
        """End the server and its thread, whoever is connected."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def handle_DATA(  # noqa: N802 (aiosmtpd finds this by its name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep what was sent, exactly as it was sent."""
        raw = envelope.original_content
        await self._loop.run_in_executor(None, self.mails.add, raw or b"")
        return "250 Kept"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._loop.create_server(self._session, sock=self.listener))
        self._loop.call_soon(self._listening.set)
        try:
            self._loop.run_forever()
        finally:
            server.close()
            self._end_sessions()
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

    def _session(self) -> SMTP:
        return SMTP(
            self, data_size_limit=LARGEST, hostname="mail.example.nl", ident="consult demo", loop=self._loop
        )

    def _end_sessions(self) -> None:
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
