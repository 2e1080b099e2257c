"""A mail server on loopback that is polite by default and misbehaves as told.

``answers`` maps a verb (GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, MESSAGE, RSET, QUIT, and the receiver's
address for one RCPT) to the reply it gets, or to one of the behaviours DROP, SILENCE and DRIP.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl


class Behaviour(Enum):
    """What the server does in place of a reply."""

    DROP = "close the connection"
    SILENCE = "say nothing"
    DRIP = "send a byte now and then, without end"


DROP, SILENCE, DRIP = Behaviour
POLITE: dict[str, str | Behaviour] = {
    "GREETING": "220 hostile.example ESMTP",
    "EHLO": "250-hostile.example\r\n250-SIZE 1000000\r\n250 8BITMIME",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 welcome",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "MESSAGE": "250 accepted",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


class _Gone(Exception):
    """This connection is over."""


@dataclass
class HostileSmtp:
    """Runs from ``with`` to its end; ``accepted`` holds the bytes of every message it said 250 to."""

    answers: dict[str, str | Behaviour] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    at_once: bool = False
    accepted: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0

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

    def verbs(self) -> list[str]:
        """The commands that came in, by their first word."""
        return [command.split(" ")[0].upper() for command in self.commands]

    def _accept(self) -> None:
        while not self.stopped.is_set():
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(client,))
            self.threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(5)
        try:
            if self.tls is not None and self.at_once:
                client = self.tls.wrap_socket(client, server_side=True)
            dialogue = _Dialogue(self, client)
        except OSError:
            client.close()
            return
        with contextlib.suppress(_Gone, OSError):
            dialogue.run()
        dialogue.client.close()


class _Dialogue:
    def __init__(self, server: HostileSmtp, client: socket.socket) -> None:
        self.server = server
        self.client = client
        self.buffer = b""

    def run(self) -> None:
        self.answer("GREETING")
        while True:
            command = self.line().decode()
            self.server.commands.append(command)
            verb = command.split(" ")[0].upper()
            if verb == "DATA":
                self.data()
            elif verb == "RCPT":
                address = command.partition("<")[2].partition(">")[0]
                self.answer(address if address in self.server.answers else "RCPT")
            elif verb not in POLITE:
                self.send("535 no" if verb == "" else "502 what?")
            else:
                self.answer(verb)
            if verb == "QUIT":
                raise _Gone
            if verb == "STARTTLS" and self.server.tls is not None:
                self.client = self.server.tls.wrap_socket(self.client, server_side=True)
                self.buffer = b""

    def data(self) -> None:
        self.answer("DATA")
        if not str(self.server.answers.get("DATA", "354")).startswith("354"):
            return
        lines: list[bytes] = []
        while (line := self.line()) != b".":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            if self.server.answers.get("MESSAGE") is DROP:
                raise _Gone
        if any(len(line) > 998 for line in lines):
            self.send("500 line too long")
            return
        answer = self.server.answers.get("MESSAGE", POLITE["MESSAGE"])
        if isinstance(answer, str) and answer.startswith("250"):
            self.server.accepted.append(b"\r\n".join(lines) + b"\r\n")
        self.answer("MESSAGE")

    def answer(self, verb: str) -> None:
        answer = self.server.answers.get(verb, POLITE.get(verb, "250 ok"))
        if isinstance(answer, str):
            self.send(answer)
        elif answer is DROP:
            raise _Gone
        elif answer is SILENCE:
            self.server.stopped.wait(5)
            raise _Gone
        else:
            while not self.server.stopped.wait(0.02):
                self.client.sendall(b"2")
            raise _Gone

    def send(self, text: str) -> None:
        self.client.sendall(text.encode() + b"\r\n")

    def line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            chunk = self.client.recv(65536)
            if not chunk:
                raise _Gone
            self.buffer += chunk
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line
