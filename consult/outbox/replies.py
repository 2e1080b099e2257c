"""SMTP with an end to waiting: one time limit and one size limit for a whole reply of the server.

The standard client starts its time-out again at every byte, so a server that drips one byte a few seconds keeps
it for ever, and one that never ends its reply fills the memory.
"""

from __future__ import annotations

import smtplib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

LARGEST_REPLY = 64 * 1024


class _Replies:
    """The lines of the server, read until a deadline that holds for one reply as a whole."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self.sock = sock
        self.seconds = seconds
        self.buffer = bytearray()
        self.begin()

    def begin(self) -> None:
        """A new reply: the time and the size count from here."""
        self.deadline: float | None = None
        self.received = 0

    def readline(self, limit: int) -> bytes:
        """The next line with its end, as a file gives it; empty when the server is gone."""
        while (end := self.buffer.find(b"\n") + 1) == 0 and len(self.buffer) < limit:
            chunk = self._chunk()
            if not chunk:
                end = len(self.buffer)
                break
            self.buffer += chunk
        line = bytes(self.buffer[:end])
        del self.buffer[:end]
        self.received += end
        if self.received > LARGEST_REPLY or len(self.buffer) >= limit:
            raise smtplib.SMTPServerDisconnected("a reply without end")
        return line

    def close(self) -> None:
        """Nothing to close: the socket belongs to the client."""

    def _chunk(self) -> bytes:
        if self.deadline is None:
            # Most replies come in one piece: that piece has all the time, which the socket knows already.
            self.deadline = time.monotonic() + self.seconds
            return self.sock.recv(8192)
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        self.sock.settimeout(left)
        try:
            return self.sock.recv(8192)
        finally:
            self.sock.settimeout(self.seconds)


class _Patient(smtplib.SMTP):
    def getreply(self) -> tuple[int, bytes]:
        """The server's whole reply.

        Raises:
            smtplib.SMTPServerDisconnected: it is gone, took too long, or does not stop.
        """
        if self.file is None:
            if self.sock is None:
                raise smtplib.SMTPServerDisconnected("the connection is closed")
            self.file = _Replies(self.sock, self.timeout)
        self.file.begin()
        return super().getreply()


class PatientSmtp(_Patient):
    """A connection in the clear, or to be encrypted with STARTTLS."""

    def __init__(self, host: str, port: int, ehlo_name: str, *, timeout: float) -> None:
        super().__init__(host, port, local_hostname=ehlo_name, timeout=timeout)


class PatientSmtpTls(_Patient, smtplib.SMTP_SSL):
    """A connection that is encrypted from the first byte."""
