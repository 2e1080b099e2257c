"""The command ``demo``."""

from __future__ import annotations

import click
from rich.console import Console

from consult.cli import loading
from consult.cli.failures import Wrong, load_settings
from consult.cli.serving import stopped_by_signals
from consult.operations import demonstration
from consult.worker import Worker

# Whoever tries something looks at once whether the mail is there.
POLL_SECONDS = 0.5


@click.command()
def demo() -> None:
    """Web, worker and a local mail catcher with sample data, until interrupted."""
    with stopped_by_signals() as stop:
        parts = demonstration.Parts(
            load_settings=load_settings,
            make_app=loading.make_app,
            work=lambda app: Worker(app, poll=POLL_SECONDS).run(stop),
        )
        try:
            demonstration.run(parts, stop, Console())
        except demonstration.CannotStart as error:
            raise Wrong(str(error)) from None
