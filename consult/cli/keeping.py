"""The commands that keep data: ``purge``, ``backup``, ``restore``, ``verify``. Each counts what it did."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import SecretStr
from rich.console import Console
from rich.progress import Progress, TaskID

from consult import clock
from consult.cli import loading
from consult.cli.failures import Wrong, load_settings
from consult.database import db
from consult.operations.archive import reading, writing
from consult.operations.archive.manifest import NotABackup
from consult.privacy import nightly, retention
from consult.privacy.files import scrub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consult.operations.archive.manifest import Manifest
    from consult.settings import Settings


@contextmanager
def shown(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr that follows the tables; nothing where no person is looking."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def told(table: str, done: int, total: int) -> None:
            if table not in tasks:
                tasks[table] = bars.add_task(f"{what} {table}", total=total)
            bars.update(tasks[table], completed=done)

        yield told


@click.command()
@click.option("--dry-run", is_flag=True, help="say what would go, and change nothing")
def purge(*, dry_run: bool) -> None:
    """Let go of what was kept long enough, as the worker does every night."""
    app, now = loading.app_at_head(), clock.now()
    if dry_run:
        with loading.transaction(app) as session:
            counts = {kind: count for kind, count in retention.preview(session, now=now).items() if count}
        click.echo(_counted("Would let go of", counts))
        return
    with Console(stderr=True).status("Letting go …"):
        counts = nightly.let_go(lambda: loading.transaction(app), now=now)
    with loading.transaction(app) as session:
        retention.conclude(session, counts, now=now, actor="operator")
    with app.app_context():
        scrubbed = scrub(db.engine)
    click.echo(_counted("Let go of", counts))
    if not scrubbed:
        raise Wrong("somebody is reading, so the log of the database is not emptied yet. Type it again later")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write everything in the database to FILE, as it is at this moment; others work on meanwhile."""
    app = loading.app_at_head()
    try:
        with app.app_context(), shown("writing") as told:
            made = writing.write(db.engine, file, now=clock.now(), told=told)
    except FileExistsError:
        raise Wrong(f"{file} exists already: choose another name") from None
    except OSError as error:
        raise Wrong(f"{file}: {error.strerror}") from None
    click.echo(f"{file}: {made.rows} rows of {len(made.tables)} tables, migration {made.head}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--send-waiting", is_flag=True, help="also send mail that waited when the backup was made")
def restore(file: Path, *, send_waiting: bool) -> None:
    """Fill an empty database from FILE and compare. Old mail is put aside at the desk, not sent again."""
    made = fill(load_settings(), file, send_waiting=send_waiting)
    click.echo(f"Restored {made.rows} rows of {len(made.tables)} tables, as they were at {made.made_at}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def verify(file: Path) -> None:
    """Restore FILE into a database that is thrown away, and compare every row."""
    with tempfile.TemporaryDirectory(prefix="consult-verify-") as folder:
        url = SecretStr(f"sqlite:///{folder}/verify.sqlite3")
        made = fill(load_settings().model_copy(update={"database_url": url}), file)
    click.echo(f"{file} is whole: {made.rows} rows of {len(made.tables)} tables came out as they went in.")


def fill(settings: Settings, file: Path, *, send_waiting: bool = False) -> Manifest:
    """Restore ``file`` into the database of ``settings``, with a bar.

    Raises:
        Wrong: the file or the database is not fit for it.
    """
    app = loading.make_app(settings)
    try:
        with app.app_context(), shown("filling") as told:
            return reading.restore(db.engine, file, now=clock.now(), send_waiting=send_waiting, told=told)
    except NotABackup as error:
        raise Wrong(f"{file}: {error}") from None
    except reading.NotEmpty as error:
        raise Wrong(f"the database to fill is not empty: {error}") from None


def _counted(what: str, counts: dict[str, int]) -> str:
    listed = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items())
    return f"{what} {listed or 'nothing'}."
