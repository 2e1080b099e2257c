from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consult import clock
from consult.contact import services as contact

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor


def names(page: Page) -> list[str]:
    return [strong.text for item in page.tree.all("li") if item.within("ul") for strong in item.all("strong")]


@pytest.fixture
def filled(office: Office) -> dict[str, str]:
    """One question in each view of Rik; gives the numbers by the name of who asked."""
    found = {
        "Van mij": office.asked(
            "Hoe begin ik een wijkgesprek?", name="Van mij", organisation="Gemeente Zwolle"
        ),
        "Niemand": office.asked(name="Niemand", of=None),
        "Van Sam": office.asked(name="Van Sam", of="sam"),
        "Wachter": office.asked(name="Wachter"),
        "Klaar": office.asked(name="Klaar"),
    }
    with office.transaction() as session:
        waiting, done = (contact.by_reference(session, found[name]) for name in ("Wachter", "Klaar"))
        contact.reply(
            session, waiting, waiting.advisor, "Zo.", form_key="a", settings=office.settings, now=clock.now()
        )
        contact.close(session, done, actor="advisor:1", now=clock.now())
    return found


@pytest.mark.parametrize(
    ("view", "heading", "expected"),
    [
        ("mijn", "Mijn vragen", ["Van mij"]),
        ("niemand", "Van niemand", ["Niemand"]),
        ("team", "Team", ["Van Sam"]),
        ("wacht", "Wacht op klant", ["Wachter"]),
        ("klaar", "Klaar", ["Klaar"]),
        ("alles", "Alles", ["Klaar", "Wachter", "Van Sam", "Niemand", "Van mij"]),
        ("onzin", "Mijn vragen", ["Van mij"]),
    ],
    ids=[
        "mine",
        "nobody's",
        "my team's",
        "waiting for the visitor",
        "done",
        "everything",
        "an unknown view is mine",
    ],
)
def test_each_view_shows_its_questions(
    filled: dict[str, str], rik: Visitor, view: str, heading: str, expected: list[str]
) -> None:
    page = rik.open(f"/werkplek/vragen?weergave={view}")
    assert page.heading == heading
    assert names(page) == expected


def test_the_tabs_count_what_waits(filled: dict[str, str], rik: Visitor) -> None:
    page = rik.open("/werkplek/vragen")
    tabs = next(nav for nav in page.tree.all("nav") if nav.get("aria-label") == "Weergaven")
    assert [link.text for link in tabs.all("a")] == [
        "Mijn vragen 1",
        "Van niemand 1",
        "Team 1",
        "Wacht op klant 1",
        "Uitgesteld",
        "Klaar",
        "Alles",
        "Spam",
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("van mij", ["Van mij"]),
        ("zwolle", ["Van mij"]),
        ("WIJKGESPREK", ["Van mij"]),
        ("%", []),
        ("_", []),
        ("afwezig", []),
    ],
    ids=[
        "the name",
        "the organisation",
        "the text, in capitals",
        "no wildcard",
        "nor this one",
        "no such text",
    ],
)
def test_search_looks_at_who_and_what(
    filled: dict[str, str], rik: Visitor, words: str, found: list[str]
) -> None:
    form = rik.open("/werkplek/vragen").form("Zoek")
    page = form.fill({"Zoek op naam, organisatie, nummer of tekst": words}).submit("Zoek")
    assert names(page) == found
    assert page.form("Zoek").value("zoek") == words


def test_a_number_finds_its_question_in_any_view_from_the_empty_one(
    filled: dict[str, str], rik: Visitor
) -> None:
    page = rik.open(f"/werkplek/vragen?zoek={filled['Klaar']}")
    assert "Niets gevonden" in page.text
    assert names(page.follow("Zoek in alle vragen")) == ["Klaar"]


def test_leafing_keeps_view_and_search(office: Office, rik: Visitor) -> None:
    for number in range(26):
        office.asked(name=f"Jan {number}")
    page = rik.open("/werkplek/vragen?zoek=jan")
    assert len(names(page)) == 25
    last = page.follow("Volgende")
    assert last.response.request.args.to_dict() == {"weergave": "mijn", "zoek": "jan", "bladzijde": "2"}
    assert len(names(last)) == 1
    assert last.follow("Vorige").heading == "Mijn vragen"


@pytest.mark.parametrize("number", ["0", "-3", "99", "x", "99999999999999999999"])
def test_a_page_that_does_not_exist_shows_one_that_does(
    filled: dict[str, str], rik: Visitor, number: str
) -> None:
    assert names(rik.open(f"/werkplek/vragen?bladzijde={number}")) == ["Van mij"]


@pytest.mark.parametrize("view", ["mijn", "niemand", "team", "wacht", "uitgesteld", "klaar", "alles", "spam"])
def test_an_empty_view_says_what_to_do_next(rik: Visitor, view: str) -> None:
    page = rik.open(f"/werkplek/vragen?weergave={view}")
    assert page.tree.first("div", **{"class": "empty"}).first("a").get("href").startswith("/werkplek/vragen")
