"""A web server of somebody else, on loopback: polite by default, and as nasty as a test tells it to be.

``answers`` maps a path to the bytes of a whole HTTP answer, or to a behaviour; what was asked stands in ``asked``.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl


class Behaviour(Enum):
    """What the server does in place of an answer."""

    SILENCE = "say nothing"
    DRIP = "send a byte of a header now and then, without end"
    DRIP_BODY = "send a byte of the body now and then, without end"
    DROP = "close the connection"
    ENDLESS = "send a body without end"


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """The bytes of an answer; ``Content_Type`` becomes that header."""
    given = {"Content-Length": str(len(body))} | {k.replace("_", "-"): v for k, v in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def zipped(body: bytes, **headers: str) -> bytes:
    """The same, as small as it gets."""
    return answer(gzip.compress(body, mtime=0), Content_Encoding="gzip", **headers)


@dataclass
class ForeignWeb:
    """Runs from ``with`` to its end, on a free port of ``host``."""

    answers: dict[str, bytes | Behaviour] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.stopped = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self._accept)]
        self.threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(5)

    def url(self, path: str = "/") -> str:
        """The address of a path here."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}{path}"

    def _accept(self) -> None:
        while not self.stopped.is_set():
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(client,))
            self.threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            client.settimeout(5)
            if self.tls is not None:
                client = self.tls.wrap_socket(client, server_side=True)
            self._converse(client)
        client.close()

    def _converse(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            chunk = client.recv(65536)
            if not chunk:
                return
            head += chunk
        self.asked.append(head.decode())
        reply = self.answers.get(head.split(b" ")[1].decode(), answer(status="404 Not Found"))
        if isinstance(reply, bytes):
            client.sendall(reply)
            return
        if reply in (Behaviour.DRIP_BODY, Behaviour.ENDLESS):
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n\r\n")
        elif reply is Behaviour.DRIP:
            client.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        piece = b"x" * 65536 if reply is Behaviour.ENDLESS else b"x"
        while reply is not Behaviour.DROP and not self.stopped.is_set():
            if reply is not Behaviour.SILENCE:
                client.sendall(piece)
            if reply is not Behaviour.ENDLESS:
                self.stopped.wait(0.05)
