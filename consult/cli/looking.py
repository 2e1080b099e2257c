"""The command that looks at everything: ``check``."""

from __future__ import annotations

import json
import sys

import click
from rich.console import Console

from consult import clock
from consult.cli import loading
from consult.cli.failures import load_settings
from consult.cli.marks import MARKS
from consult.operations import check as checking


@click.command()
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def check(*, as_json: bool) -> None:
    """Find what is wrong and say how to mend it; exit status 1 when something is."""
    settings = load_settings()
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
