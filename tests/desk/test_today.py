from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from consult import clock
from consult.contact import services as contact
from consult.contact.models import Channel
from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor


def sections(page: Page) -> dict[str, list[str]]:
    """Heading of each part → the texts of its lines."""
    return {
        part.first("h2").text.rsplit(" ", 1)[0]: [line.text for line in part.all("li")]
        for part in page.tree.all("section")
    }


def test_an_empty_day_says_so_and_what_to_do_next(rik: Visitor) -> None:
    page = rik.open("/werkplek/")
    assert "Woensdag 18 november 2026" in page.text
    assert "U heeft alles gedaan." in page.text
    assert page.follow("Kijk wat er bij uw team ligt").heading == "Team"


def test_what_is_promised_first_stands_first_and_late_is_marked(office: Office, rik: Visitor) -> None:
    office.asked("Deze kan nog even.", name="Nieuw", ago=timedelta(minutes=5))
    office.asked("Deze is te laat.", name="Te laat", ago=timedelta(days=9))
    lines = sections(rik.open("/werkplek/"))["Vragen"]
    assert [line.split()[0] for line in lines] == ["Te", "Nieuw"]
    assert lines[0].endswith("Te laat")
    assert not lines[1].endswith("Te laat")


def test_each_kind_of_work_has_its_own_part(office: Office, rik: Visitor) -> None:
    office.planned(NOW + timedelta(hours=2), name="Gast")
    office.planned(NOW + timedelta(days=2), name="Overmorgen")
    office.asked(name="Mailer")
    office.asked(name="Beller", channel=Channel.PHONE, phone="+31201234567", email=None)
    office.asked(name="Wees", of=None)
    office.asked(name="Van Sam", of="sam")
    answered = office.asked(name="Terug")
    with office.transaction() as session:
        enquiry = contact.by_reference(session, answered)
        contact.reply(
            session,
            enquiry,
            enquiry.advisor,
            "Zo dus.",
            form_key="r1",
            settings=office.settings,
            now=clock.now(),
        )
        contact.add_visitor_message(
            session, enquiry, "Nog iets.", form_key="v1", settings=office.settings, now=clock.now()
        )
    found = sections(rik.open("/werkplek/"))
    assert {title: [line.split()[0].rstrip(",") for line in lines] for title, lines in found.items()} == {
        "Gesprekken vandaag": ["13.00"],
        "Vragen": ["Mailer"],
        "Terugbellen": ["Beller"],
        "Nieuwe reacties": ["Terug"],
        "Nog van niemand": ["Wees"],
    }
    assert "Gast" in found["Gesprekken vandaag"][0]


def test_each_line_leads_to_its_page(office: Office, rik: Visitor) -> None:
    question, talk = office.asked(), office.planned(NOW + timedelta(hours=2))
    page = rik.open("/werkplek/")
    links = [link.get("href") for part in page.tree.all("section") for link in part.all("a")]
    assert links == [f"/werkplek/afspraken/{talk}", f"/werkplek/vragen/{question}"]


def test_when_there_is_more_than_fits_the_rest_is_one_link_away(office: Office, rik: Visitor) -> None:
    for number in range(27):
        office.asked(name=f"Nummer {number}")
    page = rik.open("/werkplek/")
    assert len(sections(page)["Vragen"]) == 25
    assert page.follow("Nog 2 vragen").heading == "Mijn vragen"
