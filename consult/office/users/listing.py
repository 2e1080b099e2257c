"""Everybody who can sign in, as the list and the page of one person show it: roles, second step, last day, invitation.

Knows when somebody signed in from the trail, which is kept longer than the sign-ins themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from consult.activity.models import Activity
from consult.people.accounts import Account, RoleName
from consult.people.signin.acts import SUBJECT
from consult.people.signin.models import Passkey, ProviderLink

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession


class Standing(StrEnum):
    """Whether somebody can come in."""

    IN_USE = "in_use"
    INVITED = "invited"
    EXPIRED = "expired"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Person:
    """One account. ``last_in`` is when this person last signed in; ``lacks_profile``: advises, and is no advisor."""

    account: Account
    name: str
    standing: Standing
    has_telephone: bool
    passkeys: int
    has_provider: bool
    last_in: datetime | None

    @property
    def roles(self) -> Sequence[RoleName]:
        """What this person may do, in the order of ``RoleName``."""
        own = {role.name for role in self.account.roles}
        return [each for each in RoleName if each in own]

    @property
    def lacks_profile(self) -> bool:
        """Whether this person advises, without a profile that questions can go to."""
        return RoleName.ADVISOR in self.roles and self.account.advisor is None

    @property
    def still_advises(self) -> bool:
        """Whether questions still go to somebody who cannot come in."""
        return not self.account.active and bool(self.account.advisor and self.account.advisor.active)


def everybody(session: DbSession, *, now: datetime) -> list[Person]:
    """Every account, by name; who is switched off last. Five statements."""
    found = _people(session, session.scalars(select(Account)).unique().all(), now)
    return sorted(found, key=lambda each: (each.standing == Standing.OFF, each.name.casefold()))


def person(session: DbSession, account: Account, *, now: datetime) -> Person:
    """One account."""
    return _people(session, [account], now)[0]


def _people(session: DbSession, accounts: Sequence[Account], now: datetime) -> list[Person]:
    ids = [each.id for each in accounts]
    keys = select(Passkey.account_id, func.count()).where(Passkey.account_id.in_(ids))
    passkeys = {row[0]: row[1] for row in session.execute(keys.group_by(Passkey.account_id))}
    linked = set(session.scalars(select(ProviderLink.account_id).where(ProviderLink.account_id.in_(ids))))
    signed_in = (
        select(Activity.subject_id, func.max(Activity.at))
        .where(
            Activity.subject_kind == SUBJECT,
            Activity.subject_id.in_(ids),
            Activity.what == "account.signed_in",
        )
        .group_by(Activity.subject_id)
    )
    last = {row[0]: row[1] for row in session.execute(signed_in)}
    return [
        Person(
            account=each,
            name=each.advisor.name if each.advisor else each.email,
            standing=_standing(each, has_way_in=each.id in passkeys or each.id in linked, now=now),
            has_telephone=each.totp_secret is not None,
            passkeys=passkeys.get(each.id, 0),
            has_provider=each.id in linked,
            last_in=last.get(each.id),
        )
        for each in accounts
    ]


def _standing(account: Account, *, has_way_in: bool, now: datetime) -> Standing:
    if not account.active:
        return Standing.OFF
    if account.password is not None or has_way_in:
        return Standing.IN_USE
    is_open = account.link_until is not None and account.link_until > now
    return Standing.INVITED if is_open else Standing.EXPIRED
