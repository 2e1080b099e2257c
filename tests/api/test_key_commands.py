"""Keys of programs from the command line, and the document of the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from consult.api.document import document
from consult.cli import consult
from tests.api.conftest import bearer
from tests.operations.processes import environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result
    from flask.testing import FlaskClient

    from consult.settings import Settings

pytestmark = pytest.mark.usefixtures("firm")


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command on this test's own database."""
    for name, value in environment(settings).items():
        if name.startswith("CONSULT_"):
            monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(consult, words, prog_name="consult")


def test_a_key_is_made_listed_and_ended(run: Callable[..., Result], client: FlaskClient) -> None:
    made = run("key", "make", "Zaaksysteem", "--scope", "desk", "--scope", "read", "--advisor", "rik")
    assert made.exit_code == 0, made.output
    key = made.stdout.strip()
    assert client.get("/api/v1/enquiries", headers=bearer(key)).status_code == 200
    line = run("key", "list").stdout
    assert line.startswith(f"1\tZaaksysteem\t{key[:12]}…\tdesk read\tworks\tused 20")
    assert key not in line
    ended = run("key", "end", "1")
    assert ended.stdout == "The key of Zaaksysteem opens nothing any more.\n"
    assert client.get("/api/v1/enquiries", headers=bearer(key)).status_code == 401
    assert "\tended\t" in run("key", "list").stdout


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("make", "Site"), 2, "--scope"),
        (("make", "Site", "--scope", "root"), 2, "'root' is not one of"),
        (("make", "Site", "--scope", "read", "--advisor", "x"), 1, "no advisor is called 'x'"),
        (("make", "Site", "--scope", "read", "--until", "morgen"), 2, "'morgen' is no day such as"),
        (("end", "9"), 1, "there is no key 9. Type: consult key list"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_is_told_in_one_line(
    run: Callable[..., Result], words: tuple[str, ...], status: int, told: str
) -> None:
    result = run("key", *words)
    assert result.exit_code == status
    assert told in result.stderr


def test_the_document_is_printed_as_it_is_kept(run: Callable[..., Result]) -> None:
    result = run("openapi")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == json.loads(json.dumps(document()))
