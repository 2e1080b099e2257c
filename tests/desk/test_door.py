from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consult.contact.writing.saved_replies import keep_reply
from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.desk.conftest import Office
    from tests.support.pages import Visitor


def desk_rules(app: Flask, method: str) -> list[str]:
    return [
        re.sub(r"<[^>]+>", "1", rule.rule.replace("<reference>", "C-2026-0001"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("desk.") and method in (rule.methods or ())
    ]


def test_every_page_of_the_desk_asks_a_stranger_to_sign_in(app: Flask, client: FlaskClient) -> None:
    addresses = desk_rules(app, "GET")
    assert len(addresses) > 5
    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/inloggen"), address
        assert answer.headers["Cache-Control"] == "no-store"


def test_no_act_at_the_desk_is_open_to_a_stranger(app: Flask, client: FlaskClient) -> None:
    addresses = desk_rules(app, "POST")
    assert len(addresses) > 6
    for address in addresses:
        assert client.post(address).status_code == 403, address


def test_no_act_at_the_desk_works_without_the_token_of_the_session(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    with office.transaction() as session:
        own = office.advisor_id(session, "rik")
        keep_reply(session, None, owner_id=own, title="Groet", body="Dag.", now=NOW)
    for rule in desk_rules(office.app, "POST"):
        if "afspraken" in rule or "bijeenkomsten" in rule:
            continue
        answer = rik.client.post(
            rule.replace("C-2026-0001", reference), data={"antwoord-text": "x", "notitie-text": "x"}
        )
        assert answer.status_code in {400, 422}, rule
    page = rik.open(f"/werkplek/vragen/{reference}")
    assert [entry.get("class") for entry in page.tree.first("ol").all("li")] == ["question", "event"]


def test_an_operator_has_no_business_at_the_desk(office: Office) -> None:
    olga = office.enter("olga")
    assert olga.open("/werkplek/vragen", status=403).response.headers["Cache-Control"] == "no-store"


def test_what_was_typed_is_shown_once_more_when_the_session_has_ended(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    form = rik.open(f"/werkplek/vragen/{reference}").form("Verstuur het antwoord")
    rik.client.delete_cookie("werkplek")
    page = form.fill({"Uw antwoord": "Begin met een rondje\nlangs de deuren."}).submit(status=403)
    assert page.heading == "U bent uitgelogd"
    assert "Begin met een rondje" in page.text
    assert page.follow("Log in").heading == "Inloggen"


def test_a_stale_form_at_the_desk_keeps_what_was_typed(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    form = rik.open(f"/werkplek/vragen/{reference}").form("Verstuur het antwoord")
    form.values["antwoord-csrf_token"] = ["stale"]
    page = form.fill({"Uw antwoord": "Begin met een rondje."}).submit(status=422)
    assert "Dit formulier stond te lang open." in page.text
    again = page.form("Verstuur het antwoord")
    assert again.value("Uw antwoord") == "Begin met een rondje."
    assert "Begin met een rondje." in again.submit().text


def test_a_coordinator_without_a_profile_may_look_and_not_act(office: Office) -> None:
    reference = office.asked()
    anna = office.enter("anna")
    page = anna.open(f"/werkplek/vragen/{reference}")
    assert "Deze vraag is van Rik de Wit. U kunt meelezen." in page.text
    assert "Verstuur het antwoord" not in page.text
    assert reference in anna.open("/werkplek/vragen?weergave=team").body


def test_the_menu_says_where_one_is_and_how_much_waits(office: Office, rik: Visitor) -> None:
    office.asked()
    office.asked("Wie helpt met een hand-out?")
    page = rik.open("/werkplek/vragen")
    current = [link for link in page.tree.first("nav").all("a") if link.get("aria-current") == "page"]
    assert [link.text for link in current] == ["Vragen 2"]
