"""Let colleagues in and out: invite, change what somebody may do, switch off and on, begin again. Knows no page.

Whoever does one of these waits for another who does, and must still coordinate by then: so two coordinators cannot
take each other's role at the same moment and leave nobody.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.activity.services import record
from consult.operations.invitations import invite
from consult.people.accounts import Account, Role, RoleName
from consult.people.coordinators import coordinators
from consult.people.models import Advisor
from consult.people.signin import create_account, keeping, tickets
from consult.people.signin.acts import SUBJECT
from consult.people.signin.passwords import lock
from consult.people.signin.second_step import forget

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from consult.database import DbSession
    from consult.office.guard import Coordinator
    from consult.settings import Settings


class NoLongerCoordinator(Exception):
    """Somebody else took the role of whoever acts, a moment ago."""


class OwnAccount(Exception):
    """Nobody changes what they may do themselves; ``is_last``: there is no other coordinator to ask either."""

    def __init__(self, *, is_last: bool) -> None:
        super().__init__()
        self.is_last = is_last


class AddressKnown(Exception):
    """Somebody with this address has an account."""

    def __init__(self, account: Account) -> None:
        super().__init__(account.id)
        self.account = account


class SwitchedOff(Exception):
    """A link would open nothing: the account is switched off."""


def hold(session: DbSession, number: int, who: Coordinator) -> Account | None:
    """The account with this number as it stands now; nobody else changes any account until the transaction ends.

    Raises:
        NoLongerCoordinator: ``who`` may do this no more.
    """
    _one_at_a_time(session, who)
    return session.get(Account, number, with_for_update={"of": Account}, populate_existing=True)


def invite_somebody(
    session: DbSession,
    address: str,
    roles: Collection[str],
    who: Coordinator,
    *,
    settings: Settings,
    now: datetime,
) -> Account:
    """A new account without a password, and a mail with the link to choose one. An advisor with the address gets it.

    Raises:
        AddressKnown: there is an account with this address.
        NoLongerCoordinator: ``who`` may do this no more.
    """
    _one_at_a_time(session, who)
    known = session.scalar(select(Account).where(Account.email == address.lower()))
    if known is not None:
        raise AddressKnown(known)
    account = create_account(session, address, None, roles, now=now)
    _give_profile(session, account)
    invite(session, account, settings=settings, now=now)
    record(session, (SUBJECT, account.id), "account.invited", actor=who.actor, now=now, roles=sorted(roles))
    return account


def invite_again(
    session: DbSession, account: Account, who: Coordinator, *, settings: Settings, now: datetime
) -> None:
    """Mail a new link; the earlier one ends.

    Raises:
        SwitchedOff: it would open nothing.
    """
    if not account.active:
        raise SwitchedOff
    invite(session, account, settings=settings, now=now)
    record(session, (SUBJECT, account.id), "account.invited", actor=who.actor, now=now)


def change_roles(
    session: DbSession, account: Account, roles: Collection[str], who: Coordinator, *, now: datetime
) -> None:
    """Let somebody do this from now on; an advisor with the address of the account is this person. Twice is once.

    Raises:
        OwnAccount: it is one's own.
    """
    _not_own(session, account, who)
    before, after = sorted(role.name for role in account.roles), sorted(set(roles))
    if before != after:
        account.roles = _roles(session, roles)
        record(
            session,
            (SUBJECT, account.id),
            "account.roles_changed",
            actor=who.actor,
            now=now,
            before=before,
            after=after,
        )
    _give_profile(session, account)
    session.flush()


def switch_off(session: DbSession, account: Account, who: Coordinator, *, now: datetime) -> None:
    """Let nobody in with this account, and end what runs: sign-ins, links, what was begun. Twice is once.

    Raises:
        OwnAccount: it is one's own.
    """
    _not_own(session, account, who)
    if not account.active:
        return
    account.active = False
    account.link_hash = account.link_until = None
    account.fs_uniquifier = secrets.token_hex(32)
    keeping.end_all(session, account)
    tickets.drop(session, account.id)
    record(session, (SUBJECT, account.id), "account.switched_off", actor=who.actor, now=now)
    session.flush()


def switch_on(session: DbSession, account: Account, who: Coordinator, *, now: datetime) -> None:
    """Let somebody in again, with the password and second step of before. Twice is once."""
    if account.active:
        return
    account.active = True
    record(session, (SUBJECT, account.id), "account.switched_on", actor=who.actor, now=now)
    session.flush()


def begin_again(
    session: DbSession,
    account: Account,
    who: Coordinator,
    *,
    second_step: bool,
    settings: Settings,
    now: datetime,
) -> None:
    """Mail a link to choose a new password; the old one, passkeys, links to a provider and sign-ins end.

    ``second_step``: the telephone and the recovery codes are forgotten too.

    Raises:
        OwnAccount: it is one's own; that is done with one's own password.
        SwitchedOff: the link would open nothing.
    """
    _not_own(session, account, who)
    if not account.active:
        raise SwitchedOff
    if second_step:
        forget(session, account)
    lock(session, account)
    invite(session, account, settings=settings, now=now, is_new=False)
    record(session, (SUBJECT, account.id), "account.reset", actor=who.actor, now=now, second_step=second_step)


def _one_at_a_time(session: DbSession, who: Coordinator) -> None:
    coordinating = select(Role.id).where(Role.name == RoleName.COORDINATOR)
    session.scalar(coordinating.with_for_update())
    if who.account_id not in {each.id for each in coordinators(session)}:
        raise NoLongerCoordinator


def _not_own(session: DbSession, account: Account, who: Coordinator) -> None:
    if account.id == who.account_id:
        raise OwnAccount(is_last=len(coordinators(session)) == 1)


def _roles(session: DbSession, names: Collection[str]) -> list[Role]:
    known = {role.name: role for role in session.scalars(select(Role).where(Role.name.in_(names)))}
    return [known.get(name) or Role(name=name) for name in sorted(set(names))]


def _give_profile(session: DbSession, account: Account) -> None:
    """An advisor with the address of this account, who has none, is this person."""
    if account.advisor is None and any(role.name == RoleName.ADVISOR for role in account.roles):
        advisor = session.scalar(
            select(Advisor).where(Advisor.email == account.email, Advisor.account_id.is_(None))
        )
        if advisor is not None:
            advisor.account_id = account.id
            session.flush()
            session.expire(account, ["advisor"])
