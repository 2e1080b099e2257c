"""What every command shares: failures as one line with an exit status, and the settings. Loads no application."""

from __future__ import annotations

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


def load_settings(**overrides: Any) -> Settings:
    """The settings, or the one line that names the wrong one.

    Raises:
        WrongUse: a setting is wrong.
    """
    try:
        return configuration.load(**overrides)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
