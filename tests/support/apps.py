"""The real application for a test: its settings, the app, a session for services, a client for pages.

An application takes long to make and stays warm: the next test with the same settings has the same one, on a database
of its own. It keeps nothing between two requests but what it may keep in production.

One transaction at a time: on SQLite an open ``session`` keeps a request out. Arrange with ``transaction``, which
commits and closes; use ``session`` where the test calls services and no page.

The application is imported where a fixture first needs it: the tests of engines run without it, and sooner.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from tempfile import TemporaryDirectory
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from jinja2 import FileSystemBytecodeCache

from tests.support.pages import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from consult.database import DbSession
    from consult.settings import Settings
    from tests.support.mailbox import Mailbox


class MakeSettings(Protocol):
    """Settings for this test's database and mail server, with some of them changed."""

    def __call__(self, **changed: Any) -> Settings: ...


class DeliverMail(Protocol):
    """Send what the outbox holds and is due; gives how many the mail server accepted."""

    def __call__(self) -> int: ...


class Transaction(Protocol):
    """``with transaction() as session:`` commits at the end and closes, so that pages and other threads see it."""

    def __call__(self) -> AbstractContextManager[DbSession]: ...


@pytest.fixture
def limits_kept(request: pytest.FixtureRequest) -> str:
    """Where limits are counted: in memory, or with ``--servers`` in Redis."""
    in_redis = request.config.getoption("--servers")
    return str(request.getfixturevalue("redis_url")) if in_redis else "memory://"


@pytest.fixture
def make_settings(instance: Path, database_url: str, mailbox: Mailbox, limits_kept: str) -> MakeSettings:
    """Make settings, for a test that needs another app than the usual one."""
    from consult.settings import load

    def make(**changed: Any) -> Settings:
        usual: dict[str, Any] = {
            "instance": instance,
            "database_url": database_url,
            "secret_key": "only for this test run, thirty-two",
            "base_url": "http://localhost",
            "mail_server": "127.0.0.1",
            "mail_port": mailbox.port,
            "ratelimit_enabled": False,
            "ratelimit_storage_uri": limits_kept,
            "form_seconds": 0,
            "second_factor": False,
            "testing": True,
        }
        return load({}, **usual | changed)

    return make


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """The settings of ``app``; override this fixture in a module to change them."""
    return make_settings()


@cache
def _template_folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="consult-templates-")


@dataclass
class _Warm:
    """The applications that were made last, at most one for each database, with their settings."""

    apps: dict[str, tuple[Settings, Flask]] = field(default_factory=dict)

    def of(self, settings: Settings) -> Flask:
        from consult.app import create_app

        kind = settings.database.partition(":")[0]
        known, app = self.apps.get(kind, (None, None))
        if app is None or settings != known:
            app = create_app(settings)
            # The templates are translated into Python once for all applications.
            app.jinja_env.bytecode_cache = FileSystemBytecodeCache(_template_folder().name)
            self.apps[kind] = (settings, app)
        if settings.ratelimit_enabled:
            # A limiter counts from one test to the next; and it is one object, bound to the application made last.
            self.apps.clear()
        return app


_warm = _Warm()


@contextmanager
def running(settings: Settings) -> Iterator[Flask]:
    """The application for ``settings``; afterwards its connections are closed and the clock is the machine's again."""
    from consult import clock
    from consult.database import db

    app = _warm.of(settings)
    if settings.clock is not None:
        clock.start_at(settings.clock)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        clock.start_at(datetime.now(UTC))


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application as the factory makes it, on this test's own database."""
    with running(settings) as app:
        yield app


@pytest.fixture
def session(app: Flask) -> Iterator[DbSession]:
    """A session inside an app context, for tests that call services."""
    from consult.database import db

    with app.app_context():
        yield db.session


@pytest.fixture
def transaction(app: Flask) -> Transaction:
    """Arrange or look at rows around what a person does on pages."""
    from consult.database import db

    @contextmanager
    def begin() -> Iterator[DbSession]:
        with app.app_context():
            yield db.session
            db.session.commit()

    return begin


@pytest.fixture
def deliver_mail(transaction: Transaction, settings: Settings) -> DeliverMail:
    """The worker's delivery, one round at a time, to the server behind ``mailbox``."""
    from consult import clock
    from consult.outbox.connection import SmtpConnection
    from consult.outbox.delivery import Delivery, mail_server

    server = mail_server(settings)
    delivery = Delivery(transaction, lambda: SmtpConnection(server), now=clock.now)
    return lambda: delivery.run(Event())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Flask's own client, for what is not a page: headers, the API, bad bytes."""
    return app.test_client()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who opens pages, fills in forms and reads the answers; every page is checked on the way."""
    return Visitor(app.test_client())
