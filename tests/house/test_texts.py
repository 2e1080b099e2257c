"""The texts of the screens: Dutch in the code, English in the catalogue; templates that can be read."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment

from tests.house.source import ROOT, tracked

if TYPE_CHECKING:
    from pathlib import Path

    from babel.messages.catalog import Catalog, Message

CATALOGUE = ROOT / "consult/translations/en/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")


def _catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def _messages() -> list[Message]:
    return [message for message in _catalogue() if message.id]


def _forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def _ids(catalogue: Catalog) -> set[str]:
    return {m.id[0] if isinstance(m.id, tuple | list) else m.id for m in catalogue if m.id}


def _texts_in_code(folder: Path) -> set[str]:
    """Each msgid of code and templates, collected as ``make messages`` does."""
    template = folder / "messages.pot"
    options = [
        "-F",
        "pyproject.toml",
        "-k",
        "_l",
        "-k",
        "lazy_gettext",
        "-k",
        "lazy_ngettext:1,2",
        "-o",
        str(template),
    ]
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", *options, "."],
        cwd=ROOT,
        check=True,
    )
    with template.open("rb") as file:
        return _ids(read_po(file))


def test_the_catalogue_has_every_text_of_the_code_and_no_other(tmp_path: Path) -> None:
    in_code, in_catalogue = _texts_in_code(tmp_path), _ids(_catalogue())
    assert in_code - in_catalogue == set(), "run `make messages` and translate"
    assert in_catalogue - in_code == set(), "run `make messages`: these are gone from the code"


def test_every_text_has_an_english_one() -> None:
    lacking = [message.id for message in _messages() if not all(_forms(message))]
    guessed = [message.id for message in _messages() if message.fuzzy]
    assert (lacking, guessed) == ([], []), f"translate them in {CATALOGUE.relative_to(ROOT)}"


def test_a_translation_keeps_the_placeholders() -> None:
    wrong = []
    for message in _messages():
        dutch = message.id if isinstance(message.id, tuple | list) else (message.id,)
        names = set(PLACEHOLDER.findall(dutch[-1]))
        wrong += [message.id for form in _forms(message) if set(PLACEHOLDER.findall(form)) - names]
    assert not wrong


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, _catalogue())
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run `make messages`"


@pytest.mark.parametrize("path", tracked("templates/*.html", "templates/*.txt"))
def test_a_template_can_be_read(path: str) -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.parse((ROOT / path).read_text(encoding="utf-8"), name=path)


def test_no_template_switches_escaping_off() -> None:
    found = [
        path
        for path in tracked("templates/*.html")
        if re.search(r"\|\s*safe\b|autoescape\s+false", (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert not found, "give a Markup value from code that has cleaned it"
