from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import select

from consult import clock
from consult.contact.models import ContactPage
from consult.people.models import Advisor, new_schedule_version
from tests.support import rows

if TYPE_CHECKING:
    from tests.support.apps import Transaction
    from tests.support.html import Element
    from tests.support.pages import Page, Visitor

pytestmark = pytest.mark.usefixtures("firm")


def cards(page: Page) -> dict[str, Element]:
    """The card of each person by name, in the order of the page."""
    found = {}
    for card in page.tree.all("li"):
        heading = card.first("h3")
        if heading is not None:
            found[heading.text] = card
    return found


def channels(card: Element) -> dict[str, str]:
    return {link.text: link.get("href") for link in card.all("a")}


def advisor(transaction: Transaction, name: str) -> int:
    with transaction() as session:
        found = session.scalar(select(Advisor.id).where(Advisor.first_name == name))
    assert found is not None
    return found


def test_a_page_shows_its_advisors_in_its_own_order(visitor: Visitor) -> None:
    page = visitor.open("/p/inclusie")
    assert page.heading == "Iedereen doet mee"
    assert list(cards(page)) == ["Mirte Smit", "Sam Bos", "Noor Alaoui", "Rik de Wit"]


def test_every_channel_of_a_person_is_a_plain_link(visitor: Visitor) -> None:
    found = channels(cards(visitor.open("/p/polarisatie"))["Rik de Wit"])
    assert list(found) == ["Bel Rik", "App Rik", "Mail Rik", "Stel uw vraag", "Plan een gesprek"]
    assert found["Bel Rik"] == "tel:+31201234501"
    app = urlsplit(found["App Rik"])
    assert (app.scheme, app.netloc, app.path) == ("https", "wa.me", "/31612345601")
    assert parse_qs(app.query) == {"text": ["Dag Rik, ik heb een vraag over “Omgaan met polarisatie”."]}
    mail = urlsplit(found["Mail Rik"])
    assert (mail.scheme, mail.path) == ("mailto", "rik@bureau.example")
    assert unquote(mail.query) == "subject=Vraag over “Omgaan met polarisatie”"
    assert found["Stel uw vraag"] == "/vraag?pagina=polarisatie&adviseur=rik"
    assert found["Plan een gesprek"] == "/afspraak/rik?pagina=polarisatie"


def test_a_mail_program_reads_no_plus_signs_for_spaces(visitor: Visitor) -> None:
    mail = channels(cards(visitor.open("/p/polarisatie"))["Rik de Wit"])["Mail Rik"]
    assert "+" not in mail
    assert "%20" in mail


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("Rik de Wit", {"App Rik", "Mail Rik"}),
        ("Mirte Smit", {"Bel Mirte"}),
        ("Sam Bos", {"Mail Sam"}),
    ],
    ids=["telephone switched off here", "mail switched off here, no WhatsApp", "has no number at all"],
)
def test_a_page_shows_only_the_channels_that_are_on_and_exist(
    visitor: Visitor, who: str, shown: set[str]
) -> None:
    found = set(channels(cards(visitor.open("/p/inclusie"))[who]))
    assert found - {"Stel uw vraag", "Plan een gesprek"} == shown


def test_a_channel_that_one_page_hides_stays_on_the_other(visitor: Visitor) -> None:
    assert "Bel Rik" in channels(cards(visitor.open("/p/polarisatie"))["Rik de Wit"])


@pytest.mark.parametrize(
    ("told", "at", "line"),
    [
        ("at work", rows.NOW, "Rik is vandaag bereikbaar tot 17.00 uur."),
        (
            "after work",
            datetime(2026, 11, 18, 16, 30, tzinfo=UTC),
            "Rik is weer bereikbaar op donderdag 19 november vanaf 09.00 uur.",
        ),
        (
            "on a Friday evening",
            datetime(2026, 11, 20, 19, tzinfo=UTC),
            "Rik is weer bereikbaar op maandag 23 november vanaf 09.00 uur.",
        ),
        (
            "on the last workday before Christmas",
            datetime(2026, 12, 24, 17, tzinfo=UTC),
            "Rik is weer bereikbaar op maandag 28 december vanaf 09.00 uur.",
        ),
    ],
)
def test_the_block_says_whether_somebody_can_be_reached(
    visitor: Visitor, told: str, at: datetime, line: str
) -> None:
    clock.start_at(at)
    card = cards(visitor.open("/p/polarisatie"))["Rik de Wit"]
    assert line in card.text, told


def test_an_absence_shows_at_once_with_who_stands_in(visitor: Visitor, transaction: Transaction) -> None:
    visitor.open("/p/polarisatie")
    with transaction() as session:
        rik, mirte = (
            session.scalars(select(Advisor).where(Advisor.slug == slug)).one() for slug in ("rik", "mirte")
        )
        rows.create_absence(
            session, rik, rows.NOW - timedelta(days=1), datetime(2026, 12, 6, 23, tzinfo=UTC), stand_in=mirte
        )
        rik.schedule_version = new_schedule_version()
    card = cards(visitor.open("/p/polarisatie"))["Rik de Wit"]
    assert "Rik is afwezig tot maandag 7 december. Mirte neemt waar." in card.text


def test_somebody_who_left_is_nowhere_on_a_page(visitor: Visitor, transaction: Transaction) -> None:
    with transaction() as session:
        session.scalars(select(Advisor).where(Advisor.slug == "sam")).one().active = False
    assert "Sam Bos" not in visitor.open("/p/inclusie").text
    assert "Weg Geweest" not in visitor.open("/").text


def test_the_first_page_names_everybody_every_topic_and_every_article(visitor: Visitor) -> None:
    page = visitor.open("/")
    assert list(cards(page)) == ["Mirte Smit", "Noor Alaoui", "Rik de Wit", "Sam Bos"]
    assert page.link("Inclusie") == "/vraag?thema=inclusie"
    assert page.follow("Iedereen doet mee").heading == "Iedereen doet mee"


def test_a_page_in_english_keeps_speaking_english(visitor: Visitor) -> None:
    page = visitor.open("/p/polarisatie?taal=en")
    html = page.tree.first("html")
    assert html is not None
    assert html.get("lang") == "en"
    card = cards(page)["Rik de Wit"]
    assert "17:00" in card.text
    ours = [href for href in channels(card).values() if href.startswith("/")]
    assert ours
    assert all("taal=en" in href for href in ours)


@pytest.mark.parametrize("address", ["/p/onbekend", "/p/verborgen", "/p/", "/p/polarisatie/verder"])
def test_a_page_that_is_not_there_says_whom_to_call(
    visitor: Visitor, transaction: Transaction, address: str
) -> None:
    with transaction() as session:
        session.add(ContactPage(slug="verborgen", title="Nog niet af", active=False))
    page = visitor.open(address, status=404)
    assert page.heading == "Deze pagina is er niet"
    assert page.link("020 123 4567") == "tel:+31201234567"
    error_id = [ref for ref in page.tree.all("span") if ref.get("class") == "ref"]
    assert len(error_id) == 1
    assert len(error_id[0].text) == 8


def test_a_coordinators_text_can_hold_no_script(visitor: Visitor, transaction: Transaction) -> None:
    with transaction() as session:
        page = session.scalars(select(ContactPage).where(ContactPage.slug == "polarisatie")).one()
        page.body = "Lees **dit**.\n\n<script>alert(1)</script>\n\n[hier](javascript:alert(1)) [daar](https://a.example)"
    shown = visitor.open("/p/polarisatie")
    assert "<script>alert" not in shown.body
    assert "javascript:" not in "".join(link.get("href") for link in shown.tree.all("a"))
    assert shown.link("daar") == "https://a.example"
    bold = shown.tree.first("strong")
    assert bold is not None
    assert bold.text == "dit"
