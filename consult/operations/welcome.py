"""What ``consult demo`` says when it answers: where to look, how to sign in, where mail is caught, how to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from sqlalchemy import select

from consult.contact.models import ContactPage
from consult.people.accounts import Account, RoleName
from consult.people.models import Advisor

if TYPE_CHECKING:
    from rich.console import Console

    from consult.database import DbSession
    from consult.settings import Settings


def welcome(console: Console, settings: Settings, password: str, session: DbSession) -> None:
    """Print it. Everybody signs in with ``password``."""
    base = settings.base_url
    pages = session.scalars(
        select(ContactPage.slug).where(ContactPage.active).order_by(ContactPage.id).limit(2)
    )
    console.print(f"\nThe demonstration answers at [bold]{base}/[/bold]\n", highlight=False)
    _table(
        console,
        [
            *((f"{base}/p/{slug}", "a contact page") for slug in pages),
            (f"{base}/vraag", "ask a question"),
            (f"{base}/afspraak", "plan a talk"),
            (f"{base}/demo/mail", "all mail is caught here"),
            (f"{base}/inloggen", "the desk, for who signs in:"),
        ],
    )
    _table(console, [(email, role) for email, role in _sign_ins(session)])
    console.print(
        f"  password  [bold]{password}[/bold]\n\nCtrl-C ends it. Data stays in {settings.instance}/",
        highlight=False,
    )


def _table(console: Console, rows: list[tuple[str, str]]) -> None:
    table = Table.grid(padding=(0, 3))
    for left, right in rows:
        table.add_row(f"  {left}", right)
    console.print(table, highlight=False)


def _sign_ins(session: DbSession) -> list[tuple[str, str]]:
    """Address and highest role of the first few who can sign in, a coordinator first."""
    accounts = session.scalars(
        select(Account).join(Advisor).where(Account.active).order_by(Advisor.id).limit(6)
    ).all()
    named = [(account.email, _highest(account)) for account in accounts]
    return sorted(named, key=lambda each: each[1] != RoleName.COORDINATOR)


def _highest(account: Account) -> str:
    names = {role.name for role in account.roles}
    return RoleName.COORDINATOR if RoleName.COORDINATOR in names else RoleName.ADVISOR
