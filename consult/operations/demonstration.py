"""``consult demo``: everything in one process, with sample data and a mail server that sends nothing on.

Brings the database up to date by itself, which ``serve`` and ``worker`` never do.
"""

from __future__ import annotations

import fcntl
import http.client
import os
import secrets
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import flask_migrate
from sqlalchemy import select

from consult import clock
from consult.database import db
from consult.operations import demo_views, sample_data, web_server
from consult.operations.caught_mail import CaughtMails
from consult.operations.mail_catcher import MailCatcher
from consult.operations.sample.plan import plan
from consult.operations.welcome import welcome
from consult.people.accounts import Account
from consult.people.models import Advisor
from consult.people.signin import WeakPassword, set_password
from consult.web.dates import local_date

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from flask import Flask
    from rich.console import Console

    from consult.settings import Settings

SEED = 2026
PASSWORD_FILE = "demo-password"  # noqa: S105 (the name of a file)
LETTERS = "abcdefghjkmnpqrstuvwxyz"
DRAIN_SECONDS = 0.5
PORTS_TO_TRY = 50
WILDCARDS = frozenset({"0.0.0.0", "::"})  # noqa: S104 (recognised, not listened on)


class CannotStart(Exception):
    """The demonstration cannot start; the text is one line that says why."""


class LoadSettings(Protocol):
    """Settings with some of them given."""

    def __call__(self, **overrides: Any) -> Settings:
        """The settings of the environment, but for the overrides."""


@dataclass(frozen=True, slots=True)
class Parts:
    """How to make what lies above this module: settings, the application, and the worker's loop."""

    load_settings: LoadSettings
    make_app: Callable[[Settings], Flask]
    work: Callable[[Flask], None]


def run(parts: Parts, stop: threading.Event, console: Console) -> None:
    """Run web, worker and mail catcher until ``stop`` is set; all of them have ended when this returns.

    Raises:
        CannotStart: another one runs on this instance, the port is taken, or the database is not a demonstration's.
    """
    asked = parts.load_settings(demo=True)
    asked.instance.mkdir(parents=True, exist_ok=True)
    with ExitStack() as ending:
        lock = ending.enter_context(_only_one(asked.instance))
        listener = ending.enter_context(_listen(asked))
        mailbox = ending.enter_context(web_server.listen("127.0.0.1", 0))
        catcher = MailCatcher(mailbox, CaughtMails(demo_views.mail_folder(asked)))
        address: tuple[str, int] = listener.getsockname()[:2]
        settings = parts.load_settings(**_overrides(asked, address[1], catcher.port))
        _tell_address(lock, settings.base_url)
        app = parts.make_app(settings)
        password = _prepare(app, settings, console)
        catcher.start()
        ending.callback(catcher.stop)
        web = web_server.WebServer(app, listener, threads=settings.threads)
        threads = (
            threading.Thread(
                target=web.run, args=(stop,), kwargs={"drain_seconds": DRAIN_SECONDS}, name="web"
            ),
            threading.Thread(target=parts.work, args=(app,), name="worker"),
        )
        ending.callback(_end, threads, stop)
        for thread in threads:
            thread.start()
        if _answers(address, stop):
            with app.app_context():
                welcome(console, settings, password, db.session)
                db.session.remove()
            stop.wait()


def _end(threads: Iterable[threading.Thread], stop: threading.Event) -> None:
    stop.set()
    for thread in threads:
        if thread.ident is not None:
            thread.join()


def _answers(address: tuple[str, int], stop: threading.Event) -> bool:
    """Wait until the web answers; False when it was stopped before that."""
    host = "127.0.0.1" if address[0] in WILDCARDS else address[0]
    while not stop.wait(0.02):
        connection = http.client.HTTPConnection(host, address[1], timeout=10)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            return connection.getresponse().status == 200
        except OSError:
            continue
        finally:
            connection.close()
    return False


@contextmanager
def _only_one(instance: Path) -> Iterator[IO[str]]:
    """Hold the instance's lock, which the system lets go of when this process ends, however it ends."""
    with (instance / "demo.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().strip() or "an address it has not told yet"
            raise CannotStart(f"a demonstration of this instance is running already, at {where}") from None
        yield lock


def _tell_address(lock: IO[str], address: str) -> None:
    lock.truncate(0)
    lock.write(f"{address} (process {os.getpid()})")
    lock.flush()


def _listen(settings: Settings) -> socket.socket:
    """The port that was asked for; when nobody asked for one, the first that is free."""
    last = settings.port if "port" in settings.model_fields_set else min(settings.port + PORTS_TO_TRY, 65535)
    for port in range(settings.port, last + 1):
        try:
            return web_server.listen(settings.host, port)
        except web_server.PortTaken as error:
            if port == last:
                raise CannotStart(f"{error}. Set CONSULT_PORT to a port that is free") from None
    raise AssertionError("the range holds at least one port")


def _overrides(asked: Settings, port: int, mail_port: int) -> dict[str, Any]:
    """What a demonstration decides itself: its address, and that mail goes to its own catcher and nowhere else."""
    shown = "127.0.0.1" if asked.host in WILDCARDS else asked.host
    base_url = asked.base_url if "base_url" in asked.model_fields_set else f"http://{shown}:{port}"
    hosts = asked.trusted_hosts or tuple(
        {urlsplit(base_url).hostname or shown, shown, "127.0.0.1", "localhost"}
    )
    return {
        "demo": True,
        "port": port,
        "base_url": base_url,
        "trusted_hosts": hosts,
        "mail_server": "127.0.0.1",
        "mail_port": mail_port,
        "mail_username": None,
        "mail_password": None,
        "mail_security": "none",
    }


def _prepare(app: Flask, settings: Settings, console: Console) -> str:
    """Bring the database up to date and fill it when it is empty; gives the password of the sample accounts."""
    kept = kept_password(settings.instance)
    wanted = settings.demo_password.get_secret_value() if settings.demo_password else kept or new_password()
    with app.app_context():
        flask_migrate.upgrade()
        try:
            if sample_data.is_empty(db.session):
                with console.status("Loading sample data …"):
                    now = clock.now()
                    planned = plan(SEED, local_date(now, "Europe/Amsterdam"), now=now)
                    sample_data.load(db.session, planned, settings=settings, password=wanted)
            elif kept is None:
                raise CannotStart(
                    "the database holds data that is not a demonstration's, and its mail would be caught here. "
                    "Name another folder in CONSULT_INSTANCE and leave CONSULT_DATABASE_URL out"
                )
            elif wanted != kept:
                for account in db.session.scalars(select(Account).join(Advisor)):
                    set_password(account, wanted)
            db.session.commit()
        except WeakPassword as error:
            raise CannotStart(f"CONSULT_DEMO_PASSWORD: {error}") from None
        finally:
            db.session.remove()
    keep_password(settings.instance, wanted)
    return wanted


def new_password() -> str:
    """A random password that is easy to type over: four groups of four small letters."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def kept_password(instance: Path) -> str | None:
    """The password that the sample accounts of this instance have; None when it has no sample accounts."""
    try:
        return (instance / PASSWORD_FILE).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def keep_password(instance: Path, password: str) -> None:
    """Keep the password of the sample accounts, readable by its owner only."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / PASSWORD_FILE
    path.touch(mode=0o600)
    path.write_text(password + "\n", encoding="utf-8")
