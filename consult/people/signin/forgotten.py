"""A lost password, asked for by whoever says to have lost it: a link by mail, for half an hour, that works once.

What is done for an address that we do not know is the same as for one that we do, to the mail that is written and
stored; only then is that mail taken back. Nothing in the answer, and next to nothing in its time, tells which.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.outbox.services import Mailing, queue
from consult.people.accounts import Account
from consult.people.signin import acts, tickets
from consult.people.signin.models import Purpose
from consult.web.public_urls import lost_password_url

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings

OPEN_FOR = timedelta(minutes=30)
# Who is not patient gets three mails with a link, all of which work; not more, for it may be somebody else who asks.
MOST_OPEN = 3
NOBODY = 0


def ask(session: DbSession, address: str, *, settings: Settings, now: datetime) -> None:
    """Mail a link when this is the address of an account that may sign in; do as much when it is not."""
    account = session.scalar(select(Account).where(Account.email == address.strip().lower(), Account.active))
    number = account.id if account else NOBODY
    key = tickets.begin(
        session, Purpose.PASSWORD, account.id if account else None, {}, lasts=OPEN_FOR, now=now
    )
    is_sent = account is not None and tickets.of_account(session, Purpose.PASSWORD, number) <= MOST_OPEN
    with session.begin_nested() as mail:
        mailing = Mailing(
            event="account-forgotten",
            about=("account", number),
            to_name=account.email if account else address,
            to_address=account.email if account else address,
            from_name=settings.firm_name,
            language=settings.locale,
            expires_at=now + OPEN_FOR,
            context={"link": lost_password_url(settings, key)},
        )
        queue(session, mailing, settings=settings, now=now)
        acts.record(session, number, "account.password_asked", now=now)
        session.flush()
        if not is_sent:
            mail.rollback()


def account_behind(session: DbSession, key: str, *, now: datetime) -> Account | None:
    """Whose password this link is for; None for a link that opens nothing, or nothing any more."""
    begun = tickets.look(session, Purpose.PASSWORD, key, now=now)
    if begun is None or begun.account_id is None:
        return None
    account = session.get(Account, begun.account_id)
    return account if account is not None and account.active else None
