"""How fast the outbox empties, as a ratio of what a bare smtplib loop over one connection reaches on the same server.

Run ``python bench/outbox.py``; it ends by itself within half a minute. The servers are aiosmtpd on loopback, in a
process of its own: one that throws a mail away at once, and one that takes ten milliseconds to say yes, as a server
does that stores a mail and looks at it. The outbox does all that it does in production on SQLite with synchronous=FULL:
claim under a lease, hand over, settle in groups. Rounds of both take turns, so that what else the machine does hits
both alike: the ratio is the median of the rounds, the speeds are those of the best one.
"""

from __future__ import annotations

import asyncio
import logging
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from threading import Event
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import flask_migrate
import structlog
from aiosmtpd.controller import Controller
from sqlalchemy import insert, select

from bench.table import Goal, head, row
from consult.app import create_app
from consult.database import db
from consult.outbox.connection import SmtpConnection
from consult.outbox.delivery import Delivery, mail_server
from consult.outbox.message import Letter, compose
from consult.outbox.models import OutgoingMail
from consult.settings import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from consult.database import DbSession
    from consult.settings import Settings

ROUNDS = 9
WANTED = 0.8
SENDER, RECEIVER = "contact@consult.example.nl", "joke@gemeente.example"


def main() -> None:
    """Print both speeds and their ratio for each server."""
    raw = letter()
    head("mails sent over one connection")
    for name, milliseconds, mails in (("an instant server", 0, 400), ("a server that takes 10 ms", 10, 40)):
        with tempfile.TemporaryDirectory() as folder, server(milliseconds) as port:
            settings = load(
                {},
                instance=Path(folder),
                database_url=f"sqlite:///{folder}/bench.sqlite3",
                secret_key="only for this measurement, 32 chars",  # noqa: S106 (opens nothing)
                mail_server="127.0.0.1",
                mail_port=port,
                testing=True,
            )
            app = create_app(settings)
            with app.app_context():
                flask_migrate.upgrade()
            pairs = [(bare_loop(port, raw, mails), outbox(app, settings, raw, mails)) for _ in range(ROUNDS)]
        # The ratio is that of the median round; the floor is told as what that makes it.
        ratio, best = median(ours / bare for bare, ours in pairs), max(ours for _, ours in pairs)
        row(
            f"to {name}",
            best,
            "a sec.",
            floor=best / ratio,
            of="a bare smtplib loop",
            goal=Goal(least=WANTED),
        )


@contextmanager
def server(milliseconds: int) -> Iterator[int]:
    """A mail server in another process that takes so long for a mail; gives its port."""
    command = [sys.executable, __file__, "serve", str(milliseconds)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None  # noqa: S101 (it was asked for)
        yield int(process.stdout.readline())
    finally:
        process.communicate()


def serve(milliseconds: int) -> None:
    """Be that server: tell the port, and run until nobody listens any more."""

    class Slow:
        async def handle_DATA(self, *_: object) -> str:  # noqa: N802 (aiosmtpd finds this by its name)
            await asyncio.sleep(milliseconds / 1000)
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    controller = Controller(Slow(), hostname="127.0.0.1", port=port)
    controller.start()
    print(port, flush=True)
    sys.stdin.read()
    controller.stop()


def letter() -> bytes:
    """A mail as the product sends them: text, HTML and an invite."""
    lines = [f"X-LINE-{number}:Gesprek met Joke Jansen" for number in range(20)]
    calendar = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REQUEST", *lines, "END:VCALENDAR", ""])
    return compose(
        Letter(
            from_name="Rik de Wit",
            from_address=SENDER,
            to_name="Joke Jansen",
            to_address=RECEIVER,
            reply_to=None,
            subject="Uw afspraak op donderdag 3 december",
            text="Dag Joke,\n\n" + "Uw afspraak staat. " * 40,
            html="<p>Dag Joke,</p>" + "<p>Uw afspraak staat.</p>" * 200,
            calendar=calendar.encode(),
            calendar_method="REQUEST",
            message_id="<bench@consult.example.nl>",
            date=datetime(2026, 11, 20, 12, tzinfo=UTC),
            in_reply_to=None,
            auto_submitted=True,
        )
    )


def bare_loop(port: int, raw: bytes, mails: int) -> float:
    """Mails a second of smtplib alone."""
    with smtplib.SMTP("127.0.0.1", port) as connection:
        connection.ehlo()
        began = time.perf_counter()
        for _ in range(mails):
            connection.sendmail(SENDER, [RECEIVER], raw)
        return mails / (time.perf_counter() - began)


def outbox(app: Flask, settings: Settings, raw: bytes, mails: int) -> float:
    """Mails a second of the worker's delivery."""

    @contextmanager
    def begin() -> Iterator[DbSession]:
        with app.app_context():
            yield db.session
            db.session.commit()

    now = datetime.now(UTC)
    with begin() as session:
        first = len(session.scalars(select(OutgoingMail.id)).all())
        session.execute(insert(OutgoingMail), [_row(first + number, raw, now) for number in range(mails)])
    carrier = mail_server(settings)
    delivery = Delivery(begin, lambda: SmtpConnection(carrier), now=lambda: datetime.now(UTC))
    began = time.perf_counter()
    accepted = delivery.run(Event())
    seconds = time.perf_counter() - began
    if accepted != mails:
        raise RuntimeError(f"{accepted} of {mails} mails were accepted")
    return mails / seconds


def _row(number: int, raw: bytes, now: datetime) -> dict[str, object]:
    return {
        "event": "booking-confirmed",
        "subject_kind": "booking",
        "subject_id": number,
        "sender": SENDER,
        "recipient": RECEIVER,
        "message_id": f"<{number}@consult.example.nl>",
        "raw": raw,
        "created_at": now,
        "next_attempt_at": now,
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]))
    else:
        # A line for each mail would be what is measured.
        logging.disable(logging.INFO)
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        main()
