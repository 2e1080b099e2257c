"""Accounts and their passwords: at least twelve characters, and none that everybody guesses first. No other rules.

The list of guesses is small and our own: a long password is on few lists, and most of those are made of a handful of
words and runs. Nothing is asked of another service.
"""

from __future__ import annotations

import re
import secrets
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask_security import hash_password
from sqlalchemy import inspect, select

from consult import extensions
from consult.people.accounts import Account, Role
from consult.people.signin import tickets
from consult.people.signin.keeping import end_all
from consult.people.signin.passkeys import keeping as passkeys
from consult.people.signin.provider import linking

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from consult.database import DbSession

SHORTEST_PASSWORD = 12
# What is left of a password without its guessable parts has this many different characters, or it is guessable itself.
LEAST_LEFT = 5
GUESSES = Path(__file__).with_name("guesses.txt")


class WeakPassword(ValueError):
    """A password will not do."""


class ShortPassword(WeakPassword):
    """A password has fewer than ``SHORTEST_PASSWORD`` characters."""


class GuessablePassword(WeakPassword):
    """A password is made of what everybody guesses first."""


def create_account(
    session: DbSession, email: str, password: str | None, roles: Iterable[str], *, now: datetime
) -> Account:
    """A new account; ``roles`` are values of ``RoleName``. Needs an app context.

    Without a password it can sign in after a link was used to choose one.

    Raises:
        WeakPassword: it is too short or too easy to guess.
    """
    account = Account(email=email.strip().lower(), active=True, created_at=now)
    if password is not None:
        set_password(account, password)
    account.roles = [_role(session, name) for name in sorted(set(roles))]
    session.add(account)
    session.flush()
    return account


def set_password(account: Account, password: str) -> None:
    """Give an account a password, which ends its sign-ins and its links. Needs an app context.

    Raises:
        WeakPassword: it is too short or too easy to guess.
    """
    normal = extensions.security.password_util.normalize(password)
    if len(normal) < SHORTEST_PASSWORD:
        raise ShortPassword(f"a password has {SHORTEST_PASSWORD} characters or more")
    if is_guessable(normal, account.email):
        raise GuessablePassword("this password is among the first that anybody guesses")
    account.password = hash_password(normal)
    account.fs_uniquifier = secrets.token_hex(32)
    account.link_hash = account.link_until = None
    state = inspect(account)
    if state.session is not None and state.persistent:
        end_all(state.session, account)
        tickets.drop(state.session, account.id)


def lock(session: DbSession, account: Account) -> None:
    """Let nobody in until a link was used to choose another password: no passkey and no provider either."""
    account.password = None
    account.fs_uniquifier = secrets.token_hex(32)
    end_all(session, account)
    tickets.drop(session, account.id)
    passkeys.forget(session, account)
    linking.forget(session, account)


def is_guessable(password: str, email: str) -> bool:
    """Whether little is left of a password without the words, runs and years of the list and the own address."""
    own = re.split(r"[^a-z]+", email.lower())
    rest = password.lower()
    for guess in sorted({*_guesses(), *(word for word in own if len(word) > 2)}, key=len, reverse=True):
        rest = rest.replace(guess, "")
    return len(set(re.sub(r"(19|20)\d\d", "", rest))) < LEAST_LEFT


@cache
def _guesses() -> frozenset[str]:
    return frozenset(GUESSES.read_text(encoding="utf-8").split())


def _role(session: DbSession, name: str) -> Role:
    role = session.scalar(select(Role).where(Role.name == name))
    if role is None:
        role = Role(name=name)
        session.add(role)
    return role
