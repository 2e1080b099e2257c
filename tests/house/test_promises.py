"""What the README and CONTRACT promise to people outside exists: commands, settings, the package itself."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from typing import TYPE_CHECKING

import click
import pytest

from tests.house.source import ROOT, tracked

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = ("README.md", "SECURITY.md", "instance/README.md")
SETTINGS = (
    "INSTANCE HOST PORT DATABASE_URL SECRET_KEY SECRET_KEY_FALLBACKS BASE_URL TRUSTED_HOSTS TRUSTED_PROXIES "
    "MAIL_SERVER MAIL_PORT MAIL_USERNAME MAIL_PASSWORD MAIL_SECURITY MAIL_FROM MAIL_DOMAIN INBOX_URL LMTP_PORT "
    "RATELIMIT_STORAGE_URI RATELIMIT_ENABLED TIMEZONE LOCALE FIRM_NAME FIRM_PHONE FIRM_ACCENT FEED_ALLOW_HOSTS "
    "DEMO_PASSWORD CLOCK"
)
TARGETS = ("run", "test", "lint", "format", "lock", "bench", "help")
COMMANDS = (
    "serve",
    "worker",
    "demo",
    "db upgrade",
    "db copy",
    "backup",
    "restore",
    "verify",
    "purge",
    "sample-data",
    "user create",
    "user reset",
    "check",
    "config",
    "route explain",
)
# Read by the tests and by make, not by the product.
OTHER_NAMES = frozenset({"CONSULT_TEST_REQUIRE"})


def _documents() -> dict[str, str]:
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS}


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.* ## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def _command(words: str) -> click.Command | None:
    """The command that ``consult`` runs for these words; further words may be arguments."""
    from consult.cli import consult

    found: click.Command = consult
    with click.Context(consult) as context:
        for word in words.split():
            if not isinstance(found, click.Group):
                return found
            step = found.get_command(context, word)
            if step is None:
                return None
            found = step
    return found


@pytest.mark.parametrize("setting", SETTINGS.split())
def test_a_promised_setting_exists(setting: str) -> None:
    from consult.settings import Settings

    assert setting.lower() in Settings.model_fields


@pytest.mark.parametrize("target", TARGETS)
def test_a_promised_make_target_exists(target: str) -> None:
    assert target in _targets()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_promised_command_exists(command: str) -> None:
    assert _command(command) is not None


def test_every_command_the_documents_name_exists() -> None:
    missing = [
        f"{name}: consult {words}"
        for name, text in _documents().items()
        for words in re.findall(r"(?:`|^\s*|\$ )consult ((?:[a-z][a-z-]+ ?)+)", text, re.MULTILINE)
        if _command(words) is None
    ]
    assert not missing


def test_every_make_target_the_documents_name_exists() -> None:
    named = {
        t
        for text in _documents().values()
        for t in re.findall(r"(?:`|^\s*|\$ )make ([a-z]+)", text, re.MULTILINE)
    }
    assert named <= _targets()


def test_every_setting_the_documents_name_exists() -> None:
    from consult.settings import Settings

    known = {f"CONSULT_{name.upper()}" for name in Settings.model_fields} | OTHER_NAMES
    named = {
        name for text in _documents().values() for name in re.findall(r"CONSULT_[A-Z][A-Z_]+[A-Z]", text)
    }
    assert {name.removesuffix("_FILE") for name in named} <= known


def test_every_file_the_documents_name_exists() -> None:
    links = [
        (name, target)
        for name, text in _documents().items()
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
    ]
    assert not [(name, target) for name, target in links if not ((ROOT / name).parent / target).exists()]


def test_the_english_and_dutch_rules_of_the_licence_are_the_whole_text() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "15.Applicable Law" in text
    assert "Appendix" in text


def test_the_locks_are_hashed_and_name_no_registry() -> None:
    for name in tracked("requirements*.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^\S+==\S+", text, re.MULTILINE)
        assert len(pins) <= text.count("--hash=sha256:")
        assert "://" not in text


def test_the_locks_agree_with_each_other_and_hold_every_dependency() -> None:
    locks = {
        name: dict(re.findall(r"^(\S+)==([^\s;]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt", "requirements-setup.txt")
    }
    for name in ("requirements.txt", "requirements-setup.txt"):
        assert locks[name].items() <= locks["requirements-dev.txt"].items(), "run `make lock`"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["postgres"], *extras["redis"]]
    names = {re.split(r"[\[<>=!~ ]", requirement)[0].lower().replace("_", "-") for requirement in wanted}
    assert names <= locks["requirements.txt"].keys(), "run `make lock`"


def test_the_built_package_holds_what_runs_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {"consult/app.py", "consult/templates/layout/base.html", "consult/static/consult.css"} <= names
    assert {"consult/migrations/env.py", "consult/translations/en/LC_MESSAGES/messages.mo"} <= names
    assert not [name for name in names if name.startswith(("tests/", "instance/", "bench/", "templates/"))]
