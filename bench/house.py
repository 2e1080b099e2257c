"""What the benchmarks of load and scale stand on: a furnished database of either kind, processes, requests."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import flask_migrate

from consult.app import create_app
from consult.database import db
from consult.settings import load
from tests.operations.processes import COMMAND, ROOT, environment
from tests.support import rows
from tests.support.databases import postgres_url
from tests.support.servers import free_port, postgres_server, redis_server

if TYPE_CHECKING:
    import http.client
    from collections.abc import Iterator

    from flask import Flask

    from consult.settings import Settings

_visitors = count(1)


def load_on_machine() -> str:
    """How many processors there are, and how many processes wanted one in the last minute."""
    return f"{os.cpu_count()} processors, {os.getloadavg()[0]:.1f} wanted before"


@contextmanager
def furnished(kind: str) -> Iterator[tuple[Settings, Flask]]:
    """A database with one advisor and one kind of talk, and Redis beside PostgreSQL; gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="consult-load-")))
        changed = {}
        url = f"sqlite:///{folder}/consult.sqlite3"
        if kind == "postgres":
            url = postgres_url(stack.enter_context(postgres_server()), "postgres")
            changed["ratelimit_storage_uri"] = stack.enter_context(redis_server())
        settings = load(
            {},
            instance=folder,
            database_url=url,
            secret_key="only for this test run, thirty-two",  # noqa: S106 (opens nothing)
            base_url="http://localhost",
            testing=True,
            **changed,
        )
        app = create_app(settings)
        with app.app_context():
            flask_migrate.upgrade()
            rows.create_advisor(db.session)
            kind_of_talk = rows.create_meeting_type(db.session, per_visitor=None)
            db.session.flush()
            kind_of_talk.per_day = kind_of_talk.per_week = None
            db.session.commit()
            db.session.remove()
        yield settings, app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def served(settings: Settings, *, processes: int) -> Iterator[list[int]]:
    """So many web processes behind a proxy (the load itself); gives their ports."""
    with ExitStack() as stack:
        ports = [free_port() for _ in range(processes)]
        uri = settings.ratelimit_storage_uri.get_secret_value()
        told = {"CONSULT_TRUSTED_PROXIES": "1", "CONSULT_RATELIMIT_STORAGE_URI": uri}
        # What is measured is the work, and not that one machine that asks so often is refused.
        told |= {"CONSULT_FLOOD_LIMIT": "1000000", "CONSULT_RATELIMIT_ENABLED": "false"}
        for port in ports:
            stack.enter_context(running("serve", env=environment(settings, CONSULT_PORT=str(port), **told)))
        yield ports


@contextmanager
def running(*words: str, env: dict[str, str]) -> Iterator[None]:
    """One of our commands, from the moment it says that it works until it is not needed."""
    with tempfile.TemporaryFile() as said:
        command = [*COMMAND, *words]
        process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=said, stderr=subprocess.PIPE, text=True)
        try:
            if not (process.stderr and process.stderr.readline()):
                raise RuntimeError(f"{' '.join(words)} ended at once")
            # Nobody reads on: a pipe that is full would stop the process.
            drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
            process.stderr.close()
            yield
        finally:
            process.terminate()
            process.wait(30)
            drain.wait(30)


def requested(connection: http.client.HTTPConnection, method: str, path: str, body: str | None = None) -> int:
    """Ask something as one more visitor, from an address of one's own; gives the status."""
    number = next(_visitors)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    headers = {"Host": "localhost", "X-Forwarded-For": address, "X-Forwarded-Proto": "http"}
    connection.request(method, path, body, headers | ({"Content-Type": "application/json"} if body else {}))
    answer = connection.getresponse()
    answer.read()
    return answer.status


def tried(url: str, processes: int, tries: int) -> None:
    """So many processes book at random among the same moments, each so often; waits for all of them."""
    command = [sys.executable, str(ROOT / "bench" / "load.py"), "tries", url]
    started = [subprocess.Popen([*command, str(n), str(tries)], cwd=ROOT) for n in range(processes)]
    if any(process.wait(600) for process in started):
        raise RuntimeError("one that tried got another answer than yes or no")
