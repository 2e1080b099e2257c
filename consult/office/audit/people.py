"""Whose acts can be asked for: colleagues with all their names in the trail, visitors, programs and the system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext
from sqlalchemy import select

from consult.activity.services import SYSTEM, VISITOR, account_actor, advisor_actor
from consult.people.accounts import Account
from consult.people.keys.models import ApiKey
from consult.people.models import Advisor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession

GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody in the list: ``value`` in the address, and every name that the trail has for this person."""

    value: str
    name: str
    actors: tuple[str, ...]


def all_actors(session: DbSession) -> Sequence[Actor]:
    """Colleagues by name, then programs, visitors and the system. Three statements."""
    joined = select(Account.id, Account.email, Advisor.id, Advisor.name).outerjoin(
        Advisor, Advisor.account_id == Account.id
    )
    colleagues = [
        Actor(
            f"account-{account}",
            f"{name} ({email})" if name else email,
            (account_actor(account), advisor_actor(advisor)) if advisor else (account_actor(account),),
        )
        for account, email, advisor, name in session.execute(joined)
    ]
    alone = select(Advisor.id, Advisor.name).where(Advisor.account_id.is_(None))
    colleagues += [
        Actor(f"advisor-{row.id}", row.name, (advisor_actor(row.id),)) for row in session.execute(alone)
    ]
    keys = [
        Actor(f"key-{row.id}", gettext("Programma: %(name)s", name=row.name), (f"key:{row.id}",))
        for row in session.execute(select(ApiKey.id, ApiKey.name).order_by(ApiKey.name))
    ]
    return [
        *sorted(colleagues, key=lambda each: each.name.casefold()),
        *keys,
        Actor("bezoeker", gettext("Bezoekers"), (VISITOR, GUEST)),
        Actor("systeem", gettext("Het systeem"), (SYSTEM,)),
    ]


def names_in(actors: Sequence[Actor]) -> tuple[dict[str, str], dict[int, str]]:
    """The name of each actor in the trail, without the address; and those of the advisors by id."""
    by_actor: dict[str, str] = {}
    for each in actors:
        for actor in each.actors:
            by_actor[actor] = each.name.partition(" (")[0]
    by_actor |= {VISITOR: gettext("De bezoeker"), GUEST: gettext("Een genodigde")}
    advisors = {
        int(actor.removeprefix("advisor:")): name
        for actor, name in by_actor.items()
        if actor.startswith("advisor:")
    }
    return by_actor, advisors
