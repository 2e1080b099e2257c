"""The commands about keys of programs (``key make``, ``key list``, ``key end``) and the document of the API."""

from __future__ import annotations

import json
from datetime import date

import click

from consult import clock
from consult.activity.services import SYSTEM
from consult.api.document import document
from consult.cli import loading
from consult.cli.failures import Wrong, WrongUse, load_settings
from consult.people.keys.models import ApiKey
from consult.people.keys.services import NewKey, Scope, all_keys, end_key, make_key, works
from consult.people.services import advisor_by_slug
from consult.web import dates


@click.group()
def key() -> None:
    """Make, list and end the keys with which programs call the API."""


@key.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", type=click.Choice([str(scope) for scope in Scope]), multiple=True, required=True
)
@click.option("--advisor", help="the name in addresses of the advisor in whose name the program acts")
@click.option("--until", help="the last day on which the key works, such as 2027-12-31")
@click.option("--per-minute", type=click.IntRange(1, 6000), default=120, show_default=True)
def make(name: str, scopes: tuple[str, ...], advisor: str | None, until: str | None, per_minute: int) -> None:
    """Make a key for the program NAME and print it, this once."""
    app = loading.app_at_head()
    with loading.transaction(app) as session:
        found = advisor_by_slug(session, advisor) if advisor else None
        if advisor and found is None:
            raise Wrong(f"no advisor is called {advisor!r} in addresses")
        new = NewKey(
            form_key=f"command-{clock.now().timestamp()}",
            name=name,
            scopes=frozenset(Scope(each) for each in scopes),
            advisor_id=found.id if found else None,
            expires_on=_day(until),
            per_minute=per_minute,
        )
        made, text = make_key(session, new, actor=SYSTEM, now=clock.now())
        number = made.id
    click.echo(f"Key {number}, for {name}. It is shown this once:", err=True)
    click.echo(text)


@key.command(name="list")
def list_keys() -> None:
    """Every key there ever was, with its number."""
    app = loading.app_at_head()
    today = dates.local_date(clock.now(), load_settings().timezone)
    with loading.transaction(app) as session:
        for each in all_keys(session):
            state = "works" if works(each, today=today) else "ended"
            scopes = " ".join(each.scopes)
            used = each.used_on or "never"
            click.echo(f"{each.id}\t{each.name}\t{each.beginning}…\t{scopes}\t{state}\tused {used}")


@key.command()
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
def end(number: int) -> None:
    """End key NUMBER: from now on it opens nothing."""
    app = loading.app_at_head()
    with loading.transaction(app) as session:
        found = session.get(ApiKey, number)
        if found is None:
            raise Wrong(f"there is no key {number}. Type: consult key list")
        end_key(session, found, actor=SYSTEM, now=clock.now())
        name = found.name
    click.echo(f"The key of {name} opens nothing any more.")


@click.command()
def openapi() -> None:
    """Print the OpenAPI document of the API, as it stands in docs/openapi.json."""
    click.echo(json.dumps(document(), indent=2, ensure_ascii=False))


def _day(typed: str | None) -> date | None:
    if typed is None:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise WrongUse(f"{typed!r} is no day such as 2027-12-31") from None
