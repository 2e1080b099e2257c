"""The commands about data: ``sample-data``."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import TaskID

from consult import clock
from consult.cli import loading
from consult.cli.failures import Wrong, WrongUse, load_settings
from consult.operations import demonstration, sample_data
from consult.operations.sample.plan import plan
from consult.operations.sample_rows import Progress
from consult.people.signin import WeakPassword
from consult.web.dates import local_date


class Shown(Progress):
    """Bars on a terminal: one for each kind of row."""

    def __init__(self, bars: Bars) -> None:
        self.bars = bars
        self.task: TaskID | None = None

    def begin(self, what: str, total: int) -> None:
        """A new bar."""
        self.task = self.bars.add_task(what, total=total)

    def advance(self, rows: int) -> None:
        """Let the last bar grow."""
        if self.task is not None:
            self.bars.advance(self.task, rows)


@click.command("sample-data")
@click.option("--advisors", type=click.IntRange(1, 500), default=6, show_default=True)
@click.option("--enquiries", type=click.IntRange(0, 1_000_000), default=300, show_default=True)
@click.option("--bookings", type=click.IntRange(0, 1_000_000), default=120, show_default=True)
@click.option(
    "--seed", type=int, default=demonstration.SEED, show_default=True, help="the same seed, the same data"
)
def sample_data_command(advisors: int, enquiries: int, bookings: int, seed: int) -> None:
    """Fill an empty database with invented people, questions and talks around today."""
    app = loading.app_at_head()
    settings = load_settings()
    given = settings.demo_password
    password = given.get_secret_value() if given else demonstration.new_password()
    now = clock.now()
    console = Console(stderr=True)
    with loading.transaction(app) as session, Bars(console=console) as bars:
        if not sample_data.is_empty(session):
            raise Wrong("the database is not empty, and sample data would mix with what is there")
        with console.status("Inventing …"):
            planned = plan(
                seed,
                local_date(now, "Europe/Amsterdam"),
                advisors=advisors,
                enquiries=enquiries,
                bookings=bookings,
                now=now,
            )
        try:
            loaded = sample_data.load(
                session, planned, settings=settings, password=password, progress=Shown(bars)
            )
        except WeakPassword as error:
            raise WrongUse(f"CONSULT_DEMO_PASSWORD: {error}") from None
    demonstration.keep_password(settings.instance, password)
    click.echo(
        f"Stored {loaded.enquiries} questions, {loaded.bookings} talks, {loaded.contacts} contacts "
        f"and {loaded.organisations} municipalities."
    )
    click.echo(f"Sign in as {loaded.sign_ins[0][1]} (coordinator) with the password {password}")
