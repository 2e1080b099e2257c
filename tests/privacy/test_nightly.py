"""The nightly round of the worker: once, by whichever worker comes first, also when two come at once."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.activity.models import Activity
from consult.contact.models import Enquiry
from consult.database import db
from consult.privacy import nightly
from consult.worker import Worker
from tests.support import rows

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import Transaction

LATER = rows.NOW + timedelta(days=400)


@pytest.fixture
def old(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        rows.create_advisor(session)
        for number in range(30):
            enquiry = rows.ask(session, settings, email=f"j{number}@gemeente.example").enquiry
            enquiry.state, enquiry.closed_at = "closed", rows.NOW


@pytest.mark.both_databases
@pytest.mark.usefixtures("old")
def test_two_workers_at_once_let_go_of_everything_and_neither_fails(
    app: Flask, transaction: Transaction
) -> None:
    with app.app_context():
        engine = db.engine
    together, done = Barrier(2), []

    def work() -> None:
        together.wait()
        done.append(nightly.run_round(transaction, engine, zone="Europe/Amsterdam", now=LATER))

    workers = [Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(done) == 2, "a worker broke off"
    assert sum((each or {}).get("enquiries", 0) for each in done) == 30
    with transaction() as session:
        assert session.scalar(select(func.count()).where(Enquiry.name == "Joke Jansen")) == 0
    assert nightly.run_round(transaction, engine, zone="Europe/Amsterdam", now=LATER) is None


@pytest.mark.usefixtures("old")
def test_the_worker_has_the_round_among_its_steps(app: Flask, transaction: Transaction) -> None:
    clock.start_at(LATER)
    worker = Worker(app)
    (step,) = (each for each in worker.steps if each.name == "retention")
    for _ in range(2):
        step.act()
    with transaction() as session:
        told = session.scalars(select(Activity.data).where(Activity.what == "privacy.purged")).all()
        assert [each["counts"]["enquiries"] for each in told] == [30]
