"""The link with which somebody chooses a password: for a new colleague, and for who lost the old one. It works once."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.people.accounts import Account
from consult.people.signin.keeping import hashed

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession

OPEN_FOR = timedelta(days=3)


def issue(account: Account, *, now: datetime) -> str:
    """A new link in place of an earlier one; gives its token, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    account.link_hash, account.link_until = hashed(token), now + OPEN_FOR
    return token


def account_behind(session: DbSession, token: str, *, now: datetime) -> Account | None:
    """Whose password this link is for; None for a link that opens nothing, or nothing any more."""
    return session.scalar(
        select(Account).where(Account.link_hash == hashed(token), Account.link_until > now, Account.active)
    )
