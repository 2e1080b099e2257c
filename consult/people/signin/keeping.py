"""Who is signed in where: begin, find, list and end sign-ins. Knows no cookie and no request.

A sign-in ends twelve hours after it began, or earlier when it is ended; what was idle for half an hour is the cookie's
to tell, so that a page which is only looked at writes nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from consult.people.accounts import Account
from consult.people.signin.models import SignIn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession

LONGEST = timedelta(hours=12)
# How long a colleague can look back at what was signed in.
KEPT = timedelta(days=30)
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
MACHINES = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def begin(
    session: DbSession, account_id: int, *, network: str, user_agent: str, proved: bool, now: datetime
) -> str:
    """Somebody signed in; gives the key for the cookie, of which only the hash is kept. Clears what is long past.

    ``proved``: nothing more is asked; otherwise the second step is still to come.
    """
    key = secrets.token_urlsafe(32)
    session.execute(delete(SignIn).where(SignIn.account_id == account_id, SignIn.created_at < now - KEPT))
    session.add(
        SignIn(
            key_hash=hashed(key),
            account_id=account_id,
            created_at=now,
            seen_at=now,
            proved_at=now if proved else None,
            network=network,
            browser=browser_words(user_agent),
        )
    )
    session.flush()
    return key


def find(session: DbSession, key: str, uniquifier: str, *, now: datetime) -> tuple[Account, SignIn] | None:
    """The account and the sign-in behind a key, in one statement; None when it ended, or the account may not."""
    found = session.execute(
        select(Account, SignIn)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(
            SignIn.key_hash == hashed(key),
            SignIn.ended_at.is_(None),
            SignIn.created_at > now - LONGEST,
            Account.fs_uniquifier == uniquifier,
            Account.active,
        )
    ).one_or_none()
    return (found[0], found[1]) if found else None


def running(session: DbSession, account: Account, *, now: datetime) -> Sequence[SignIn]:
    """The sign-ins of an account that can still be used, the newest first."""
    return session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account.id, SignIn.ended_at.is_(None), SignIn.created_at > now - LONGEST)
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
    ).all()


def end(session: DbSession, account: Account, number: int, *, now: datetime) -> bool:
    """End one sign-in of this account; gives whether there was one to end."""
    ended = session.execute(
        update(SignIn)
        .where(SignIn.id == number, SignIn.account_id == account.id, SignIn.ended_at.is_(None))
        .values(ended_at=now)
        .returning(SignIn.id)
    ).all()
    return bool(ended)


def end_key(session: DbSession, key: str, *, now: datetime) -> int | None:
    """End the sign-in behind a key; gives whose it was, None when there was none to end."""
    return session.scalar(
        update(SignIn)
        .where(SignIn.key_hash == hashed(key), SignIn.ended_at.is_(None))
        .values(ended_at=now)
        .returning(SignIn.account_id)
    )


def end_others(session: DbSession, account: Account, but: SignIn, *, now: datetime) -> None:
    """End every sign-in of this account but one."""
    session.execute(
        update(SignIn)
        .where(SignIn.account_id == account.id, SignIn.id != but.id, SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all(session: DbSession, account: Account) -> None:
    """Forget every sign-in of this account."""
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))


def hashed(secret: str) -> str:
    """What is kept of a secret of 80 random bits or more, which no list can hold."""
    return hashlib.sha256(secret.encode()).hexdigest()


def browser_words(user_agent: str) -> str:
    """Which browser on which machine, as its owner would call them; empty when it tells neither."""
    browser = next((name for mark, name in BROWSERS if re.search(rf"\b{mark}", user_agent)), "")
    machine = next((name for mark, name in MACHINES if mark in user_agent), "")
    return ", ".join(filter(None, (browser, machine)))
