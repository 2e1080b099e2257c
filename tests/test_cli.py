"""The command line as an operator uses it: what it does, what it says when it cannot, and its exit status."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from consult import clock
from consult.cli import COMMANDS, consult
from consult.outbox.services import beat
from consult.people.accounts import Account
from consult.people.models import Advisor
from tests.operations.processes import environment
from tests.support import rows
from tests.support.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import DeliverMail, Transaction
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Visitor

LONG_ENOUGH = "een lang genoeg wachtwoord\n"


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command on this test's own database; keyword arguments are settings."""

    def command(*words: str, stdin: str | None = None, **changed: str) -> Result:
        given = environment(settings, **{f"CONSULT_{name.upper()}": value for name, value in changed.items()})
        for name, value in given.items():
            if name.startswith("CONSULT_"):
                monkeypatch.setenv(name, value)
        return CliRunner().invoke(consult, words, input=stdin, prog_name="consult")

    return command


def test_help_lists_every_command_without_loading_the_application(settings: Settings) -> None:
    started = time.process_time()
    shown = CliRunner().invoke(consult, ["--help"])
    assert time.process_time() - started < 0.4
    assert all(f"  {name} " in shown.stdout for name in COMMANDS)
    probe = "import sys, consult.cli; sys.exit(bool({'flask', 'sqlalchemy', 'rich', 'pydantic'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", probe], env=environment(settings), check=False).returncode == 0
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_the_table_says(name: str) -> None:
    shown = CliRunner().invoke(consult, [name, "--help"])
    assert shown.exit_code == 0, shown.output


@pytest.mark.parametrize(
    ("words", "changed", "said"),
    [
        pytest.param(
            ("serve",),
            {"portt": "1"},
            "CONSULT_PORTT is not a setting; did you mean CONSULT_PORT?",
            id="unknown",
        ),
        pytest.param(("config",), {"port": "x"}, "CONSULT_PORT: ", id="a value that is none"),
        pytest.param(
            ("mail", "test", "nobody"), {}, "'nobody' is not a mail address", id="an address that is none"
        ),
        pytest.param(("user", "reset", "@"), {}, "'@' is not a mail address", id="an account that is none"),
        pytest.param(("backup",), {}, "'FILE'. Type: consult backup --help", id="a word is missing"),
        pytest.param(("chek",), {}, "No such command 'chek'", id="a command that is none"),
        pytest.param(
            ("config",), {"database_url": "mysql://x"}, "such as postgresql://", id="no database of ours"
        ),
        pytest.param(
            ("db", "copy", "--to", "x"), {}, "--to: CONSULT_DATABASE_URL: is not", id="nowhere to copy to"
        ),
    ],
)
def test_wrong_use_is_one_line_on_stderr_and_exit_status_2(
    run: Callable[..., Result], words: tuple[str, ...], changed: dict[str, str], said: str
) -> None:
    result = run(*words, **changed)
    assert result.exit_code == 2
    assert result.stderr.startswith("consult: ")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["serve", "worker", "sample-data"])
def test_a_database_that_is_behind_is_refused_with_the_command_to_type(
    run: Callable[..., Result], tmp_path: Path, command: str
) -> None:
    result = run(command, database_url=f"sqlite:///{tmp_path}/fresh.sqlite3")
    assert result.exit_code == 1
    assert result.stderr == "consult: the database is empty. Type: consult db upgrade\n"


def test_a_fresh_database_is_upgraded_and_filled_once(run: Callable[..., Result], tmp_path: Path) -> None:
    fresh = {"database_url": f"sqlite:///{tmp_path}/fresh.sqlite3"}
    assert run("db", "upgrade", **fresh).exit_code == 0
    few = ("sample-data", "--advisors", "2", "--enquiries", "5", "--bookings", "3")
    first = run(*few, **fresh)
    assert first.exit_code == 0, first.output
    assert "Stored 5 questions, 3 talks" in first.stdout
    assert "Sign in as " in first.stdout
    second = run(*few, **fresh)
    assert second.exit_code == 1
    assert "the database is not empty" in second.stderr


def test_an_account_is_made_once_and_its_password_renewed(
    run: Callable[..., Result], transaction: Transaction
) -> None:
    with transaction() as session:
        session.add(
            Advisor(slug="rik", name="Rik", first_name="Rik", email="rik@example.nl", joined_at=clock.now())
        )
    create = ("user", "create", "Rik@Example.nl", "--role", "coordinator", "--password-stdin")
    assert run(*create, stdin="te kort\n").exit_code == 2
    assert (
        run(*create, stdin=LONG_ENOUGH).stdout == "rik@example.nl can sign in as coordinator, and is Rik.\n"
    )
    assert "has an account" in run(*create, stdin=LONG_ENOUGH).stderr
    with transaction() as session:
        account = session.scalars(select(Account)).one()
        before = (account.password, account.fs_uniquifier)
        assert account.advisor is not None
        assert [role.name for role in account.roles] == ["coordinator"]
    assert run("user", "reset", "rik@example.nl", "--password-stdin", stdin=LONG_ENOUGH).exit_code == 0
    with transaction() as session:
        account = session.scalars(select(Account)).one()
        assert account.password != before[0]
        assert account.fs_uniquifier != before[1]
    assert run("user", "reset", "joan@example.nl", "--password-stdin", stdin=LONG_ENOUGH).exit_code == 1


def test_who_is_invited_chooses_a_password_by_a_link_that_works_once(
    run: Callable[..., Result],
    transaction: Transaction,
    visitor: Visitor,
    mailbox: Mailbox,
    deliver_mail: DeliverMail,
) -> None:
    made = run("user", "create", "joan@example.nl", "--role", "coordinator")
    assert made.exit_code == 0, made.output
    assert deliver_mail() == 1
    link = made.stdout.splitlines()[-1]
    assert link in mailbox.to("joan@example.nl")[-1].part("text/plain")
    form = visitor.open(link).form("Bewaar wachtwoord")
    assert "te makkelijk" in form.fill({"Nieuw wachtwoord": "Welkom2026!Welkom"}).submit(status=422).text
    assert form.fill({"Nieuw wachtwoord": "een lang genoeg woord"}).submit().heading == "Inloggen"
    visitor.open(link, status=404)
    form = visitor.open("/inloggen").form("Log in")
    form.fill({"E-mailadres": "joan@example.nl", "Wachtwoord": "een lang genoeg woord"}).submit()
    again = run("user", "reset", "joan@example.nl", "--second-step")
    assert "has no password until the link is used" in again.stdout
    assert visitor.open("/beheer/").heading == "Inloggen"
    with transaction() as session:
        assert session.scalars(select(Account)).one().password is None


def test_config_shows_values_and_origins_and_no_secret(
    run: Callable[..., Result], settings: Settings
) -> None:
    settings.instance.mkdir(exist_ok=True)
    (settings.instance / "consult.toml").write_text('firm_name = "Van een bestand"\n', encoding="utf-8")
    secret = "niemand mag dit lezen"
    result = run(
        "config", mail_username="bureau", mail_password=secret, mail_security="tls", firm_phone="+31201234568"
    )
    assert result.exit_code == 0, result.output
    lines = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert secret not in result.stdout
    assert "********" in lines["CONSULT_MAIL_PASSWORD"]
    assert " environment " in lines["CONSULT_FIRM_PHONE"]
    assert "Van een bestand" in lines["CONSULT_FIRM_NAME"]
    assert " consult.toml " in lines["CONSULT_FIRM_NAME"]
    assert " default " in lines["CONSULT_LOCALE"]


def test_check_names_what_is_wrong_with_its_mend(run: Callable[..., Result], mailbox: Mailbox) -> None:
    result = run("check", "--json")
    found = {each["name"]: each for each in json.loads(result.stdout)["findings"]}
    assert result.exit_code == 1
    assert found["database"]["ok"]
    assert found["mail server"]["ok"]
    assert not found["worker"]["ok"]
    assert found["worker"]["mend"].startswith("consult worker")
    assert "CONSULT_BASE_URL" in found["address"]["mend"]
    assert all(each["mend"] for each in found.values() if not each["ok"])


def test_check_is_content_with_an_installation_that_is_in_order(
    run: Callable[..., Result], transaction: Transaction, mailbox: Mailbox
) -> None:
    with transaction() as session:
        beat(session, "here:1", now=clock.now())
    good = {
        "base_url": "https://contact.bureau.nl",
        "trusted_proxies": "1",
        "mail_from": "contact@bureau.nl",
        "ratelimit_storage_uri": "redis://127.0.0.1:1/0",
    }
    result = run("check", **good)
    assert result.exit_code == 0, result.output
    assert "wrong" not in result.stdout


def test_check_says_why_a_database_is_not_reached(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run("check", "--json", database_url=f"sqlite:///{tmp_path}/nowhere/consult.sqlite3")
    first = json.loads(result.stdout)["findings"][0]
    assert (first["name"], first["ok"]) == ("database", False)
    assert "OperationalError" in first["cause"]


def test_mail_test_shows_each_step_and_really_sends(run: Callable[..., Result], mailbox: Mailbox) -> None:
    result = run("mail", "test", "beheer@example.nl")
    assert result.exit_code == 0, result.output
    assert [line.split()[1] for line in result.stdout.splitlines()] == [
        "name:",
        "connect:",
        "TLS:",
        "sign-in:",
        "mail:",
    ]
    assert mailbox.only("beheer@example.nl").message["Subject"] == "consult: test"


@pytest.mark.parametrize(
    ("changed", "answer", "step", "mend"),
    [
        pytest.param({"mail_port": "0"}, "250", "connect:", "CONSULT_MAIL_PORT", id="nobody listens there"),
        pytest.param(
            {"mail_server": "nergens.invalid"}, "250", "name:", "CONSULT_MAIL_SERVER", id="no such name"
        ),
        pytest.param(
            {"mail_security": "starttls"}, "250", "TLS:", "CONSULT_MAIL_SECURITY", id="no encryption there"
        ),
        pytest.param({}, "550 no", "mail:", "may send through it", id="the mail is refused"),
    ],
)
def test_mail_test_stops_at_the_step_that_fails_and_says_where_to_look(
    run: Callable[..., Result], mailbox: Mailbox, changed: dict[str, str], answer: str, step: str, mend: str
) -> None:
    if changed.get("mail_port") == "0":
        changed = {"mail_port": str(free_port())}
    mailbox.answer = answer
    result = run("mail", "test", "beheer@example.nl", **changed)
    assert result.exit_code == 1
    *_, failed, advice = result.stdout.splitlines()
    assert failed.split()[:2] == ["wrong", step]
    assert mend in advice


def test_the_same_commands_work_through_flask(app: Flask, mailbox: Mailbox) -> None:
    assert set(COMMANDS) <= set(app.cli.commands)
    result = app.test_cli_runner().invoke(args=["mail", "test", "nobody"])
    assert result.exit_code == 2
    assert "'nobody' is not a mail address" in result.stderr


def test_texts_are_sealed_their_key_changed_and_all_opened_again(
    run: Callable[..., Result], transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        rows.create_advisor(session)
        rows.ask(session, settings, question="Wie kent de dialoogtafel?")
    one, two = (run("encryption", "key").stdout.strip() for _ in range(2))
    assert "set CONSULT_ENCRYPTION_KEYS" in run("encryption", "rotate").stderr.replace("Set", "set")
    sealed = run("encryption", "rotate", encryption_keys=one)
    assert (sealed.exit_code, sealed.stdout.startswith("Sealed ")) == (0, True)
    assert one not in run("config", encryption_keys=one).stdout, "a key is not shown"
    without = run("encryption", "rotate", encryption_keys=two)
    assert (without.exit_code, without.stderr.count("\n")) == (1, 1)
    assert "add that key to CONSULT_ENCRYPTION_KEYS" in without.stderr
    for command in ("serve", "worker"):
        refused = run(command, encryption_keys=two)
        assert (refused.exit_code, "is sealed with key" in refused.stderr) == (1, True)
    looked = json.loads(run("check", "--json", encryption_keys=f"{two},{one}").stdout)["findings"]
    assert [each["mend"] for each in looked if each["name"] == "encryption"] == ["consult encryption rotate"]
    assert run("encryption", "rotate", encryption_keys=f"{two},{one}").exit_code == 0
    assert run("encryption", "off", encryption_keys=two).exit_code == 2
    opened = run("encryption", "off", encryption_keys=f"plain,{two}")
    assert (opened.exit_code, opened.stdout.startswith("Opened ")) == (0, True)
    assert run("encryption", "rotate", encryption_keys="geen sleutel").exit_code == 2
