"""The command ``consult``: which commands there are and where each one lives.

Loads a command's module only when that command runs, so that ``consult --help`` answers at once; knows nothing of
what a command does.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from flask import Flask


class Lazy(NamedTuple):
    """Where a command is, as ``module:name``, and the line that ``--help`` shows for it."""

    place: str
    help: str

    def load(self) -> click.Command:
        """Import the module and give the command."""
        module, _, name = self.place.partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 (the table below is ours)
        return command


COMMANDS = {
    "serve": Lazy("consult.cli.serving:serve", "Answer visitors and advisors until interrupted."),
    "worker": Lazy("consult.cli.serving:work", "Send mail and do what has its time, until interrupted."),
    "demo": Lazy("consult.cli.demo:demo", "Web, worker and a local mail catcher with sample data."),
    "db": Lazy("consult.cli.copying:db", "Upgrade the database (consult db upgrade) and the like."),
    "sample-data": Lazy("consult.cli.data:sample_data_command", "Fill an empty database with invented data."),
    "purge": Lazy("consult.cli.keeping:purge", "Let go of what was kept long enough."),
    "backup": Lazy("consult.cli.keeping:backup", "Write the whole database to a file."),
    "restore": Lazy("consult.cli.keeping:restore", "Fill an empty database from such a file."),
    "verify": Lazy("consult.cli.keeping:verify", "Prove that such a file can be restored."),
    "encryption": Lazy("consult.cli.encryption:encryption", "Seal what people wrote, and change the key."),
    "user": Lazy("consult.cli.accounts:user", "Create accounts and reset passwords."),
    "key": Lazy("consult.cli.keys:key", "Make, list and end the keys with which programs call the API."),
    "openapi": Lazy("consult.cli.keys:openapi", "Print the OpenAPI document of the API."),
    "route": Lazy("consult.cli.routing:route", "Show who would get a question, and why."),
    "check": Lazy("consult.cli.looking:check", "Find what is wrong and say how to mend it."),
    "config": Lazy("consult.cli.inspection:config", "Show every setting, its value and its origin."),
    "mail": Lazy("consult.cli.inspection:mail", "Try out the mail server."),
}


class LazyGroup(click.Group):
    """A group whose commands stay on disk until one is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None when there is no such name."""
        del ctx
        lazy = COMMANDS.get(cmd_name)
        return lazy.load() if lazy else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what an operator can mend is told in one line, a fault of ours as it is.

        Raises:
            Wrong: the database is away or refused; WrongUse: the words that were typed are wrong.
        """
        try:
            return super().invoke(ctx)
        except Exception as error:
            line = importlib.import_module("consult.cli.failures").in_one_line(error)
            if line is None:
                raise
            raise line from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, without loading any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.help) for name, lazy in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def consult(ctx: click.Context) -> None:
    """Contact and booking for organisations that advise municipalities.

    Settings come from CONSULT_… in the environment and from consult.toml in the instance folder. Exit status: 0 done,
    1 something is wrong, 2 wrong use.
    """
    ctx.obj = importlib.import_module("consult.cli.loading").script_info()


def main() -> None:
    """Run the command line; the console script ``consult``."""
    consult(prog_name="consult")


def register_commands(app: Flask) -> None:
    """Make the same commands available to Flask's own ``flask --app wsgi …``; ``db`` is there already."""
    for name, lazy in COMMANDS.items():
        if name not in app.cli.commands and name != "db":
            app.cli.add_command(_Deferred(name, lazy))


class _Deferred(click.Command):
    """Stands for a command in Flask's own group and becomes it when it runs."""

    def __init__(self, name: str, lazy: Lazy) -> None:
        super().__init__(name, short_help=lazy.help, help=lazy.help, add_help_option=False)
        self.lazy = lazy

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Parse the arguments as the real command does; the context that comes out runs the real command."""
        return self.lazy.load().make_context(info_name, args, parent, **extra)
