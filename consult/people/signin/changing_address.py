"""Another mail address for an account, proved by a link that is mailed to it. The earlier address hears of it.

Whether the new address is somebody else's already is told to nobody: the link then simply never comes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from consult.outbox.services import Mailing, queue
from consult.people.accounts import Account
from consult.people.signin import tickets
from consult.people.signin.models import Purpose
from consult.web.public_urls import new_address_url

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings

OPEN_FOR = timedelta(hours=1)
MOST_OPEN = 3


def ask(session: DbSession, account: Account, address: str, *, settings: Settings, now: datetime) -> None:
    """Mail a link to the new address, unless it is taken."""
    address = address.lower()
    if _is_taken(session, address) or tickets.of_account(session, Purpose.ADDRESS, account.id) >= MOST_OPEN:
        return
    key = tickets.begin(session, Purpose.ADDRESS, account.id, {"address": address}, lasts=OPEN_FOR, now=now)
    link = new_address_url(settings, key)
    _mail(session, account, "account-address", address, {"link": link}, settings=settings, now=now)


def pending(session: DbSession, key: str, *, now: datetime) -> str | None:
    """The address that this link proves; None for a link that opens nothing."""
    begun = tickets.look(session, Purpose.ADDRESS, key, now=now)
    return str(begun.data["address"]) if begun else None


def change(session: DbSession, key: str, *, settings: Settings, now: datetime) -> Account | None:
    """Let the account have the address that was proved; None when the link opens nothing, or the address is taken."""
    begun = tickets.end(session, Purpose.ADDRESS, key, now=now)
    account = session.get(Account, begun.account_id) if begun else None
    if begun is None or account is None or not account.active or _is_taken(session, begun.data["address"]):
        return None
    _mail(session, account, "account-address-changed", account.email, {}, settings=settings, now=now)
    account.email = begun.data["address"]
    session.flush()
    return account


def _is_taken(session: DbSession, address: str) -> bool:
    return bool(session.scalar(select(exists().where(Account.email == address))))


def _mail(
    session: DbSession,
    account: Account,
    event: str,
    address: str,
    context: dict[str, str],
    *,
    settings: Settings,
    now: datetime,
) -> None:
    mailing = Mailing(
        event=event,
        about=("account", account.id),
        to_name=address,
        to_address=address,
        from_name=settings.firm_name,
        language=settings.locale,
        expires_at=now + OPEN_FOR if context else None,
        context=context,
    )
    queue(session, mailing, settings=settings, now=now)
