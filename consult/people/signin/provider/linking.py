"""Whose account somebody at the provider is. Linked once, by who is in with another proof; never by a mail address.

An address at a provider may be changed, unproved or given to somebody else later; issuer and subject never are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from consult.people.accounts import Account
from consult.people.signin.models import ProviderLink

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession


class Taken(Exception):
    """Somebody at the provider is another account already, or this account somebody else."""


def account_of(session: DbSession, issuer: str, subject: str) -> Account | None:
    """The account of somebody at the provider; None when it is nobody's, or may not sign in."""
    return session.scalar(
        select(Account)
        .join(ProviderLink, ProviderLink.account_id == Account.id)
        .where(ProviderLink.issuer == issuer, ProviderLink.subject == subject, Account.active)
    )


def link_of(session: DbSession, account: Account, issuer: str) -> ProviderLink | None:
    """Who an account is at this provider."""
    return session.scalar(
        select(ProviderLink).where(ProviderLink.account_id == account.id, ProviderLink.issuer == issuer)
    )


def link(session: DbSession, account: Account, issuer: str, subject: str, *, now: datetime) -> bool:
    """Let somebody at the provider be this account; gives whether that is new.

    Raises:
        Taken: one of both is linked otherwise.
    """
    there = session.scalar(
        select(ProviderLink).where(ProviderLink.issuer == issuer, ProviderLink.subject == subject)
    )
    here = link_of(session, account, issuer)
    if there is not here:
        raise Taken
    if here is not None:
        return False
    session.add(ProviderLink(account_id=account.id, issuer=issuer, subject=subject, created_at=now))
    session.flush()
    return True


def part(session: DbSession, account: Account, issuer: str) -> bool:
    """End the link; gives whether there was one."""
    gone = delete(ProviderLink).where(ProviderLink.account_id == account.id, ProviderLink.issuer == issuer)
    return bool(session.execute(gone.returning(ProviderLink.id)).all())


def forget(session: DbSession, account: Account) -> None:
    """End every link of this account."""
    session.execute(delete(ProviderLink).where(ProviderLink.account_id == account.id))
