"""The worker's loop: every step has its turn, a failing step harms no other, and it stops at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

from sqlalchemy import select
from structlog.testing import capture_logs

from consult import clock
from consult.outbox.models import Heartbeat, MailState, OutgoingMail
from consult.worker import Step, Worker
from tests.outbox.test_delivery import outgoing

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.apps import Transaction
    from tests.support.mailbox import Mailbox

LONG = 3600.0


def test_a_worker_sends_mail_and_is_seen_at_work(
    app: Flask, transaction: Transaction, mailbox: Mailbox
) -> None:
    with transaction() as session:
        session.add(outgoing(1))
        session.add(Heartbeat(worker="gone:1", seen_at=clock.now() - timedelta(days=2)))
    stop = Event()
    worker = Worker(app)
    worker.steps = (*worker.steps, Step("enough", LONG, stop.set))
    worker.run(stop)
    assert mailbox.only("lezer1@example.nl")
    with transaction() as session:
        assert session.scalars(select(OutgoingMail.state)).all() == [MailState.SENT]
        assert session.scalars(select(Heartbeat.worker)).all() == [worker.name]


def test_a_step_that_fails_is_told_without_its_data_and_the_others_go_on(
    app: Flask,
) -> None:
    stop, done = Event(), []

    def fail() -> None:
        raise RuntimeError("jan@example.nl could not be mailed")

    def finish() -> None:
        done.append(datetime.now(UTC))
        stop.set()

    worker = Worker(app)
    worker.steps = (Step("broken", 0.0, fail), Step("whole", 0.0, finish))
    with capture_logs() as told:
        worker.run(stop)
    assert len(done) == 1
    assert [(line["step"], line["error"]) for line in told] == [("broken", "RuntimeError")]
    assert "jan@example.nl" not in str(told)


def test_a_step_that_failed_is_tried_again_later_and_not_at_once(app: Flask) -> None:
    stop, tries, turns = Event(), [], []

    def fail() -> None:
        tries.append(1)
        raise RuntimeError

    def count() -> None:
        turns.append(1)
        if len(turns) == 5:
            stop.set()

    worker = Worker(app)
    worker.steps = (Step("broken", 0.0, fail), Step("whole", 0.0, count))
    worker.run(stop)
    assert len(tries) == 1


def test_a_worker_with_nothing_to_do_stops_as_soon_as_it_is_told(app: Flask) -> None:
    stop, waiting = Event(), Event()
    worker = Worker(app)
    worker.steps = (Step("idle", LONG, waiting.set),)
    thread = Thread(target=worker.run, args=(stop,))
    thread.start()
    assert waiting.wait(10)
    stop.set()
    thread.join(timeout=2)
    assert not thread.is_alive()
