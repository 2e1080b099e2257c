"""A talk booked as a visitor and as a program do it: over HTTP, one at a time here, and eight at once at a real server.

The server of the eight is a process of its own, as in production, on the same database; those who ask are threads
here. Each booking is of another moment and another visitor.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from consult.booking.forms import BookingForm, moment_value
from consult.operations import web_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from flask import Flask

    from consult.settings import Settings

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
EIGHT = 8


class Doors:
    """Requests that book the next moment; ``next_moment`` gives a number, a moment and an advisor, each time others."""

    def __init__(self, app: Flask, next_moment: Callable[[], tuple[int, datetime, int]]) -> None:
        self.app, self.next_moment, self.client = app, next_moment, app.test_client()
        self._turn = threading.Lock()

    def page(self) -> tuple[str, str, str]:
        """The second step of planning, filled in: address, content type and body."""
        with self._turn:
            number, at, advisor = self.next_moment()
            with self.app.test_request_context():
                token = BookingForm(formdata=None).csrf_token.current_token
        filled = {"slot": moment_value(at), "place": "video", "csrf_token": token} | _visitor(number)
        return f"/afspraak/a{advisor}", FORM, urlencode(filled)

    def call(self) -> tuple[str, str, str]:
        """The call of a program: address, content type and body."""
        with self._turn:
            number, at, advisor = self.next_moment()
        asked = {"meetingType": "sparren", "advisor": f"a{advisor}", "start": moment_value(at)}
        return "/api/v1/bookings", JSON, json.dumps(asked | _visitor(number))

    def knock_next(self, waiting: list[tuple[str, str, str]]) -> None:
        """The last of what waits through the application, here in this thread.

        Raises:
            RuntimeError: it was refused.
        """
        address, kind, body = waiting.pop()
        answer = self.client.post(address, data=body, content_type=kind)
        _check(answer.status_code, address)

    def eight(
        self, port: int, make: Callable[[], tuple[str, str, str]], seconds: float
    ) -> tuple[float, float]:
        """Talks a second that eight connections book, and the milliseconds within which 99 of 100 are answered."""
        end = perf_counter() + seconds

        def go() -> list[float]:
            connection, taken = http.client.HTTPConnection("127.0.0.1", port, timeout=30), []
            while perf_counter() < end:
                address, kind, body = make()
                begin = perf_counter()
                connection.request("POST", address, body, {"Content-Type": kind})
                answer = connection.getresponse()
                answer.read()
                _check(answer.status, address)
                taken.append(perf_counter() - begin)
            connection.close()
            return taken

        begin = perf_counter()
        with ThreadPoolExecutor(EIGHT) as pool:
            asking = [pool.submit(go) for _ in range(EIGHT)]
            everybody = sorted(each for some in asking for each in some.result())
        return len(everybody) / (perf_counter() - begin), everybody[int(len(everybody) * 0.99)] * 1000


def _visitor(number: int) -> dict[str, str]:
    return {"name": "Joke Jansen", "email": f"joke{number}@gemeente.example"}


def _check(status: int, address: str) -> None:
    if status not in {201, 303}:
        raise RuntimeError(f"{address} answered {status}: a free moment was refused")


@contextmanager
def server(program: Path, folder: Path) -> Iterator[int]:
    """A process that runs ``serve`` of ``program`` on the database in ``folder``; gives its port, and ends it after."""
    command = [sys.executable, str(program), "serve", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline() if process.stdout else "")
        finally:
            process.kill()


def serve(app: Flask, settings: Settings) -> None:
    """Answer on a free port of loopback, which is printed, until this process is ended."""
    listener = web_server.listen("127.0.0.1", 0)
    print(listener.getsockname()[1], flush=True)
    web_server.WebServer(app, listener, threads=settings.threads).run(threading.Event())
