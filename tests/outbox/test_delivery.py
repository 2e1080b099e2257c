"""Mail that is due reaches the mail server, once, whatever the server says and whoever else delivers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from consult.outbox.connection import SmtpConnection
from consult.outbox.delivery import Delivery, mail_server
from consult.outbox.message import Letter, compose
from consult.outbox.models import MailState, OutgoingMail
from tests.support.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask_mail import Message

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction
    from tests.support.mailbox import Mailbox

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def outgoing(
    number: int, *, recipient: str | None = None, expires_at: datetime | None = None
) -> OutgoingMail:
    address = recipient or f"lezer{number}@example.nl"
    letter = Letter(
        from_name="Bureau Voorbeeld",
        from_address="contact@example.nl",
        to_name="Lezer",
        to_address="lezer@example.nl",
        subject=f"Bericht {number}",
        text=f"Dit is bericht {number}.",
        html=f"<p>Dit is bericht {number}.</p>",
        message_id=f"<bericht-{number}@example.nl>",
        date=NOW,
    )
    return OutgoingMail(
        event="test",
        subject_kind="enquiry",
        subject_id=1,
        sender="contact@example.nl",
        recipient=address,
        message_id=letter.message_id,
        raw=compose(letter),
        created_at=NOW,
        next_attempt_at=NOW,
        expires_at=expires_at,
    )


@pytest.fixture
def queue(transaction: Transaction) -> Callable[..., None]:
    def add(*mails: OutgoingMail) -> None:
        with transaction() as session:
            session.add_all(mails)

    return add


@pytest.fixture
def stored(transaction: Transaction) -> Callable[[], list[OutgoingMail]]:
    """Every mail as it is stored now, in the order in which they were queued."""

    def read() -> list[OutgoingMail]:
        with transaction() as session:
            mails = list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))
            for mail in mails:
                session.expunge(mail)
            return mails

    return read


@pytest.fixture
def delivery(transaction: Transaction, settings: Settings) -> Callable[..., Delivery]:
    def make(
        *, at: datetime = NOW, using: Settings = settings, pauses: tuple[float, ...] = (0.0,)
    ) -> Delivery:
        server = mail_server(using)
        return Delivery(transaction, lambda: SmtpConnection(server), now=lambda: at, pauses=pauses)

    return make


def test_what_is_due_arrives_byte_for_byte_and_is_settled(
    queue: Callable[..., None],
    stored: Callable[[], list[OutgoingMail]],
    delivery: Callable[..., Delivery],
    mailbox: Mailbox,
    transaction: Transaction,
) -> None:
    queue(*(outgoing(number) for number in range(30)))
    with transaction() as session:
        raw = set(session.scalars(select(OutgoingMail.raw)))
    assert delivery().run(Event()) == 30
    assert {arrived.content for arrived in mailbox.deliveries} == raw
    assert {(mail.state, mail.attempts, mail.leased_until, mail.settled_at) for mail in stored()} == {
        (MailState.SENT, 1, None, NOW)
    }
    assert delivery().run(Event()) == 0
    assert len(mailbox.deliveries) == 30


@pytest.mark.parametrize(
    ("answer", "state", "next_attempt_at"),
    [
        pytest.param(
            "451 later", MailState.PENDING, NOW + timedelta(seconds=30), id="not now: again in half a minute"
        ),
        pytest.param("554 no", MailState.FAILED, NOW, id="not ever: given up, for a person to see"),
    ],
)
def test_a_refusal_is_about_one_mail(
    queue: Callable[..., None],
    stored: Callable[[], list[OutgoingMail]],
    delivery: Callable[..., Delivery],
    mailbox: Mailbox,
    answer: str,
    state: MailState,
    next_attempt_at: datetime,
) -> None:
    queue(outgoing(1), outgoing(2))
    mailbox.answer = answer
    assert delivery().run(Event()) == 0
    for mail in stored():
        assert (mail.state, mail.attempts, mail.leased_until) == (state, 1, None)
        assert mail.next_attempt_at == next_attempt_at
        assert answer in (mail.last_error or "")


def test_a_mail_that_was_put_off_goes_out_unchanged_when_its_time_has_come(
    queue: Callable[..., None], delivery: Callable[..., Delivery], mailbox: Mailbox
) -> None:
    queue(outgoing(1))
    mailbox.answer = "451 later"
    delivery().run(Event())
    mailbox.answer = "250 OK"
    assert delivery(at=NOW + timedelta(seconds=29)).run(Event()) == 0
    assert delivery(at=NOW + timedelta(seconds=30)).run(Event()) == 1
    assert mailbox.only("lezer1@example.nl").message["Message-ID"] == "<bericht-1@example.nl>"


def test_a_mail_that_nobody_can_send_does_not_stop_the_others(
    queue: Callable[..., None],
    stored: Callable[[], list[OutgoingMail]],
    delivery: Callable[..., Delivery],
    mailbox: Mailbox,
) -> None:
    broken = outgoing(1)
    broken.raw = b"Subject: no line may be this long\r\n\r\n" + b"x" * 2000
    queue(broken, outgoing(2, recipient="not an address"), outgoing(3))
    assert delivery().run(Event()) == 1
    assert [mail.state for mail in stored()] == [MailState.FAILED, MailState.FAILED, MailState.SENT]
    assert len(mailbox.deliveries) == 1


def test_a_server_that_is_away_costs_no_mail_a_try_and_everything_leaves_when_it_is_back(
    queue: Callable[..., None],
    stored: Callable[[], list[OutgoingMail]],
    delivery: Callable[..., Delivery],
    make_settings: MakeSettings,
    mailbox: Mailbox,
) -> None:
    queue(outgoing(1), outgoing(2))
    away = delivery(using=make_settings(mail_port=free_port()))
    for _ in range(20):
        assert away.run(Event()) == 0
    assert {(mail.state, mail.attempts, mail.leased_until) for mail in stored()} == {
        (MailState.PENDING, 0, None)
    }
    assert delivery(at=NOW + timedelta(hours=72)).run(Event()) == 2
    assert len(mailbox.deliveries) == 2


def test_a_server_that_is_away_is_left_alone_for_a_while(
    queue: Callable[..., None],
    delivery: Callable[..., Delivery],
    make_settings: MakeSettings,
) -> None:
    queue(outgoing(1))
    away = delivery(using=make_settings(mail_port=free_port()), pauses=(3600.0,))
    with capture_logs() as told:
        away.run(Event())
        away.run(Event())
    assert [line["event"] for line in told] == ["mail server not reached"]


def test_a_mail_that_has_lost_its_use_is_never_sent(
    queue: Callable[..., None],
    stored: Callable[[], list[OutgoingMail]],
    delivery: Callable[..., Delivery],
    mailbox: Mailbox,
) -> None:
    queue(outgoing(1, expires_at=NOW), outgoing(2, expires_at=NOW + timedelta(minutes=1)))
    assert delivery().run(Event()) == 1
    assert [mail.state for mail in stored()] == [MailState.EXPIRED, MailState.SENT]
    assert [arrived.recipients for arrived in mailbox.deliveries] == [("lezer2@example.nl",)]


def test_told_to_stop_it_gives_back_what_it_has_not_sent(
    queue: Callable[..., None],
    stored: Callable[[], list[OutgoingMail]],
    delivery: Callable[..., Delivery],
    mailbox: Mailbox,
) -> None:
    queue(outgoing(1), outgoing(2))
    stop = Event()
    stop.set()
    assert delivery().run(stop) == 0
    assert {(mail.state, mail.leased_until) for mail in stored()} == {(MailState.PENDING, None)}
    assert mailbox.deliveries == []


def test_told_to_stop_while_it_sends_it_settles_that_mail_and_gives_back_the_rest(
    queue: Callable[..., None],
    stored: Callable[[], list[OutgoingMail]],
    transaction: Transaction,
    settings: Settings,
    mailbox: Mailbox,
) -> None:
    queue(outgoing(1), outgoing(2))
    stop = Event()

    class StoppedMeanwhile(SmtpConnection):
        def send(self, message: Message, envelope_from: str | tuple[str, str] | None = None) -> None:
            stop.set()
            super().send(message, envelope_from)

    server = mail_server(settings)
    delivery = Delivery(transaction, lambda: StoppedMeanwhile(server), now=lambda: NOW)
    assert delivery.run(stop) == 1
    assert [(mail.state, mail.leased_until) for mail in stored()] == [
        (MailState.SENT, None),
        (MailState.PENDING, None),
    ]


def test_a_mail_under_the_lease_of_a_worker_that_died_goes_out_when_the_lease_has_run_out(
    queue: Callable[..., None], delivery: Callable[..., Delivery], mailbox: Mailbox
) -> None:
    left_behind = outgoing(1)
    left_behind.leased_until = NOW + timedelta(minutes=5)
    queue(left_behind)
    assert delivery(at=NOW + timedelta(minutes=4)).run(Event()) == 0
    assert delivery(at=NOW + timedelta(minutes=5)).run(Event()) == 1
    assert len(mailbox.deliveries) == 1


@pytest.mark.both_databases
def test_two_workers_at_once_send_each_mail_once(
    queue: Callable[..., None],
    stored: Callable[[], list[OutgoingMail]],
    delivery: Callable[..., Delivery],
    mailbox: Mailbox,
) -> None:
    queue(*(outgoing(number) for number in range(60)))
    together, accepted = Barrier(2), []

    def work() -> None:
        mine = delivery()
        together.wait()
        accepted.append(mine.run(Event()))

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ids = [arrived.message["Message-ID"] for arrived in mailbox.deliveries]
    assert len(ids) == len(set(ids)) == sum(accepted) == 60
    assert {mail.state for mail in stored()} == {MailState.SENT}
