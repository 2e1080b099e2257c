"""The group ``db``: Flask-Migrate's own commands, and ``db copy`` to move to another database."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from flask_migrate.cli import db as migrations
from pydantic import SecretStr
from sqlalchemy.exc import DBAPIError

from consult import clock
from consult import settings as configuration
from consult.cli import loading
from consult.cli.failures import Wrong, WrongUse, load_settings
from consult.cli.keeping import fill, shown
from consult.database import db as database
from consult.operations.archive import writing
from consult.settings_files import SettingsError


@click.command("copy")
@click.option("--to", "url", required=True, help="address of the empty database, postgresql://… for example")
def copy(url: str) -> None:
    """Copy everything to an empty database and compare; mail that waits goes along. Stop web and worker first."""
    app, settings = loading.app_at_head(), load_settings()
    try:
        target = configuration.load(database_url=SecretStr(url))
    except SettingsError as error:
        raise WrongUse(f"--to: {error}") from None
    if target.database == settings.database:
        raise WrongUse("that is the database to copy from: name another one")
    with tempfile.TemporaryDirectory(prefix="consult-copy-") as folder:
        file = Path(folder) / "copy.zip"
        with app.app_context(), shown("reading") as told:
            writing.write(database.engine, file, now=clock.now(), told=told)
        try:
            made = fill(target, file, send_waiting=True)
        except DBAPIError as error:
            name = type(error).__name__
            raise Wrong(f"the database to fill cannot be reached, or refused ({name}): check --to") from error
    for name, part in made.tables.items():
        if part.rows:
            click.echo(f"{part.rows:>9}  {name}")
    click.echo(f"Copied {made.rows} rows. Now set CONSULT_DATABASE_URL to the new address.")


db = click.Group(
    "db",
    commands={**migrations.commands, "copy": copy},
    params=migrations.params,
    callback=migrations.callback,
    help="Upgrade the database (consult db upgrade), copy it (consult db copy) and the like.",
)
