"""What the privacy page, the register sheet and the runbook promise is what the program does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consult.cli import COMMANDS
from consult.privacy.register import OTHERS, tables, unclassified
from consult.privacy.terms import TERMS

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.pages import Visitor

DOCS = Path(__file__).parents[2] / "docs"
# How long each kind is kept: in days, on the page, and in the register sheet.
PROMISED = (
    (TERMS.closed, 365, "een jaar", "12 maanden"),
    (TERMS.mail, 90, "negentig dagen", "90 dagen"),
    (TERMS.spam, 30, "dertig dagen", "30 dagen"),
    (TERMS.trail, 730, "twee jaar", "24 maanden"),
    (TERMS.unfinished, 7, None, "7 dagen"),
)


@pytest.mark.parametrize(("term", "days", "on_page", "on_sheet"), PROMISED)
def test_every_term_is_told_as_it_is(
    visitor: Visitor, term: object, days: int, on_page: str | None, on_sheet: str
) -> None:
    assert getattr(term, "days", None) == days
    assert on_page is None or on_page in visitor.open("/privacy").text
    assert on_sheet in (DOCS / "privacy-register.md").read_text(encoding="utf-8")


def test_the_sheet_names_every_table_that_tells_of_a_visitor(app: Flask) -> None:
    told = set(re.findall(r"`([a-z_]+)`", (DOCS / "privacy-register.md").read_text(encoding="utf-8")))
    personal = set(tables()) - OTHERS.keys()
    assert unclassified() == set()
    # When an advisor had a question open says nothing about who asked.
    assert personal - told <= {"presence"}, "add it to docs/privacy-register.md"


def test_the_runbook_names_commands_and_files_that_exist() -> None:
    text = (DOCS / "runbook.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 90, "one page"
    for command in re.findall(r"`consult ([a-z-]+)", text):
        assert command in COMMANDS
    for path in re.findall(r"`(deploy/[\w./-]*)`", text):
        assert (DOCS.parent / path).exists()
