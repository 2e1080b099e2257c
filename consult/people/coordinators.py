"""Who coordinates: where alarms go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.people.accounts import Account, Role, RoleName, account_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession


def coordinators(session: DbSession) -> Sequence[Account]:
    """The accounts of everybody who coordinates and may sign in, by address."""
    has_role = (
        select(account_role.c.account_id)
        .join(Role, Role.id == account_role.c.role_id)
        .where(Role.name == RoleName.COORDINATOR)
    )
    query = select(Account).where(Account.active, Account.id.in_(has_role)).order_by(Account.email)
    return session.scalars(query).unique().all()
