"""The commands that look at settings and need no application: ``config`` and ``mail test``."""

from __future__ import annotations

import os
import sys

import click
from rich.console import Console
from rich.table import Table

from consult import clock
from consult.cli.failures import WrongUse, load_settings
from consult.cli.marks import MARKS
from consult.operations import effective, mail_probe
from consult.web.addresses import normal_email


@click.command()
def config() -> None:
    """Show every setting: its value (secrets masked) and where it came from."""
    settings = load_settings()
    table = Table("setting", "value", "from", "what it is", box=None, pad_edge=False)
    for each in effective.effective(settings, os.environ):
        table.add_row(each.name, each.value, each.origin, each.description)
    # In a pipe or a file there is no edge to fold at.
    width = None if sys.stdout.isatty() else 300
    Console(width=width, highlight=False, markup=False).print(table)


@click.group()
def mail() -> None:
    """Try out the mail server."""


@mail.command()
@click.argument("address")
def test(address: str) -> None:
    """Send a mail to ADDRESS and show each step; exit status 1 when one fails."""
    receiver = normal_email(address.strip())
    if receiver is None:
        raise WrongUse(f"{address!r} is not a mail address")
    console = Console(soft_wrap=True, highlight=False)
    fine = True
    for finding in mail_probe.probe(load_settings(), receiver, now=clock.now()):
        console.print(f"{MARKS[finding.ok]} {finding.step}: {finding.seen}")
        if not finding.ok:
            fine = False
            console.print(f"      → {finding.mend}")
    sys.exit(0 if fine else 1)
