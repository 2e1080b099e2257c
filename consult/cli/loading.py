"""The application for a command, and one transaction in its database."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click
from flask.cli import ScriptInfo
from sqlalchemy.exc import DBAPIError

from consult.app import create_app
from consult.cli.failures import Wrong, WrongUse, load_settings
from consult.database import db
from consult.operations import logs, schema, sealed_texts
from consult.settings_files import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from consult.database import DbSession
    from consult.settings import Settings


def make_app(settings: Settings | None = None) -> Flask:
    """The application for ``settings``, or for those of the environment.

    Raises:
        WrongUse: a setting is wrong.
    """
    settings = settings or load_settings()
    logs.configure(quiet=settings.demo)
    try:
        app = create_app(settings)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    if ctx := click.get_current_context(silent=True):
        ctx.find_root().call_on_close(partial(_let_go, app))
    return app


def _let_go(app: Flask) -> None:
    """Close the connections to the database when the command has ended."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def script_info() -> ScriptInfo:
    """What Flask's own commands (``db``) find the application by."""
    return ScriptInfo(create_app=make_app, set_debug_flag=False)


def app_at_head() -> Flask:
    """The application, when its database is there and at the newest migration.

    Raises:
        Wrong: it is not; the line names the command to type.
    """
    app = make_app()
    with app.app_context():
        state = schema.state()
    if not state.at_head:
        raise Wrong(f"{state.problem}. Type: {state.mend}")
    return app


def app_that_reads() -> Flask:
    """The application, when it also has the key of what was written last.

    Raises:
        Wrong: it has not, or the database is not ready.
    """
    app = app_at_head()
    with app.app_context():
        name = sealed_texts.missing_key(app.extensions["consult"].keyring())
    if name is not None:
        raise Wrong(f"what people wrote is sealed with key {name}: add that key to CONSULT_ENCRYPTION_KEYS")
    return app


@contextmanager
def transaction(app: Flask) -> Iterator[DbSession]:
    """One transaction, committed at the end.

    Raises:
        Wrong: the database refused or is away.
    """
    with app.app_context():
        try:
            yield db.session
            db.session.commit()
        except DBAPIError as error:
            raise Wrong(f"the database refused ({type(error.orig).__name__}). Type: consult check") from error
