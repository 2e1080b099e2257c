"""The commands about encryption at rest: ``encryption key``, ``encryption rotate``, ``encryption off``."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import Progress, TaskID

from consult.cli import loading
from consult.cli.failures import Wrong, WrongUse, load_settings
from consult.database import db
from consult.privacy import rotation
from consult.privacy.files import scrub
from consult.sealing.keys import PLAIN, Unreadable, fresh_key


@click.group()
def encryption() -> None:
    """Seal what people wrote in the database, with keys that are kept outside it."""


@encryption.command()
def key() -> None:
    """Print a new key. Keep it where no backup of the database is: what it seals cannot be read without it."""
    click.echo(fresh_key())


@encryption.command()
def rotate() -> None:
    """Seal everything under the first key of CONSULT_ENCRYPTION_KEYS; web and worker may run, with the same keys."""
    if load_settings().keyring().writes is None:
        raise WrongUse(
            "there is no key to seal with. Set CONSULT_ENCRYPTION_KEYS (consult encryption key makes one),"
            " and start web and worker anew"
        )
    _rewrite("Sealed")


@encryption.command()
def off() -> None:
    """Write everything plain again; the first of CONSULT_ENCRYPTION_KEYS must be the word plain."""
    ring = load_settings().keyring()
    if not ring.reads:
        raise WrongUse("CONSULT_ENCRYPTION_KEYS has no keys to open texts with")
    if ring.writes is not None:
        raise WrongUse(
            f"web and worker still seal. Set CONSULT_ENCRYPTION_KEYS to {PLAIN},… with the keys behind it,"
            " start them anew, and type this again"
        )
    _rewrite("Opened")


def _rewrite(what: str) -> None:
    app = loading.app_at_head()
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def told(step: rotation.Step) -> None:
            if step.column not in tasks:
                tasks[step.column] = bars.add_task(step.column, total=step.total)
            bars.update(tasks[step.column], completed=step.done)

        try:
            changed = rotation.rotate(lambda: loading.transaction(app), told=told)
        except Unreadable as error:
            raise Wrong(f"{error}. What was done stays done") from None
    with app.app_context():
        scrubbed = scrub(db.engine)
        on_postgresql = db.engine.dialect.name == "postgresql"
    click.echo(f"{what} {changed} texts.")
    if on_postgresql and changed:
        click.echo(
            "PostgreSQL keeps the old rows in its files until VACUUM FULL, which locks each table: do that at night.",
            err=True,
        )
    if not scrubbed:
        raise Wrong("somebody is reading, so the log of the database is not emptied yet. Type it again later")
