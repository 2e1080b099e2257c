"""A firm that works every day of the week, for journeys in a real browser at the machine's own time."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from consult import clock
from consult.booking.models import Place
from consult.database import db
from consult.desk.thread.writing_views import UNDO_FOR
from consult.outbox.connection import SmtpConnection
from consult.outbox.delivery import Delivery, mail_server
from consult.people.accounts import RoleName
from consult.people.signin import create_account
from tests.support import rows
from tests.support.browser import watched_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime

    from playwright.sync_api import Browser, Page

    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.browser import LiveServer
    from tests.support.mailbox import Delivery as Caught
    from tests.support.mailbox import Mailbox

PASSWORD = "een lang wachtwoord"


@dataclass
class Post:
    """The mail of this firm: the worker delivers, and a person reads."""

    server: LiveServer
    mailbox: Mailbox

    def newest(self, address: str) -> Caught:
        """Deliver what is due or could still be taken back; the newest message for an address."""
        settings: Settings = self.server.app.extensions["consult"]
        there = mail_server(settings)

        def later() -> datetime:
            return clock.now() + UNDO_FOR

        Delivery(self._transaction, lambda: SmtpConnection(there), now=later).run(Event())
        return self.mailbox.to(address)[-1]

    def _transaction(self) -> AbstractContextManager[DbSession]:
        return transaction(self.server)


@contextmanager
def transaction(server: LiveServer) -> Iterator[DbSession]:
    """One transaction beside the running server."""
    with server.app.app_context():
        yield db.session
        db.session.commit()


@pytest.fixture
def post(live_server: LiveServer, mailbox: Mailbox) -> Post:
    """The mail of the running firm."""
    return Post(live_server, mailbox)


@pytest.fixture(autouse=True)
def firm(live_server: LiveServer) -> None:
    """Rik, who can sign in, and Mirte; both work all week from early to late."""
    with transaction(live_server) as session:
        now = clock.now()
        topic = rows.create_topic(session)
        account = create_account(session, "rik@bureau.example", PASSWORD, {RoleName.ADVISOR}, now=now)
        all_week: dict[str, Any] = {
            "weekdays": range(7),
            "hours": (time(7), time(21)),
            "joined_at": now - timedelta(days=90),
        }
        rik = rows.create_advisor(
            session,
            "Rik de Wit",
            account_id=account.id,
            topics=[topic],
            phone="+31201234501",
            whatsapp="+31612345601",
            **all_week,
        )
        mirte = rows.create_advisor(session, "Mirte Smit", phone="+31201234502", **all_week)
        rows.create_page(session, "polarisatie", advisors=[rik, mirte], topic=topic, intro="Lees dit eerst.")
        rows.create_meeting_type(session, places=[Place.VIDEO, Place.PHONE, Place.VISIT])
        rows.create_meeting_type(
            session, "lang", name="Lang gesprek", minutes=60, position=1, places=[Place.VIDEO]
        )


@pytest.fixture
def plain_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page in a browser with scripts switched off, on a small phone."""
    context = browser.new_context(
        base_url=live_server.url,
        locale="nl-NL",
        java_script_enabled=False,
        viewport={"width": 320, "height": 568},
    )
    try:
        with watched_page(context) as page:
            yield page
    finally:
        context.close()
