"""What breaks in a machine room: the disk is full or read-only, mail is away for days, the clock jumps by an hour."""

from __future__ import annotations

from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select

from consult import clock
from consult.contact.models import Enquiry
from consult.database import db
from consult.outbox.connection import SmtpConnection
from consult.outbox.delivery import Delivery, mail_server
from consult.outbox.models import MailState, OutgoingMail
from consult.outbox.services import claim
from tests.support import rows
from tests.support.apps import running
from tests.support.pages import Visitor
from tests.support.servers import free_port

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import DeliverMail, MakeSettings, Transaction
    from tests.support.mailbox import Mailbox

QUESTION = {"Uw vraag": "Hoe? " * 900, "Uw naam": "Joke", "Uw e-mailadres": "joke@gemeente.nl"}
HOUR = timedelta(hours=1)


def questions(transaction: Transaction) -> int:
    with transaction() as session:
        return session.scalar(select(func.count()).select_from(Enquiry)) or 0


@pytest.mark.sqlite
def test_a_full_disk_takes_nothing_half_and_everything_again_when_there_is_room(
    app: Flask, transaction: Transaction, visitor: Visitor
) -> None:
    with transaction() as session:
        rows.create_advisor(session)
    form = visitor.open("/vraag").form("Verstuur uw vraag").fill(QUESTION)

    def no_room(connection: sqlite3.Connection, _record: object) -> None:
        # SQLite's own limit answers like a file system without room: "database or disk is full".
        connection.execute("PRAGMA max_page_count=1")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "connect", no_room)
    engine.dispose()
    refused = form.submit(status=503)
    event.remove(engine, "connect", no_room)
    engine.dispose()
    assert "Wij hebben niets opgeslagen." in refused.text
    assert questions(transaction) == 0
    assert form.submit().heading == "Wij hebben uw vraag"
    assert questions(transaction) == 1


@pytest.mark.sqlite
def test_a_database_that_may_only_be_read_still_shows_its_pages(
    make_settings: MakeSettings, instance: Path, transaction: Transaction
) -> None:
    with transaction() as session:
        rows.create_advisor(session)
    read_only = f"sqlite:///file:{instance}/consult.sqlite3?mode=ro&uri=true"
    with running(make_settings(database_url=read_only)) as app:
        visitor = Visitor(app.test_client())
        form = visitor.open("/vraag").form("Verstuur uw vraag").fill(QUESTION)
        assert "Wij hebben niets opgeslagen." in form.submit(status=503).text
    assert questions(transaction) == 0


def test_mail_that_was_away_for_three_days_brings_everything_once(
    transaction: Transaction, settings: Settings, make_settings: MakeSettings, mailbox: Mailbox
) -> None:
    now = [rows.NOW]

    def worker(port: int) -> Delivery:
        server = mail_server(make_settings(mail_port=port))
        return Delivery(transaction, lambda: SmtpConnection(server), now=lambda: now[0], pauses=(0.0,))

    away = worker(free_port())
    with transaction() as session:
        rows.create_advisor(session)
    for hour in range(72):
        with transaction() as session:
            if hour % 12 == 0:
                rows.ask(session, settings, email=f"j{hour}@gemeente.example", now=now[0])
        assert away.run(Event()) == 0
        now[0] += HOUR
    with transaction() as session:
        waiting = session.scalars(select(OutgoingMail)).all()
        assert {(mail.state, mail.attempts) for mail in waiting} == {(MailState.PENDING, 0)}
        ids = sorted(mail.message_id for mail in waiting)
    assert worker(settings.mail_port).run(Event()) == len(ids) == 12
    assert sorted(mail.message["Message-ID"] for mail in mailbox.deliveries) == ids


@pytest.mark.parametrize("step", [HOUR, -HOUR], ids=["an hour ahead", "an hour back"])
def test_a_clock_that_jumps_loses_no_mail_and_sends_none_twice(
    transaction: Transaction,
    settings: Settings,
    deliver_mail: DeliverMail,
    mailbox: Mailbox,
    step: timedelta,
) -> None:
    clock.start_at(rows.NOW)
    with transaction() as session:
        rows.create_advisor(session)
        rows.ask(session, settings, now=clock.now())
    with transaction() as session:
        # A worker took one of the two, and died.
        claim(session, now=clock.now(), most=1)
    clock.start_at(clock.now() + step)
    with transaction() as session:
        rows.ask(session, settings, now=clock.now(), email="anna@gemeente.example")
    at_once = deliver_mail()
    clock.start_at(clock.now() + 2 * HOUR)
    deliver_mail()
    deliver_mail()
    with transaction() as session:
        mails = session.scalars(select(OutgoingMail)).all()
        assert {mail.state for mail in mails} == {MailState.SENT}
        ids = sorted(mail.message_id for mail in mails)
    assert sorted(mail.message["Message-ID"] for mail in mailbox.deliveries) == ids
    assert at_once >= 2, "what came after the jump does not wait for the clock to catch up"
