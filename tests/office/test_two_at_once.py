"""Two coordinators who keep the same thing: who saves second sees what changed, and nobody's words are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.booking.models import MeetingType
from consult.contact.models import ContactPage
from consult.people.models import Team
from tests.support import rows

if TYPE_CHECKING:
    from tests.desk.conftest import Office

# What is kept, its page, the field of who saves first, and the field of who saves second.
KEPT = [
    ("A page", "paginas/{page}", ("Titel", "Van Anna"), ("Inleiding", "Van Mirte")),
    ("Who is on a page", "paginas/{page}", ("Plek van Sam Bos", "1"), ("Plek van Rik de Wit", "2")),
    ("A topic", "themas/{topic}", ("Antwoord binnen (werkdagen)", "5"), ("Naam", "Van Mirte")),
    ("A kind of talk", "gesprekken/{kind}", ("Lengte in minuten", "45"), ("Uitleg", "Van Mirte")),
    ("An advisor", "adviseurs/{advisor}", ("Functie", "Van Anna"), ("Deel van het werk", "50")),
    ("An organisation", "organisaties/{organisation}", ("Maildomein", "anna.nl"), ("Naam", "Van Mirte")),
    ("A person", "organisaties/{organisation}/mensen/{contact}", ("Functie", "Van Anna"), ("Naam", "Van Mirte")),
]  # fmt: skip


@pytest.fixture
def numbers(office: Office) -> dict[str, int]:
    """One of everything, by number."""
    with office.transaction() as session:
        topic = rows.create_topic(session, "Polarisatie")
        organisation = rows.create_organisation(session, "Ede")
        page = ContactPage(slug="wijk", title="In de wijk")
        session.add(page)
        session.flush()
        return {
            "page": page.id,
            "topic": topic.id,
            "kind": session.scalars(select(MeetingType.id)).one(),
            "advisor": office.advisor_id(session, "rik"),
            "organisation": organisation.id,
            "contact": rows.create_contact(session, organisation_id=organisation.id).id,
        }


def test_who_saves_second_sees_what_changed_and_both_changes_stay(
    office: Office, numbers: dict[str, int]
) -> None:
    anna, mirte = office.enter("anna"), office.enter("mirte")
    for sentence, path, (first, hers), (second, mine) in KEPT:
        address = f"/beheer/{path.format(**numbers)}"
        late = mirte.open(address).form("Bewaar")
        anna.open(address).form("Bewaar").fill({first: hers}).submit("Bewaar")
        page = late.fill({second: mine}).submit("Bewaar", status=422)
        assert "Iemand anders heeft dit intussen bewaard." in page.text, sentence
        told = page.tree.first("dl")
        assert told is not None, sentence
        assert f"{first} {hers}" in told.text, sentence
        again = page.form("Bewaar")
        assert (again.value(first), again.value(second)) == (hers, mine), sentence
        again.submit("Bewaar")
        kept = anna.open(address).form("Bewaar")
        assert (kept.value(first), kept.value(second)) == (hers, mine), sentence


def test_who_changed_the_same_field_decides_with_both_in_sight(
    office: Office, numbers: dict[str, int]
) -> None:
    anna, mirte = office.enter("anna"), office.enter("mirte")
    address = f"/beheer/paginas/{numbers['page']}"
    late = mirte.open(address).form("Bewaar")
    anna.open(address).form("Bewaar").fill({"Titel": "Van Anna"}).submit("Bewaar")
    page = late.fill({"Titel": "Van Mirte"}).submit("Bewaar", status=422)
    told = page.tree.first("dl")
    assert told is not None
    assert "Titel (bij u staat iets anders) Van Anna" in told.text
    assert page.form("Bewaar").value("Titel") == "Van Mirte"
    assert "Titel" not in [each.text for each in mirte.open(address).tree.all("dt")]


def test_ticks_of_both_stay_apart(office: Office) -> None:
    with office.transaction() as session:
        session.add(Team(slug="wijken", name="Wijken"))
    anna, mirte = office.enter("anna"), office.enter("mirte")
    late = mirte.open("/beheer/teams").follow("Wijken Niemand").form("Bewaar")
    anna.open("/beheer/teams").follow("Wijken Niemand").form("Bewaar").choose("Sam Bos").submit("Bewaar")
    page = late.fill({"Naam": "Dorpen"}).submit("Bewaar", status=422)
    assert "Wie zit in dit team? Sam Bos" in page.text
    page.form("Bewaar").submit("Bewaar")
    with office.transaction() as session:
        team = session.scalars(select(Team)).one()
        assert (team.name, [each.name for each in team.members]) == ("Dorpen", ["Sam Bos"])


def test_a_form_beside_another_one_is_not_taken_for_late(office: Office, numbers: dict[str, int]) -> None:
    anna = office.enter("anna")
    page = anna.open(f"/beheer/paginas/{numbers['page']}")
    refused = page.form("Zet op de pagina").submit(status=422)
    assert refused.errors == {"handreiking-file": "Kies een bestand."}
    refused.form("Bewaar").fill({"Titel": "Van Anna"}).submit("Bewaar")
    with office.transaction() as session:
        assert session.scalars(select(ContactPage.title)).one() == "Van Anna"
