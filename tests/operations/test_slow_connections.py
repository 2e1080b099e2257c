"""A hundred and fifty connections that say little or nothing keep nobody else waiting, without a proxy in front."""

from __future__ import annotations

import socket
import statistics
import time
import urllib.request
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.operations.processes import environment, started
from tests.support.servers import free_port

if TYPE_CHECKING:
    from typing import IO

    from flask import Flask

    from consult.settings import Settings

pytestmark = pytest.mark.proof

SLOW = 150
WITHIN_SECONDS = 5.0
# What each of them has said so far: nothing; half a request; a body that was announced and does not come.
BEGINNINGS = (
    b"",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    (
        b"POST /vraag HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 200000\r\n\r\nquestion="
    ),
)


def said_until(stream: IO[str] | None, words: str) -> None:
    assert stream is not None
    while words not in (line := stream.readline()):
        assert line, f"ended before it said {words!r}"


def took(port: int) -> float:
    """How long another visitor waits for a page, in seconds."""
    began = time.monotonic()
    with urllib.request.urlopen(f"http://localhost:{port}/vraag", timeout=30) as answer:
        assert answer.status == 200
        answer.read()
    return time.monotonic() - began


def test_slow_and_idle_connections_leave_others_under_five_seconds(app: Flask, settings: Settings) -> None:
    port = free_port()
    with (
        started("serve", env=environment(settings, CONSULT_PORT=str(port))) as server,
        ExitStack() as held,
    ):
        said_until(server.stderr, "Answering on")
        took(port)
        slow = [
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(SLOW)
        ]
        for number, each in enumerate(slow):
            each.sendall(BEGINNINGS[number % len(BEGINNINGS)])
        waited = []
        for _ in range(20):
            for number, each in enumerate(slow):
                if number % len(BEGINNINGS):
                    each.sendall(b"x")
            waited.append(took(port))
        assert max(waited) < WITHIN_SECONDS, f"{statistics.median(waited):.2f} … {max(waited):.2f} s"
        assert server.poll() is None
