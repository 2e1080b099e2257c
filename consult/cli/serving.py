"""The commands that keep running: ``serve`` and ``worker``."""

from __future__ import annotations

import gc
import signal
import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from consult.cli import loading
from consult.cli.failures import Wrong
from consult.database import db
from consult.operations import web_server
from consult.operations.database_time import follow_database
from consult.worker import Step, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from consult.settings import Settings

CLOCK_SECONDS = 15.0


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM or SIGINT sets."""
    stop = threading.Event()

    def stop_now(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, stop_now) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@click.command()
def serve() -> None:
    """Answer visitors and advisors until interrupted; what has come in is answered first."""
    app = loading.app_that_reads()
    settings: Settings = app.extensions["consult"]
    with stopped_by_signals() as stop:
        try:
            listener = web_server.held() or web_server.listen(settings.host, settings.port)
        except web_server.PortTaken as error:
            raise Wrong(f"{error}. Set CONSULT_PORT, or end what listens there") from None
        server = web_server.WebServer(app, listener, threads=settings.threads)
        host, port = listener.getsockname()[:2]
        click.echo(f"Answering on http://{host}:{port}", err=True)
        # The application never becomes garbage. Looked through each time, it makes one full collection take 160 ms,
        # in the middle of somebody's page that reads many rows.
        gc.collect()
        gc.freeze()
        server.run(stop)


@click.command("worker")
def work() -> None:
    """Send mail and do what has its time, until interrupted. Any number may run at once."""
    app = loading.app_that_reads()
    with stopped_by_signals() as stop:
        click.echo("Working", err=True)
        worker = Worker(app)
        with app.app_context():
            follow = partial(follow_database, db.engine)
        # First of all, so that no step of a machine whose clock is wrong judges what another one leased.
        worker.steps = (Step("clock", CLOCK_SECONDS, follow), *worker.steps)
        worker.run(stop)
