"""What the privacy page, the register sheet and the runbook promise is what the program does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consult.cli import COMMANDS
from consult.privacy.register import COLLEAGUES, NOBODY, OTHERS, SUBJECTS, tables, unclassified
from consult.privacy.terms import TERMS
from consult.sealing.keys import fresh_key
from tests.support.apps import running
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from tests.support.apps import MakeSettings

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


def test_the_sheet_names_every_table_that_tells_of_a_person_and_no_table_that_is_not_there() -> None:
    sheet = (DOCS / "privacy-register.md").read_text(encoding="utf-8")
    rows = "\n".join(line for line in sheet.splitlines() if line.startswith("|"))
    told = set(re.findall(r"`([a-z_]+)`", rows))
    assert unclassified() == set()
    assert set(tables()) - NOBODY.keys() - told == set(), "add it to docs/privacy-register.md"
    assert told - set(tables()) == set(), "docs/privacy-register.md names what is not a table"
    assert OTHERS.keys() - set(tables()) == set(), "consult.privacy.register names what is not a table"
    assert all(OTHERS.values())


@pytest.mark.parametrize("name", NOBODY)
def test_a_table_that_tells_of_nobody_leads_to_nobody(name: str) -> None:
    table = tables()[name]
    people = {"account", "advisor", *COLLEAGUES, *SUBJECTS.values()}
    assert {key.target_fullname.split(".")[0] for key in table.foreign_keys} & people == set()
    marks = {column.name for column in table.columns if column.name.endswith(("_by", "email", "phone"))}
    assert marks == set()


def test_the_page_tells_what_is_counted_without_a_person_and_that_nothing_comes_from_elsewhere(
    visitor: Visitor,
) -> None:
    page = visitor.open("/privacy").text
    assert "Hoe vaak een hand-out is bekeken of opgehaald. Wij weten niet door wie." in page
    assert "In onze cijfers staan alleen aantallen, geen namen." in page
    assert "Niets op deze pagina’s komt van een andere site." in page
    assert "Niet elk bestand werkt goed met een schermlezer." in visitor.open("/toegankelijkheid").text
    # What the page says of a hand-out is all there is to know of it.
    assert set(tables()["handout_count"].columns.keys()) == {"page_id", "day", "views", "downloads"}


@pytest.mark.parametrize(
    ("keys", "told"), [([], False), ([fresh_key()], True)], ids=["without", "with a key"]
)
def test_the_page_speaks_of_encryption_only_where_it_is_on(
    make_settings: MakeSettings, *, keys: list[str], told: bool
) -> None:
    with running(make_settings(encryption_keys=keys)) as app:
        page = Visitor(app.test_client()).open("/privacy").text
    assert ("versleuteld opgeslagen" in page) is told


def test_the_runbook_names_commands_and_files_that_exist() -> None:
    text = (DOCS / "runbook.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 90, "one page"
    for command in re.findall(r"`consult ([a-z-]+)", text):
        assert command in COMMANDS
    for path in re.findall(r"`(deploy/[\w./-]*)`", text):
        assert (DOCS.parent / path).exists()
