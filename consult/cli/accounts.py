"""The commands about accounts: ``user create`` and ``user reset``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from sqlalchemy import select

from consult import clock
from consult.cli import loading
from consult.cli.failures import Wrong, WrongUse, load_settings
from consult.operations.invitations import invite
from consult.people.accounts import Account, RoleName
from consult.people.models import Advisor
from consult.people.signin import WeakPassword, acts, create_account, set_password
from consult.people.signin.links import OPEN_FOR
from consult.people.signin.passwords import lock
from consult.people.signin.second_step import forget
from consult.web.addresses import normal_email

if TYPE_CHECKING:
    from consult.database import DbSession

password_option = click.option(
    "--password-stdin", is_flag=True, help="read a password from standard input in place of mailing a link"
)


@click.group()
def user() -> None:
    """Create accounts and reset passwords."""


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice([str(role) for role in RoleName]), required=True)
@password_option
def create(email: str, role: str, *, password_stdin: bool) -> None:
    """Make an account for EMAIL and mail a link to choose a password. An advisor with that address gets it."""
    address = _address(email)
    app = loading.app_at_head()
    password = _password() if password_stdin else None
    with loading.transaction(app) as session:
        if session.scalar(select(Account).where(Account.email == address)):
            raise Wrong(f"{address} has an account. Type: consult user reset {address}")
        try:
            account = create_account(session, address, password, [role], now=clock.now())
        except WeakPassword as error:
            raise WrongUse(str(error)) from None
        advisor = session.scalar(select(Advisor).where(Advisor.email == address))
        if advisor is not None:
            advisor.account_id = account.id
        name = advisor.name if advisor else None
        link = (
            invite(session, account, settings=load_settings(), now=clock.now()) if password is None else None
        )
    click.echo(f"{address} can sign in as {role}" + (f", and is {name}." if name else "."))
    _tell(link)


@user.command()
@click.argument("email")
@click.option(
    "--second-step", is_flag=True, help="forget the telephone, the passkeys and the recovery codes too"
)
@password_option
def reset(email: str, *, second_step: bool, password_stdin: bool) -> None:
    """Mail EMAIL a link to choose a new password; the old one, passkeys, links to a provider and sign-ins end."""
    address = _address(email)
    app = loading.app_at_head()
    password = _password() if password_stdin else None
    with loading.transaction(app) as session:
        account = session.scalar(select(Account).where(Account.email == address))
        if account is None:
            raise Wrong(f"{address} has no account. Type: consult user create {address} --role …")
        if second_step:
            forget(session, account)
        try:
            link = _renew(session, account, password)
        except WeakPassword as error:
            raise WrongUse(str(error)) from None
        acts.record_reset(session, account.id, now=clock.now())
    done = "has a new password" if link is None else "has no password until the link is used"
    click.echo(f"{address} {done}; its sign-ins have ended.")
    _tell(link)


def _renew(session: DbSession, account: Account, password: str | None) -> str | None:
    if password is not None:
        set_password(account, password)
        return None
    lock(session, account)
    return invite(session, account, settings=load_settings(), now=clock.now(), is_new=False)


def _tell(link: str | None) -> None:
    if link:
        click.echo(f"A mail with this link is on its way. It works once, for {OPEN_FOR.days} days:\n{link}")


def _address(typed: str) -> str:
    address = normal_email(typed.strip())
    if address is None:
        raise WrongUse(f"{typed!r} is not a mail address")
    return address.lower()


def _password() -> str:
    return sys.stdin.readline().rstrip("\r\n")
