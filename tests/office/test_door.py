"""The office is for coordinators: nobody else sees a page or changes a thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.desk.conftest import Office
    from tests.support.pages import Visitor


def office_rules(app: Flask, method: str, part: str = "office") -> list[str]:
    return [
        re.sub(r"<[^>]+>", "1", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(f"{part}.") and method in (rule.methods or ())
    ]


def test_every_page_asks_a_stranger_to_sign_in(app: Flask, client: FlaskClient) -> None:
    for address in office_rules(app, "GET"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/inloggen"), address
        assert answer.headers["Cache-Control"] == "no-store"
    for address in office_rules(app, "POST"):
        assert client.post(address).status_code == 403, address


def test_an_advisor_and_an_operator_are_told_that_it_is_not_theirs(office: Office) -> None:
    for visitor in (office.enter("rik"), office.enter("olga")):
        for address in office_rules(office.app, "GET"):
            assert visitor.client.get(address).status_code == 403, address
        for address in office_rules(office.app, "POST"):
            assert visitor.client.post(address).status_code == 403, address


def test_no_act_works_without_the_token_of_the_session(office: Office, anna: Visitor) -> None:
    for address in office_rules(office.app, "POST"):
        assert anna.client.post(address).status_code in {400, 404, 422}, address


@pytest.mark.parametrize("part", ["api_keys", "webhooks"])
def test_nothing_that_reaches_other_programs_is_done_without_the_token(anna: Visitor, part: str) -> None:
    addresses = office_rules(anna.client.application, "POST", part)
    assert len(addresses) > 1
    for address in addresses:
        assert anna.client.post(address).status_code == 400, address


def test_a_coordinator_finds_the_office_from_the_desk(office: Office) -> None:
    page = office.enter("mirte").open("/werkplek/").follow("Beheer")
    assert page.heading == "Beheer"
    assert page.follow("Werkplek").address == "/werkplek/"
    assert "Beheer" not in office.enter("rik").open("/werkplek/").text
