"""Contact pages as a coordinator keeps them: texts, people, other sites; and addresses that keep working."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.contact.models import ContactPage, FormerSlug
from tests.support import rows

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor


def make(anna: Visitor, title: str, slug: str, **answers: str) -> Page:
    form = anna.open("/beheer/paginas/nieuw").form("Bewaar")
    return form.fill({"Titel": title, "Naam in het adres": slug} | answers).submit("Bewaar")


def test_a_page_is_made_looked_at_and_shown(office: Office, anna: Visitor) -> None:
    with office.transaction() as session:
        topic = str(rows.create_topic(session, "Polarisatie").id)
    form = anna.open("/beheer/paginas/nieuw").form("Bewaar").choose("De pagina is te zien")
    answers = {
        "Titel": "Omgaan met polarisatie",
        "Naam in het adres": "polarisatie",
        "Tekst": "## Begin klein\n\nPraat **eerst**.\n\n<script>alert(1)</script>",
        "Thema": topic,
        "Plek van Sam Bos": "1",
        "Plek van Rik de Wit": "2",
        "Websites die de pagina mogen tonen": "https://Ede.nl/\nhttps://ede.nl",
    }
    page = form.fill(answers).untick("Sam Bos mailen").submit("Bekijk een voorbeeld")
    assert "Voorbeeld, nog niet bewaard" in page.text
    assert "Begin klein" in [each.text for each in page.tree.all("h2")]
    assert "<script>alert" not in page.body
    with office.transaction() as session:
        assert session.scalars(select(ContactPage)).all() == []
    page = page.form("Bewaar").submit("Bewaar")
    assert "Het is bewaard." in page.text
    assert '<consult-contact page="polarisatie">' in page.text
    with office.transaction() as session:
        made = session.scalars(select(ContactPage)).one()
        assert made.allowed_sites == ["https://ede.nl"]
        shown = [(row.advisor.first_name, row.by_phone, row.by_email) for row in made.people]
        assert shown == [("Sam", True, False), ("Rik", True, True)]
    assert anna.open("/p/polarisatie").heading == "Omgaan met polarisatie"


def test_an_old_address_leads_to_the_page_and_is_never_given_to_another(
    office: Office, anna: Visitor
) -> None:
    page = make(anna, "Polarisatie", "polarisatie")
    page = page.form("Bewaar").fill({"Naam in het adres": "samen-leven"}).submit("Bewaar")
    answer = anna.client.get("/p/polarisatie")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/p/samen-leven")
    assert anna.client.get("/embed/polarisatie").status_code == 200
    refused = anna.open("/beheer/paginas/nieuw").form("Bewaar")
    refused.fill({"Titel": "Iets anders", "Naam in het adres": "polarisatie"})
    told = refused.submit("Bewaar", status=422).errors["pagina-slug"]
    assert told == "Een andere pagina heeft of had deze naam. Kies een andere."
    page.form("Bewaar").fill({"Naam in het adres": "polarisatie"}).submit("Bewaar")
    with office.transaction() as session:
        assert session.scalars(select(FormerSlug.slug)).all() == ["samen-leven"]
    assert anna.open("/p/samen-leven").address == "/p/polarisatie"


def test_mistakes_are_told_at_the_field(anna: Visitor) -> None:
    form = anna.open("/beheer/paginas/nieuw").form("Bewaar")
    answers = {
        "Naam in het adres": "Samen leven!",
        "Adres van het artikel": "www.ede.nl",
        "Websites die de pagina mogen tonen": "https://ede.nl/nieuws",
        "Plek van Rik de Wit": "eerste",
    }
    page = form.fill(answers).submit("Bewaar", status=422)
    assert page.errors["pagina-title"] == "Vul een titel in."
    assert "Bijvoorbeeld: samen-leven." in page.errors["pagina-slug"]
    assert page.errors["pagina-article_url"] == "Begin het adres met https://."
    assert "https://ede.nl/nieuws" in page.errors["pagina-sites"]
    assert "Vul een getal in van 1 tot 99." in page.errors.values()


@pytest.mark.both_databases
def test_a_page_in_use_gives_way_to_another_and_its_address_too(office: Office, anna: Visitor) -> None:
    make(anna, "Oud", "oud")
    make(anna, "Nieuw", "nieuw")
    with office.transaction() as session:
        old = session.scalars(select(ContactPage.id).where(ContactPage.slug == "oud")).one()
    office.asked(page_id=old)
    page = anna.open(f"/beheer/weg/pagina/{old}")
    assert "1 vraag" in page.text
    page.form("Vervang en verwijder").choose("Nieuw").submit()
    assert anna.open("/p/oud").address == "/p/nieuw"
