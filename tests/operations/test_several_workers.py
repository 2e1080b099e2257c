"""Several workers on one database, one of them on a machine whose clock is wrong: nothing is done twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.booking import talk_round
from consult.contact import escalation
from consult.contact.models import Enquiry
from consult.database import db
from consult.desk.today import digest
from consult.outbox.connection import SmtpConnection
from consult.outbox.delivery import Delivery, mail_server
from consult.outbox.models import OutgoingMail
from consult.outbox.services import claim
from consult.postbox.intake import Postbox
from consult.postbox.models import IncomingMail
from consult.wiring import CORRESPONDENTS
from tests.desk.conftest import NOW, Office
from tests.operations.processes import ROOT, environment
from tests.outbox.test_delivery import NOW as DUE
from tests.outbox.test_delivery import outgoing
from tests.postbox.letters import address, letter

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction
    from tests.support.mailbox import Mailbox

pytestmark = pytest.mark.proof
WORKERS, DAY = 4, timedelta(days=1)


def at_once(act: Callable[[], object], app: Flask) -> None:
    """Several workers come to the same step at the same instant, twice."""
    failures: list[BaseException] = []
    gate = threading.Barrier(WORKERS)

    def work() -> None:
        try:
            for _ in range(2):
                gate.wait(20)
                act()
        except BaseException as failure:  # noqa: BLE001 (the test fails by it, below)
            failures.append(failure)
            gate.abort()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with app.app_context():
        db.session.remove()
    assert not failures


@pytest.fixture
def office(app: Flask, transaction: Transaction, make_settings: MakeSettings) -> Office:
    office = Office(app, make_settings(clock=NOW), transaction)
    clock.start_at(NOW)
    office.open()
    return office


@pytest.mark.both_databases
def test_every_mail_leaves_once(office: Office, mailbox: Mailbox) -> None:
    with office.transaction() as session:
        session.add_all(outgoing(number) for number in range(200))
    server = mail_server(office.settings)

    def deliver() -> None:
        Delivery(office.transaction, lambda: SmtpConnection(server), now=lambda: DUE).run(Event())

    at_once(deliver, office.app)
    given = Counter(str(mail.message["Message-ID"]) for mail in mailbox.deliveries)
    assert (len(given), set(given.values())) == (200, {1})


@pytest.mark.both_databases
def test_what_comes_in_by_two_doors_at_once_is_one_message(office: Office) -> None:
    reference = office.asked()
    with office.transaction() as session:
        token = session.scalars(select(Enquiry.reply_token).where(Enquiry.reference == reference)).one()
    postbox = Postbox(office.transaction, CORRESPONDENTS, office.settings, now=lambda: NOW)
    mails = [letter(f"Antwoord {n}", to=address(token), Message_ID=f"<{n}@g.example>") for n in range(5)]

    def take() -> None:
        for mail in mails:
            postbox.take_in(mail)
        postbox.open_waiting(Event())

    at_once(take, office.app)
    postbox.open_waiting(Event())
    with office.transaction() as session:
        assert session.scalars(select(IncomingMail.state)).all() == ["handled"] * 5
    assert told(office)["enquiry-extended"] == 5


def told(office: Office) -> Counter[str]:
    """How many mails of each kind were written."""
    with office.transaction() as session:
        return Counter(session.scalars(select(OutgoingMail.event)))


def reminding(office: Office) -> None:
    talk_round.run_round(office.transaction, office.settings, now=NOW.replace(hour=9) + DAY)


def morning(office: Office) -> None:
    digest.run_round(office.transaction, office.settings, now=NOW + DAY)


def promising(office: Office) -> None:
    escalation.run_round(office.transaction, office.settings, now=NOW + 10 * DAY)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("act", "event", "times"),
    [
        pytest.param(reminding, "booking-reminder", 6, id="a reminder for each talk"),
        pytest.param(morning, "desk-digest", 3, id="a morning mail for each advisor"),
        pytest.param(promising, "enquiry-overdue", 3, id="a warning for each promise"),
    ],
)
def test_a_round_of_several_workers_tells_once(
    office: Office, act: Callable[[Office], None], event: str, times: int
) -> None:
    for name in ("rik", "sam", "mirte"):
        office.asked(of=name)
        for hour in (0, 2):
            office.planned(NOW + DAY + timedelta(hours=hour), of=name, email=f"{name}{hour}@gemeente.example")
    at_once(lambda: act(office), office.app)
    assert told(office)[event] == times


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("wrong", [3600, -3600], ids=["an hour ahead", "an hour behind"])
def test_a_machine_whose_clock_is_wrong_leaves_what_others_leased_and_sends_what_is_due(
    settings: Settings, transaction: Transaction, mailbox: Mailbox, wrong: int
) -> None:
    with transaction() as session:
        session.add_all(outgoing(number) for number in range(5))
    with transaction() as session:
        leased = claim(session, now=datetime.now(UTC), most=50)
        assert len(leased) == 5
    with transaction() as session:
        due = outgoing(6)
        due.next_attempt_at = datetime.now(UTC)
        session.add(due)
    arrived = Event()
    command = [sys.executable, "-m", "tests.operations.wrong_clock", str(wrong)]
    with subprocess.Popen(command, env=environment(settings), cwd=ROOT) as worker:
        while worker.poll() is None and not arrived.wait(0.1):
            if mailbox.deliveries:
                arrived.set()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0
    assert [mail.recipients for mail in mailbox.deliveries] == [("lezer6@example.nl",)]
    with transaction() as session:
        waiting = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.leased_until.is_not(None))
        assert session.scalar(waiting) == 5
