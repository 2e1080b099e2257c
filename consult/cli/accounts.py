"""The commands about accounts: ``user create`` and ``user reset``."""

from __future__ import annotations

import sys

import click
from sqlalchemy import select

from consult import clock
from consult.cli import loading
from consult.cli.failures import Wrong, WrongUse
from consult.people.accounts import Account, RoleName
from consult.people.models import Advisor
from consult.people.signin import WeakPassword, create_account, set_password
from consult.web.addresses import normal_email

password_option = click.option("--password-stdin", is_flag=True, help="read the password from standard input")


@click.group()
def user() -> None:
    """Create accounts and reset passwords."""


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice([str(role) for role in RoleName]), required=True)
@password_option
def create(email: str, role: str, *, password_stdin: bool) -> None:
    """Make an account for EMAIL. An advisor with that address gets it."""
    address = _address(email)
    app = loading.app_at_head()
    password = _password(from_stdin=password_stdin)
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
    click.echo(f"{address} can sign in as {role}" + (f", and is {name}." if name else "."))


@user.command()
@click.argument("email")
@password_option
def reset(email: str, *, password_stdin: bool) -> None:
    """Give the account of EMAIL a new password; its sessions end."""
    address = _address(email)
    app = loading.app_at_head()
    password = _password(from_stdin=password_stdin)
    with loading.transaction(app) as session:
        account = session.scalar(select(Account).where(Account.email == address))
        if account is None:
            raise Wrong(f"{address} has no account. Type: consult user create {address} --role …")
        try:
            set_password(account, password)
        except WeakPassword as error:
            raise WrongUse(str(error)) from None
    click.echo(f"{address} has a new password; its sessions have ended.")


def _address(typed: str) -> str:
    address = normal_email(typed.strip())
    if address is None:
        raise WrongUse(f"{typed!r} is not a mail address")
    return address.lower()


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return password
