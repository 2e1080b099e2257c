"""Keys of programs, as a coordinator and who runs the machine keep them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult import clock
from consult.people.keys.models import ApiKey
from tests.desk.conftest import NOW, PASSWORD, Office

if TYPE_CHECKING:
    from tests.support.pages import Page, Visitor

HERE = "/beheer/api-sleutels/"


def made(visitor: Visitor, **answers: str) -> Page:
    form = visitor.open(HERE).follow("Nieuwe sleutel").form("Maak de sleutel")
    return (
        form.fill({"Naam": "Zaaksysteem"} | answers)
        .choose("Lezen: vragen, gesprekken en de lijsten van Beheer")
        .submit()
    )


def works(office: Office, key: str) -> bool:
    answer = office.app.test_client().get("/api/v1/enquiries", headers={"Authorization": f"Bearer {key}"})
    return answer.status_code == 200


def test_a_key_is_shown_once_works_and_is_ended(office: Office, anna: Visitor) -> None:
    assert "Er zijn nog geen sleutels." in anna.open(HERE).text
    page = made(anna)
    assert page.heading == "Uw nieuwe sleutel"
    key = re.search(r"consult_[\w-]{43}", page.text)[0]  # type: ignore[index]  # (there is one)
    listed = anna.open(HERE)
    assert key not in listed.body
    for told in ("Zaaksysteem", key[:12], "door anna@example.nl", "Nog niet gebruikt."):
        assert told in listed.text
    assert works(office, key)
    assert "Voor het laatst gebruikt op 18 nov 2026." in anna.open(HERE).text
    asked = anna.open(HERE).follow("Beëindig deze sleutel")
    assert works(office, key)
    ended = asked.form("Ja, beëindig de sleutel").submit()
    assert "De sleutel werkt niet meer." in ended.text
    assert "Beëindigd" in ended.text
    assert not works(office, key)
    assert anna.open(asked.address).heading == "API-sleutels"


def test_the_same_form_makes_one_key(office: Office, anna: Visitor) -> None:
    form = anna.open(f"{HERE}nieuw").form("Maak de sleutel")
    form.fill({"Naam": "Website"}).choose("Insturen: vragen stellen en gesprekken plannen voor bezoekers")
    assert form.submit().heading == "Uw nieuwe sleutel"
    again = form.submit()
    assert "Deze sleutel is al gemaakt. Hij is maar één keer te zien." in again.text
    with office.transaction() as session:
        assert len(session.scalars(select(ApiKey)).all()) == 1


def test_what_is_missing_or_over_is_told_at_its_field(anna: Visitor) -> None:
    form = anna.open(f"{HERE}nieuw").form("Maak de sleutel")
    page = form.fill({"Laatste dag": "2026-11-17", "Aanroepen per minuut": "0"}).submit(status=422)
    assert list(page.errors.values()) == [
        "Vul in voor welk programma de sleutel is.",
        "Kies wat het programma mag.",
        "Kies vandaag of een latere dag.",
        "Vul een getal in van 1 tot 6000.",
    ]


def test_a_key_can_have_a_last_day_and_an_advisor(office: Office, anna: Visitor) -> None:
    form = anna.open(f"{HERE}nieuw").form("Maak de sleutel")
    form.fill({"Naam": "Rooster", "Laatste dag": "2026-11-18"}).choose(
        "Werkplek: vragen en gesprekken lezen en behandelen", "Rik de Wit"
    ).submit()
    told = anna.open(HERE).text
    assert "Namens Rik de Wit." in told
    assert "Werkt tot en met 18 nov 2026." in told
    clock.start_at(NOW + timedelta(days=1))
    assert "Verlopen" in office.enter("anna").open(HERE).text


def test_who_signed_in_a_while_ago_proves_who_it_is_first(office: Office, anna: Visitor) -> None:
    clock.start_at(NOW + timedelta(minutes=20))
    asked = anna.open(f"{HERE}nieuw")
    assert "/inloggen/opnieuw" in asked.address
    asked.form().fill({"Wachtwoord": PASSWORD}).submit()
    assert made(anna).heading == "Uw nieuwe sleutel"


def test_who_runs_the_machine_keeps_the_keys_too_and_no_more_of_the_office(office: Office) -> None:
    olga = office.enter("olga")
    here = olga.open("/werkplek/")
    assert here.address == HERE
    menu = here.tree.first("nav", class_="rail") or here.tree.first("nav")
    assert menu is not None
    assert [link.text for link in menu.all("a")][:3] == ["API-sleutels", "Webhooks", "Veiligheid"]
    assert here.follow("Veiligheid").heading == "Inloggen en veiligheid"
    assert made(olga).heading == "Uw nieuwe sleutel"
    olga.open("/beheer/", status=403)
