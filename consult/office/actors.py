"""Who did something, by name: an advisor, a coordinator by mail address, a program, or the system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from sqlalchemy import select

from consult.people.accounts import Account
from consult.people.keys.models import ApiKey
from consult.people.models import Advisor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consult.database import DbSession


def actor_names(session: DbSession, actors: Iterable[str]) -> dict[str, str]:
    """The name of each; who left is an old colleague. Two statements."""
    asked = set(actors)
    known: dict[str, str] = {}
    named = (
        ("advisor", Advisor.name, Advisor),
        ("account", Account.email, Account),
        ("key", ApiKey.name, ApiKey),
    )
    for kind, column, table in named:
        ids = [int(each.partition(":")[2]) for each in asked if each.startswith(f"{kind}:")]
        for number, name in session.execute(select(table.id, column).where(table.id.in_(ids))):
            known[f"{kind}:{number}"] = name
    return {each: known.get(each) or _other(each) for each in asked}


def _other(actor: str) -> str:
    return gettext("Een oud-collega") if ":" in actor else gettext("Het systeem")
