"""The commands that look: ``check``, ``config`` and ``mail test``."""

from __future__ import annotations

import json
import os
import sys

import click
from rich.console import Console
from rich.table import Table

from consult import clock
from consult.cli import loading
from consult.operations import check as checking
from consult.operations import effective, mail_probe
from consult.web.addresses import normal_email

MARKS = {True: "[green]ok[/green]  ", False: "[red]wrong[/red]"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def check(*, as_json: bool) -> None:
    """Find what is wrong and say how to mend it; exit status 1 when something is."""
    settings = loading.load_settings()
    app = loading.make_app(settings)
    with app.app_context():
        found = checking.find(settings, now=clock.now())
    fine = all(each.ok for each in found)
    if as_json:
        click.echo(json.dumps({"ok": fine, "findings": [each.to_json() for each in found]}, indent=2))
    else:
        console = Console(soft_wrap=True, highlight=False)
        for each in found:
            console.print(f"{MARKS[each.ok]} {each.name}: {each.cause}")
            if not each.ok:
                console.print(f"      → {each.mend}")
    sys.exit(0 if fine else 1)


@click.command()
def config() -> None:
    """Show every setting: its value (secrets masked) and where it came from."""
    settings = loading.load_settings()
    table = Table("setting", "value", "from", "what it is", box=None, pad_edge=False)
    for each in effective.effective(settings, os.environ):
        table.add_row(each.name, each.value, each.origin, each.description)
    Console(soft_wrap=not sys.stdout.isatty(), highlight=False, markup=False).print(table)


@click.group()
def mail() -> None:
    """Try out the mail server."""


@mail.command()
@click.argument("address")
def test(address: str) -> None:
    """Send a mail to ADDRESS and show each step; exit status 1 when one fails."""
    receiver = normal_email(address.strip())
    if receiver is None:
        raise loading.WrongUse(f"{address!r} is not a mail address")
    console = Console(soft_wrap=True, highlight=False)
    fine = True
    for finding in mail_probe.probe(loading.load_settings(), receiver, now=clock.now()):
        console.print(f"{MARKS[finding.ok]} {finding.step}: {finding.seen}")
        if not finding.ok:
            fine = False
            console.print(f"      → {finding.mend}")
    sys.exit(0 if fine else 1)
