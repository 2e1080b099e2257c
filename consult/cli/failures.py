"""What every command shares: failures as one line with an exit status, and the settings. Loads no application."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from consult import settings as configuration
from consult.settings_files import SettingsError

if TYPE_CHECKING:
    from consult.settings import Settings


class Wrong(click.ClickException):
    """Something is wrong and the line says what mends it: exit status 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """One line on stderr."""
        click.echo(f"consult: {self.format_message()}", err=True, file=file)


class WrongUse(Wrong):
    """A setting or an argument is wrong: exit status 2."""

    exit_code = 2


def in_one_line(error: Exception) -> Wrong | None:
    """A command typed wrongly, or a database that is away, as one line; None for what is no such thing."""
    if isinstance(error, click.UsageError) and not isinstance(error, click.exceptions.NoArgsIsHelpError):
        path = error.ctx.command_path if error.ctx else "consult"
        return WrongUse(f"{error.format_message().rstrip('.')}. Type: {path} --help")
    # Who failed on a database has loaded this; nobody else waits for it.
    exc = sys.modules.get("sqlalchemy.exc")
    if exc is not None and isinstance(error, exc.DBAPIError):
        name = type(error).__name__
        return Wrong(f"the database cannot be reached, or refused ({name}). Type: consult check")
    return None


def load_settings(**overrides: Any) -> Settings:
    """The settings, or the one line that names the wrong one.

    Raises:
        WrongUse: a setting is wrong.
    """
    try:
        return configuration.load(**overrides)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
