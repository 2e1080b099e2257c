"""The web server: a port that is taken is said, what has come in is answered, and nothing tells a version."""

from __future__ import annotations

import http.client
import socket
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from consult.operations.web_server import PortTaken, WebServer, listen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment


class SlowPage:
    """Answers when it is allowed to."""

    def __init__(self, size: int = 3) -> None:
        self.size = size
        self.asked, self.may_answer = Event(), Event()

    def __call__(self, _environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked.set()
        assert self.may_answer.wait(20)
        start_response("200 OK", [("Content-Length", str(self.size))])
        return [b"x" * self.size]


@contextmanager
def serving(page: SlowPage) -> Iterator[tuple[int, Event, Thread]]:
    listener = listen("127.0.0.1", 0)
    stop = Event()
    server = WebServer(page, listener, threads=2)
    thread = Thread(target=server.run, args=(stop,), kwargs={"drain_seconds": 10})
    thread.start()
    try:
        yield listener.getsockname()[1], stop, thread
    finally:
        page.may_answer.set()
        stop.set()
        thread.join()


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return True
    return False


def test_what_has_come_in_is_answered_after_the_end_was_announced() -> None:
    # More than fits into the buffers of the system: the reader has to be waited for.
    page = SlowPage(size=8_000_000)
    with serving(page) as (port, stop, thread):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/")
        assert page.asked.wait(10)
        stop.set()
        while not refused(port):
            pass
        page.may_answer.set()
        answer = connection.getresponse()
        assert (answer.status, len(answer.read())) == (200, 8_000_000)
        assert answer.getheader("Server") is None
        thread.join(timeout=10)
        assert not thread.is_alive()
        connection.close()


def test_an_idle_connection_holds_up_no_end() -> None:
    page = SlowPage()
    page.may_answer.set()
    with serving(page) as (port, stop, thread):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/")
        connection.getresponse().read()
        stop.set()
        thread.join(timeout=5)
        assert not thread.is_alive()
        connection.close()


def test_a_port_that_is_taken_is_said() -> None:
    with listen("127.0.0.1", 0) as other, pytest.raises(PortTaken, match="already in use"):
        listen("127.0.0.1", other.getsockname()[1])
