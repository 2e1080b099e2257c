"""Deliver what is due: claim under a lease, hand over to the mail server on one connection, settle in small groups.

The conversation has no transaction open, and waits for none as long as it goes on (see ``books``). Between the
server's "accepted" and our note of it a crash may come: those mails, at most ``TOGETHER`` and none much older than half
a second, go out again with the same bytes and the same Message-ID, by which a mail program knows what it has. A durable
note for each would cost as much as sending.
When the server itself cannot be reached no mail is to blame: nothing counts as a try, and everything leaves soon after
it is back. Knows no loop.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

import structlog
from sqlalchemy import select

from consult.outbox.books import Books
from consult.outbox.connection import Permanent, SmtpServer, Temporary
from consult.outbox.message import StoredMessage
from consult.outbox.models import MailState, OutgoingMail
from consult.outbox.services import settle_failed
from consult.settings_files import fresh_token

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime
    from threading import Event

    from consult.database import DbSession
    from consult.outbox.services import Parcel
    from consult.settings import Settings

log = structlog.get_logger("consult.outbox")

# What is left of a lease must be enough for one slow conversation; else another worker might send the same mail.
LEAST_LEASE = timedelta(minutes=2)
LEAVE_ALONE = (2.0, 5.0, 10.0, 20.0, 40.0, 60.0)


class Carrier(Protocol):
    """An open conversation with the mail server."""

    def send(self, message: StoredMessage) -> None:
        """Hand over one mail; returns when the server has accepted it, raises `Temporary` or `Permanent` when not."""


class Begin(Protocol):
    """``with begin() as session:`` is one transaction, committed at the end."""

    def __call__(self) -> AbstractContextManager[DbSession]:
        """Begin it."""


def mail_server(settings: Settings) -> SmtpServer:
    """Where the settings say that mail goes.

    Raises:
        ValueError: a sign-in over a connection that anybody can read.
    """
    password, token = settings.mail_password, settings.mail_token
    by_token = token is not None or settings.mail_token_file is not None
    return SmtpServer(
        host=settings.mail_server,
        port=settings.mail_port,
        ehlo_name=settings.answer_domain,
        security=settings.mail_security,
        username=settings.mail_username,
        password=password.get_secret_value() if password else None,
        access_token=partial(_token, settings) if by_token else None,
    )


def _token(settings: Settings) -> str:
    stated = settings.mail_token
    return fresh_token(stated.get_secret_value() if stated else None, settings.mail_token_file) or ""


class Delivery:
    """Sends what is due, as often as ``run`` is called; remembers that the server could not be reached.

    ``connect`` opens one conversation with the mail server. ``pauses`` are the seconds to leave a server alone that
    could not be reached, after each time in turn; the last one goes on.
    """

    def __init__(
        self,
        begin: Begin,
        connect: Callable[[], AbstractContextManager[Carrier]],
        *,
        now: Callable[[], datetime],
        pauses: tuple[float, ...] = LEAVE_ALONE,
    ) -> None:
        self._begin = begin
        self._connect = connect
        self._now = now
        self._pauses = pauses
        self._failures = 0
        self._left_alone_until = 0.0
        self._books = Books(begin, now=now)

    def run(self, stop: Event) -> int:
        """Send everything that is due, until ``stop`` is set; gives how many mails the server accepted."""
        if time.monotonic() < self._left_alone_until:
            return 0
        books = self._books
        if not books.take():
            return 0
        accepted = 0
        try:
            with ThreadPoolExecutor(1, "outbox-books") as beside:
                books.kept_by(beside)
                while books.waiting and not stop.is_set():
                    with self._connect() as carrier:
                        self._failures = 0
                        accepted += self._hand_over(carrier, stop)
        except (Temporary, Permanent) as failure:
            self._leave_alone(failure)
        finally:
            books.kept_by(None)
            self._release()
        return accepted

    def _hand_over(self, carrier: Carrier, stop: Event) -> int:
        """Send what waits and what comes in meanwhile, up to a refusal: the next mail gets a new conversation."""
        books, accepted = self._books, 0
        try:
            while not stop.is_set() and books.take():
                parcel = books.waiting.popleft()
                if not self._may_leave(parcel):
                    continue
                if (failure := _handed_over(carrier, parcel)) is not None:
                    self._refused(parcel, failure)
                    return accepted
                log.info("mail accepted", mail=parcel.id, event_name=parcel.event)
                books.accept(parcel)
                accepted += 1
        finally:
            # Before the goodbye, at which a server may let us wait.
            books.settle()
        return accepted

    def _may_leave(self, parcel: Parcel) -> bool:
        """Whether it is of use, and still ours: behind a slow server a lease runs out, and another worker sends it."""
        now = self._now()
        if parcel.leased_until - now <= LEAST_LEASE:
            return False
        return parcel.expires_at is None or now < parcel.expires_at

    def _refused(self, parcel: Parcel, failure: Exception) -> None:
        permanent = isinstance(failure, (Permanent, ValueError))
        with self._begin() as session:
            mail = session.get(OutgoingMail, parcel.id, with_for_update=True)
            if mail is None or mail.state != MailState.PENDING or mail.leased_until != parcel.leased_until:
                return
            reason = str(failure) or type(failure).__name__
            settle_failed(mail, reason, permanent=permanent, now=self._now())
        # What the server said may hold an address: it is kept with the mail and not in the log.
        log.warning("mail refused", mail=parcel.id, event_name=parcel.event, permanent=permanent)

    def _leave_alone(self, failure: Exception) -> None:
        pause = self._pauses[min(self._failures, len(self._pauses) - 1)]
        self._failures += 1
        self._left_alone_until = time.monotonic() + pause
        log.warning("mail server not reached", reason=str(failure), next_try_in_seconds=pause)

    def _release(self) -> None:
        """Give back what was not tried, so that it need not wait for its lease to run out."""
        ours = {parcel.id: parcel.leased_until for parcel in self._books.waiting}
        self._books.waiting.clear()
        if not ours:
            return
        with self._begin() as session:
            for mail in session.scalars(select(OutgoingMail).where(OutgoingMail.id.in_(ours))):
                if mail.state == MailState.PENDING and mail.leased_until == ours[mail.id]:
                    mail.leased_until = None


def _handed_over(carrier: Carrier, parcel: Parcel) -> Exception | None:
    """Hand over one mail; gives what went wrong. Whatever it is, it is about this mail and the others go on."""
    try:
        carrier.send(StoredMessage(parcel.raw, sender=parcel.sender, recipient=parcel.recipient))
    except Exception as failure:  # noqa: BLE001 (a mail that nobody can send must not stop the others)
        return failure
    return None
