"""``consult demo`` and ``consult serve`` as processes, as somebody on this machine starts and ends them."""

from __future__ import annotations

import re
import signal
import socket
import time
import urllib.request
from typing import IO, TYPE_CHECKING

import pytest
from click.testing import CliRunner

from consult import clock
from consult.cli import consult
from consult.operations.caught_mail import CaughtMails
from consult.operations.web_server import listen
from consult.people.accounts import RoleName
from consult.people.signin import create_account
from tests.operations.processes import environment, started
from tests.support.servers import free_port

if TYPE_CHECKING:
    from subprocess import Popen

    from consult.settings import Settings
    from tests.support.apps import Transaction

pytestmark = pytest.mark.proof

ENDS_WITHIN = 5.0


def demo_environment(settings: Settings, **changed: str) -> dict[str, str]:
    """A demonstration chooses its own database, address and mail server."""
    env = environment(settings, **changed)
    for name in ("CONSULT_DATABASE_URL", "CONSULT_BASE_URL", "CONSULT_MAIL_PORT", "CONSULT_TESTING"):
        env.pop(name)
    return env


def said_until(lines: IO[str] | None, words: str) -> str:
    assert lines is not None
    said = ""
    for line in lines:
        said += line
        if words in line:
            return said
    raise AssertionError(f"ended without {words!r}: {said}")


def refused(command: str, *, env: dict[str, str]) -> str:
    """What a command says that does not start, run in this process."""
    result = CliRunner(env=env).invoke(consult, [command], prog_name="consult")
    assert result.exit_code == 1
    return result.stderr


def ended(process: Popen[str]) -> int:
    """Press Ctrl-C and wait."""
    process.send_signal(signal.SIGINT)
    return process.wait(timeout=ENDS_WITHIN)


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 (an address of our own)
        text: str = answer.read().decode()
        return text


def test_a_demonstration_answers_catches_mail_and_ends_and_the_next_start_is_the_same(
    settings: Settings,
) -> None:
    env = demo_environment(settings)
    with started("demo", env=env) as first:
        welcome = said_until(first.stdout, "Ctrl-C")
        base = re.search(r"answers at (http://127\.0\.0\.1:\d+)/", welcome)
        password = re.search(r"password +(\S+)", welcome)
        assert base
        assert password
        assert "mirte@example.nl" in welcome
        for path in re.findall(rf"{base[1]}(/\S*)", welcome):
            assert "<h1" in get(base[1] + path)
        mails = CaughtMails(settings.instance / "demo-mail")
        deadline = time.monotonic() + 20
        while not mails.newest_first() and time.monotonic() < deadline:
            get(f"{base[1]}/healthz")
        assert base[1] in mails.newest_first()[-1].part("text/plain")
        assert f"is running already, at {base[1]}" in refused("demo", env=env)
        assert ended(first) == 0
    with started("demo", env=env) as again:
        welcome = said_until(again.stdout, "Ctrl-C")
        assert password[1] in welcome
        assert ended(again) == 0


def test_a_port_that_was_asked_for_and_is_taken_is_said(settings: Settings) -> None:
    with listen("127.0.0.1", 0) as other:
        port = str(other.getsockname()[1])
        for command, env in (
            ("demo", demo_environment(settings, CONSULT_PORT=port)),
            ("serve", environment(settings, CONSULT_PORT=port)),
        ):
            said = refused(command, env=env)
            assert said.startswith(f"consult: 127.0.0.1:{port} cannot be used (Address already in use).")
            assert said.count("\n") == 1


def test_data_of_somebody_else_is_not_taken_for_a_demonstration(
    settings: Settings, transaction: Transaction
) -> None:
    with transaction() as session:
        create_account(session, "rik@bureau.nl", "lang genoeg, echt", [RoleName.OPERATOR], now=clock.now())
    env = demo_environment(settings) | {"CONSULT_DATABASE_URL": settings.database}
    assert "not a demonstration's" in refused("demo", env=env)


def test_serve_answers_and_ends_when_it_is_told(settings: Settings) -> None:
    port = free_port()
    with started("serve", env=environment(settings, CONSULT_PORT=str(port))) as server:
        said_until(server.stderr, "Answering on")
        assert get(f"http://localhost:{port}/healthz") == '{"status":"up"}\n'
        with socket.create_connection(("127.0.0.1", port)):
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=ENDS_WITHIN) == 0
