"""The figures as a coordinator finds them: filtered by an address, whole in a table and in a file, cheap to ask."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from consult.contact.models import Enquiry
from consult.office.statistics.showing import SLUGS
from tests.desk.conftest import NOW
from tests.desk.test_statements import counted
from tests.support import rows

if TYPE_CHECKING:
    from tests.office.conftest import Office
    from tests.support.html import Element
    from tests.support.pages import Page, Visitor

FIGURES = "/beheer/cijfers"
# Sign-in, names for the filter, and what is counted, for two periods.
MOST = 15


@pytest.fixture
def busy(office: Office) -> Office:
    """Six questions of Ede and two of nobody known in last week, four of Ede in the week before; a talk is coming."""
    with office.transaction() as session:
        topic = rows.create_topic(session)
        rows.create_page(session, "polarisatie", advisors=[], topic=topic)
        ede = rows.create_organisation(session, code="GM0228", name="=Ede", province="Gelderland").id
        topic_id = topic.id
    for number in range(12):
        reference = office.asked(name=f"Joke {number}", topic_id=topic_id if number % 2 else None)
        back = timedelta(days=12 if number >= 8 else 5, minutes=number)
        with office.transaction() as session:
            changed = {"asked_at": NOW - back, "organisation_id": None if number in {6, 7} else ede}
            session.execute(update(Enquiry).where(Enquiry.reference == reference).values(**changed))
    office.planned(NOW + timedelta(days=2))
    return office


def cells(table: Element) -> list[list[str]]:
    """A table as rows of words; a dash is a cell without anything."""
    found = ([cell.text for cell in row.all("th", "td")] for row in table.all("tr"))
    return [["" if cell == "–" else cell.replace("\xa0", " ") for cell in row] for row in found]


def file_cells(anna: Visitor, address: str) -> list[list[str]]:
    """The file behind an address, as a spreadsheet reads it; the apostrophe before a formula is taken off."""
    answer = anna.client.get(address)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="cijfers-')
    text = answer.get_data().decode("utf-8-sig")
    read = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    return [[cell.removeprefix("'").replace("\xa0", " ") for cell in row] for row in read]


def figures_on(page: Page) -> dict[str, Element]:
    """The figures of a page by the name of their heading."""
    return {
        card.first("h2").text: card for card in page.tree.all("section") if card.get("class") == "card figure"
    }


def test_every_figure_has_a_definition_a_named_drawing_and_a_file_that_equals_its_table(
    busy: Office, anna: Visitor
) -> None:
    seen = 0
    for slug in SLUGS.values():
        page = anna.open(f"{FIGURES}/{slug}?weken=4")
        for title, card in figures_on(page).items():
            assert card.first("p").text, title
            if (table := card.first("table")) is None:
                assert "Er is niets te tellen in deze periode." in card.text
                continue
            drawing = card.first("svg", role="img")
            assert drawing.first("title").text == title
            assert drawing.first("desc").text
            assert file_cells(anna, card.first("a").get("href")) == cells(table), title
            seen += 1
    assert seen >= 10


def test_a_period_is_held_against_another_and_narrowed_to_a_province(busy: Office, anna: Visitor) -> None:
    # Nothing was asked before this quarter: the first page holds four weeks against four.
    assert "19 okt 2026 tot en met 15 nov 2026 · naast" in anna.open(FIGURES).text
    page = anna.open(f"{FIGURES}?weken=13")
    assert "17 aug 2026 tot en met 15 nov 2026 · naast 18 mei 2026 tot en met 16 aug 2026" in page.text
    tiles = {tile.first("dt").text: tile for tile in page.tree.all("div") if tile.get("class") == "tile"}
    assert "12" in tiles["Vragen"].text
    page = page.form("Laat zien").fill(
        {"Periode": "4", "Vergelijk met": "niets", "Wat telt mee": "provincie-Gelderland"}
    )
    page = page.submit()
    assert "19 okt 2026 tot en met 15 nov 2026 · Gelderland" in page.text
    assert "naast" not in page.text
    where = page.follow("Herkomst")
    assert where.address.endswith("?weken=4&naast=niets&van=provincie-Gelderland")
    assert cells(figures_on(where)["Per organisatie"].first("table"))[1][:2] == ["=Ede", "10"]
    address = figures_on(where)["Per organisatie"].first("a").get("href")
    assert "van=provincie-Gelderland" in address
    name = anna.client.get(address).headers["Content-Disposition"]
    assert name == (
        'attachment; filename="cijfers-by_organisation-provincie-gelderland-2026-10-19-2026-11-15.csv"'
    ).replace("_", "-")


def test_few_are_hidden_on_the_page_and_in_the_file(busy: Office, anna: Visitor) -> None:
    page = anna.open(f"{FIGURES}/aantallen?van=provincie-Gelderland&weken=4&naast=niets")
    card = figures_on(page)["Vragen per week"]
    assert "is een verborgen getal." in card.text
    shown = cells(card.first("table"))
    assert [row[1] for row in shown[3:5]] == ["< 5", "< 5"]
    assert file_cells(anna, card.first("a").get("href")) == shown


@pytest.mark.parametrize(
    "address", ["/onbekend", "?weken=3", "?van=thema-99", "?van=provincie-Atlantis", "/aantallen/geheim.csv"]
)
def test_what_is_not_there_is_not_found(office: Office, anna: Visitor, address: str) -> None:
    anna.open(FIGURES + address, status=404)


def test_a_firm_that_begins_reads_that_there_is_nothing_yet(office: Office, anna: Visitor) -> None:
    for slug in SLUGS.values():
        page = anna.open(f"{FIGURES}/{slug}")
        assert not any(card.first("svg", role="img") for card in figures_on(page).values())
    assert anna.open(FIGURES, Accept_Language="en").heading == "Figures"


@pytest.mark.both_databases
def test_a_page_of_figures_takes_few_statements_whatever_there_is(busy: Office, anna: Visitor) -> None:
    took = {}
    for address in (FIGURES, *(f"{FIGURES}/{slug}" for slug in SLUGS.values())):
        anna.open(address)
        with counted() as statements:
            anna.open(address)
        took[address] = len(statements)
    assert {address: number for address, number in took.items() if number > MOST} == {}
