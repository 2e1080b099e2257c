"""An IMAP conversation that ends: the server may say only so much in one answer, and all of it takes only so long.

The standard library waits for each byte anew and reads as much as a server announces. Knows no mail.
"""

from __future__ import annotations

import contextlib
import imaplib
import socket
import time
from threading import Timer
from typing import TYPE_CHECKING, Any

from imap_tools import BaseMailBox

if TYPE_CHECKING:
    import ssl


class _Bounded(imaplib.IMAP4):
    """``most`` bytes in one answer, ``whole`` seconds in all, ``timeout`` seconds for each piece."""

    def __init__(self, host: str, port: int, *, timeout: float, most: int, whole: float) -> None:
        self._most, self._said, self._until = most, 0, time.monotonic() + whole
        self._end = Timer(whole, self._hang_up)
        self._end.daemon = True
        try:
            super().__init__(host, port, timeout)
        except BaseException:
            self._end.cancel()
            raise

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connect; from here on the time runs."""
        super().open(host, port, timeout)
        self._end.start()

    def shutdown(self) -> None:
        """Close the connection."""
        self._end.cancel()
        super().shutdown()

    def send(self, data: Any) -> None:
        """Ask something; a new answer begins."""
        self._said = 0
        super().send(data)

    def read(self, size: int) -> bytes:
        """Read what the server announced, unless that is too much."""
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        """Read a line."""
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._said += size
        if self._said > self._most or time.monotonic() > self._until:
            raise self.abort("the server says more, or longer, than it was asked for")

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            # Of the bare socket: whoever waits in it, with TLS or without, reads that it has ended.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _BoundedTls(_Bounded):
    def __init__(self, host: str, port: int, *, trust: ssl.SSLContext, **bounds: Any) -> None:
        self._trust = trust
        super().__init__(host, port, **bounds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]  # (the hook of the library)
        return self._trust.wrap_socket(plain, server_hostname=self.host)


class BoundedMailBox(BaseMailBox):
    """The library's mailbox over such a conversation; with ``trust`` over TLS.

    Raises:
        OSError: there is no way to the server, or it is not who it says.
    """

    def __init__(
        self, host: str, port: int, *, trust: ssl.SSLContext | None, timeout: float, most: int, whole: float
    ) -> None:
        bounds: dict[str, Any] = {"timeout": timeout, "most": most, "whole": whole}
        self._open = (
            (lambda: _BoundedTls(host, port, trust=trust, **bounds))
            if trust
            else (lambda: _Bounded(host, port, **bounds))
        )
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._open()  # type: ignore[no-untyped-call]  # (the library's)
