"""The passkeys of accounts: asked for, made, used, named and taken away. Knows no page and no cookie.

Each question to a browser is a ticket; its answer is taken within five minutes, once, and for what was asked only.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select, update

from consult.people.accounts import Account
from consult.people.signin import tickets
from consult.people.signin.models import Passkey, Purpose
from consult.people.signin.passkeys import ceremony
from consult.people.signin.passkeys.ceremony import NotProved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.signin.passkeys.ceremony import Site

ANSWER_WITHIN = timedelta(minutes=5)
MOST = 10
LONGEST_NAME = 60


def of_account(session: DbSession, account_id: int) -> Sequence[Passkey]:
    """The passkeys of an account, the oldest first."""
    return session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)).all()


def has_any(session: DbSession, account_id: int) -> bool:
    """Whether this account can sign in with a passkey."""
    return bool(session.scalar(select(exists().where(Passkey.account_id == account_id))))


def begin_new(session: DbSession, account: Account, site: Site, *, now: datetime) -> tuple[str, str]:
    """Ask to make a passkey for this account; gives the options for the browser, and the key of the ticket."""
    had = of_account(session, account.id)
    handle = had[0].handle if had else ceremony.new_handle()
    options, challenge = ceremony.ask_new(site, handle, account.email, [each.credential for each in had])
    data = {"challenge": challenge, "handle": handle}
    key = tickets.begin(session, Purpose.PASSKEY_NEW, account.id, data, lasts=ANSWER_WITHIN, now=now)
    return options, key


def begin_use(session: DbSession, account: Account | None, site: Site, *, now: datetime) -> tuple[str, str]:
    """Ask for a passkey: of this account as its second step, or of anybody to sign in with."""
    known = of_account(session, account.id) if account else ()
    options, challenge = ceremony.ask(site, [each.credential for each in known])
    purpose = Purpose.PASSKEY_STEP if account else Purpose.PASSKEY_IN
    data = {"challenge": challenge}
    owner = account.id if account else None
    return options, tickets.begin(session, purpose, owner, data, lasts=ANSWER_WITHIN, now=now)


def add(
    session: DbSession, account: Account, site: Site, key: str, text: str, name: str, *, now: datetime
) -> Passkey:
    """Keep the passkey that was made as this ticket asked.

    Raises:
        NotProved: it was not, or not by this account, or there are too many already.
    """
    begun = tickets.end(session, Purpose.PASSKEY_NEW, key, now=now)
    if begun is None or begun.account_id != account.id or len(of_account(session, account.id)) >= MOST:
        raise NotProved
    made = ceremony.check_new(site, text, begun.data["challenge"])
    if session.scalar(select(exists().where(Passkey.credential == made.credential))):
        raise NotProved
    passkey = Passkey(
        account_id=account.id,
        credential=made.credential,
        handle=begun.data["handle"],
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=name,
        created_at=now,
    )
    session.add(passkey)
    session.flush()
    return passkey


def sign_in(session: DbSession, site: Site, key: str, text: str, *, now: datetime) -> Account:
    """The account of whose passkey this is the answer to the ticket's question.

    Raises:
        NotProved: the answer is wrong, of a passkey that is not ours, or of an account that may not sign in.
    """
    begun = tickets.end(session, Purpose.PASSKEY_IN, key, now=now)
    if begun is None:
        raise NotProved
    passkey = _used(session, site, text, begun.data["challenge"], now, says_who=True)
    account = session.get(Account, passkey.account_id)
    if account is None or not account.active:
        raise NotProved
    return account


def prove(session: DbSession, account: Account, site: Site, key: str, text: str, *, now: datetime) -> None:
    """Take the answer as the second step of this account, or as proof that it is still there.

    Raises:
        NotProved: the answer is wrong, or of somebody else's passkey.
    """
    begun = tickets.end(session, Purpose.PASSKEY_STEP, key, now=now)
    if begun is None or begun.account_id != account.id:
        raise NotProved
    if _used(session, site, text, begun.data["challenge"], now).account_id != account.id:
        raise NotProved


def remove(session: DbSession, account: Account, number: int) -> bool:
    """Take one passkey of this account away; gives whether there was one."""
    gone = delete(Passkey).where(Passkey.id == number, Passkey.account_id == account.id)
    return bool(session.execute(gone.returning(Passkey.id)).all())


def rename(session: DbSession, account: Account, number: int, name: str) -> bool:
    """Give one passkey of this account another name; gives whether there was one."""
    named = update(Passkey).where(Passkey.id == number, Passkey.account_id == account.id).values(name=name)
    return bool(session.execute(named.returning(Passkey.id)).all())


def forget(session: DbSession, account: Account) -> None:
    """Take every passkey of this account away."""
    session.execute(delete(Passkey).where(Passkey.account_id == account.id))


def _used(
    session: DbSession, site: Site, text: str, challenge: str, now: datetime, *, says_who: bool = False
) -> Passkey:
    """The passkey of this answer. ``says_who``: nobody is known yet, so the answer must tell (level 3, 7.2, step 6)."""
    answer = ceremony.read_answer(text)
    passkey = session.scalar(select(Passkey).where(Passkey.credential == answer.credential).with_for_update())
    if passkey is None or answer.handle not in ({passkey.handle} if says_who else {None, passkey.handle}):
        raise NotProved
    passkey.sign_count = ceremony.check(
        site, answer, challenge, public_key=passkey.public_key, sign_count=passkey.sign_count
    )
    passkey.used_at = now
    session.flush()
    return passkey
