"""Webhooks as a coordinator and who runs the machine keep them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from consult import clock
from consult.webhooks.models import Webhook
from tests.desk.conftest import NOW, PASSWORD
from tests.webhooks.receiver import is_signed, say

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor
    from tests.webhooks.conftest import Listening

HERE = "/beheer/webhooks/"


@pytest.fixture
def anna(office: Office) -> Visitor:
    """Anna, who coordinates, signed in."""
    return office.enter("anna")


def filled_in(visitor: Visitor, **answers: str) -> Page:
    form = visitor.open(f"{HERE}nieuw").form("Maak de webhook")
    return (
        form.fill({"Naam": "Website", "Adres": "https://example.org/haak"} | answers)
        .choose("Er is een vraag gesteld")
        .submit(status=422 if answers else 200)
    )


def test_a_webhook_is_made_tried_renewed_switched_and_removed(listening: Listening, anna: Visitor) -> None:
    page = filled_in(anna)
    assert page.heading == "Het geheim van Website"
    secret = re.search(r"whsec_[\w+/=]{44}", page.text)[0]  # type: ignore[index]  # (there is one)
    with listening.office.transaction() as session:
        session.execute(update(Webhook).values(url=listening.receiver.url))
    listed = anna.open(HERE)
    assert secret not in listed.body
    one = listed.follow("Website").form("Stuur een proefbericht").submit()
    assert "Het proefbericht gaat zo weg." in one.text
    listening.tell()
    assert is_signed(listening.receiver.heard[0], secret)
    assert "Antwoord 204 na" in anna.open(one.address).text
    renewed = anna.open(one.address).form("Maak een nieuw geheim").submit()
    assert "werkt het vorige geheim ook nog" in renewed.text
    off = renewed.follow("Ik heb het geheim bewaard").form("Zet uit").submit()
    assert "Wat nu gebeurt, hoort het programma niet." in off.text
    assert "De webhook staat aan." in off.form("Zet aan").submit().text
    assert "Het programma hoort niets meer van ons." in off.form("Verwijder deze webhook").submit().text
    anna.open(one.address, status=404)


def test_what_was_given_up_is_seen_and_told_again(listening: Listening, anna: Visitor) -> None:
    listening.receiver.answer = lambda handler: say(handler, 410)
    reference = listening.office.asked()
    listening.tell()
    assert "1 webhook staat uit: er kwam niets aan." in anna.open("/beheer/").text
    page = anna.open(HERE).follow("Zaaksysteem")
    assert "Het programma zegt dat dit adres niet meer bestaat." in page.text
    assert reference in page.text
    dead = page.follow("Opgegeven")
    form = next(each for each in dead.tree.all("form") if "opnieuw" in each.get("action"))
    listening.receiver.answer = lambda handler: say(handler, 200)
    token = dead.form("Zet aan").values["csrf_token"][0]
    again = anna.send("post", form.get("action"), [("csrf_token", token)], 200)
    assert "Het bericht gaat zo nog een keer weg." in again.text
    assert listening.tell() == 1
    assert "Antwoord 200 na" in anna.open(HERE).follow("Zaaksysteem").text


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://example.org/", "Het adres moet beginnen met https://."),
        ("https://example.org:8443/", "Dit adres gebruikt een poort die hier niet mag."),
        ("https://joke:geheim@example.org/", "Zet geen naam of wachtwoord in het adres zelf."),
        ("ftp://example.org/", "Dit is geen internetadres. Het begint met https://."),
    ],
)
def test_an_address_that_cannot_be_is_told_at_its_field(anna: Visitor, address: str, told: str) -> None:
    assert list(filled_in(anna, Adres=address).errors.values()) == [told]


def test_what_is_missing_is_told(anna: Visitor) -> None:
    page = anna.open(f"{HERE}nieuw").form("Maak de webhook").submit(status=422)
    assert list(page.errors.values()) == [
        "Vul in welk programma dit hoort.",
        "Vul het adres in dat het programma u gaf.",
        "Kies minstens één gebeurtenis.",
    ]


def test_the_same_form_makes_one_webhook(anna: Visitor) -> None:
    form = anna.open(f"{HERE}nieuw").form("Maak de webhook")
    form.fill({"Naam": "Website", "Adres": "https://example.org/"}).choose("Een gesprek is verzet")
    assert form.submit().heading == "Het geheim van Website"
    assert "Deze webhook is al gemaakt." in form.submit().text


def test_who_signed_in_a_while_ago_proves_who_it_is_first(anna: Visitor) -> None:
    clock.start_at(NOW + timedelta(minutes=20))
    asked = anna.open(f"{HERE}nieuw")
    assert "/inloggen/opnieuw" in asked.address
    asked.form().fill({"Wachtwoord": PASSWORD}).submit()
    assert filled_in(anna).heading == "Het geheim van Website"


def test_who_runs_the_machine_keeps_them_too(office: Office) -> None:
    assert filled_in(office.enter("olga")).heading == "Het geheim van Website"
