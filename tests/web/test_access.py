from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.contact.models import Enquiry
from consult.people.models import Advisor
from tests.desk.conftest import NOW, Office
from tests.web.access import CLASSES, OPEN_TO_COLLEAGUES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.routing import Rule

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction
    from tests.support.pages import Visitor

GUARDED = ("signed in", "desk", "advisor", "coordinator", "keeper")


@pytest.fixture
def office(app: Flask, settings: Settings, transaction: Transaction) -> Office:
    """Rik, Sam and Mirte advise, Mirte and Anna coordinate, Olga runs the machine."""
    office = Office(app, settings, transaction)
    office.open()
    return office


def doors(app: Flask, *classes: str) -> Iterator[tuple[Rule, str]]:
    """Each rule of these classes with each method that it takes."""
    wanted = frozenset[str]().union(*(CLASSES[name] for name in classes))
    for rule in app.url_map.iter_rules():
        if rule.endpoint in wanted:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method


def address(rule: Rule, reference: str = "C-2026-0001") -> str:
    """An address that fits the rule."""
    named = rule.rule.replace("<reference>", reference).replace("<token>", "x" * 43)
    return re.sub(r"<[^>]+>", "1", named)


def token(visitor: Visitor) -> dict[str, str]:
    """What says that a form is from this session."""
    return {"X-CSRFToken": visitor.open("/werkplek/meer").form("Uitloggen").values["csrf_token"][0]}


def test_every_endpoint_stands_in_the_table_once(make_settings: MakeSettings) -> None:
    from consult.app import create_app

    endpoints = {rule.endpoint for rule in create_app(make_settings(demo=True)).url_map.iter_rules()}
    listed = [endpoint for names in CLASSES.values() for endpoint in names]
    assert endpoints - set(listed) == set(), "say in tests/web/access.py who may come in"
    assert set(listed) - endpoints == set(), "these are gone: take them out of tests/web/access.py"
    assert len(listed) == len(set(listed))


def test_nobody_comes_in_without_signing_in(app: Flask, client: FlaskClient) -> None:
    for rule, method in doors(app, *GUARDED):
        answer = client.open(address(rule), method=method)
        if method == "GET" or rule.endpoint == "sign_in_steps.again":
            assert answer.status_code == 303, rule
            assert answer.headers["Location"].startswith("/inloggen"), rule
        elif rule.endpoint != "security.logout":
            assert answer.status_code == 403, rule


def test_no_step_of_signing_in_comes_before_the_password(app: Flask, client: FlaskClient) -> None:
    for rule, method in doors(app, "halfway"):
        answer = client.open(address(rule), method=method)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/inloggen"), rule


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("olga", ("desk", "advisor", "coordinator")),
        ("rik", ("coordinator", "keeper")),
        ("anna", ("advisor",)),
    ],
    ids=[
        "who runs the machine sees no question",
        "an advisor keeps no rules",
        "a coordinator has no profile",
    ],
)
def test_a_role_is_refused_what_is_not_its_business(
    office: Office, name: str, classes: tuple[str, ...]
) -> None:
    visitor = office.enter(name)
    headers = {} if name == "olga" else token(visitor)
    for rule, method in doors(office.app, *classes):
        answer = visitor.client.open(address(rule), method=method, headers=headers)
        if name == "olga" and rule.endpoint == "desk.today":  # where everybody arrives: on to the own pages
            assert answer.headers["Location"] == "/beheer/api-sleutels/"
            continue
        assert answer.status_code in ({403, 404} if name == "anna" else {403}), (rule, method)


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("rik", ("desk", "advisor", "signed in")),
        ("anna", ("coordinator", "keeper")),
        ("olga", ("signed in", "keeper")),
    ],
    ids=[
        "an advisor at the desk",
        "a coordinator in the office",
        "who runs the machine at the own sign-ins and the keys",
    ],
)
def test_a_role_is_let_in_where_it_works(office: Office, name: str, classes: tuple[str, ...]) -> None:
    question, talk = office.asked(), office.planned(NOW + timedelta(days=1))
    visitor = office.enter(name)
    for rule, _method in [door for door in doors(office.app, *classes) if door[1] == "GET"]:
        there = address(rule, talk if "afspraken" in rule.rule else question)
        answer = visitor.client.get(there)
        assert answer.status_code in ({200, 404} if rule.arguments else {200}), rule


def test_nobody_acts_on_what_a_colleague_has(office: Office) -> None:
    question, talk = office.asked(), office.planned(NOW + timedelta(days=1))
    sam = office.enter("sam")
    headers = token(sam)
    for rule, method in doors(office.app, "desk"):
        if "reference" not in rule.arguments or method == "GET":
            continue
        there = address(rule, talk if "afspraken" in rule.rule else question)
        status = sam.client.post(there, headers=headers).status_code
        assert status == OPEN_TO_COLLEAGUES.get(rule.endpoint, 403), rule
    with office.transaction() as session:
        owner = session.scalars(select(Advisor).join(Enquiry, Enquiry.advisor_id == Advisor.id)).one()
        assert owner.slug == "rik"


def test_a_hand_over_opens_it_to_the_one_and_closes_it_to_the_other(office: Office) -> None:
    question = office.asked()
    sam, rik = office.enter("sam"), office.enter("rik")
    there = f"/werkplek/vragen/{question}/antwoord"
    assert [who.client.post(there).status_code for who in (rik, sam)] == [422, 403]
    hand = rik.open(f"/werkplek/vragen/{question}").form("Draag over")
    hand.choose("Sam Bos").fill({"Reden": "Sam weet dit.", "Wat moet uw collega weten?": "Alles."}).submit()
    assert [who.client.post(there).status_code for who in (rik, sam)] == [403, 422]


def test_a_private_link_that_is_unknown_opens_nothing(app: Flask, client: FlaskClient) -> None:
    pages = set()
    for rule, method in doors(app, "link"):
        answer = client.open(address(rule), method=method)
        assert answer.status_code == 404, (rule, method)
        # Every page has a number of its own for the telephone.
        pages.add(re.sub(r"[0-9a-f]{8}</span>", "", answer.get_data(as_text=True)))
    assert len(pages) <= 2, "the same words for everything that opens nothing, but for the English switch"


def test_what_is_public_asks_nobody_to_sign_in(app: Flask, client: FlaskClient) -> None:
    for rule, method in doors(app, "public", "api"):
        answer = client.open(address(rule), method=method)
        assert answer.status_code in {200, 303, 400, 404, 405, 415, 422}, (rule, method)
        assert "/inloggen" not in answer.headers.get("Location", ""), rule
        answer.close()


def test_the_numbers_of_the_machine_stay_on_the_machine(app: Flask, client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 200
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/metrics", environ_base=elsewhere).status_code == 404


def test_without_a_provider_its_pages_are_nowhere(app: Flask, client: FlaskClient) -> None:
    for rule, method in doors(app, "provider"):
        assert client.open(address(rule), method=method).status_code == 404, rule


def test_what_a_demonstration_shows_is_nowhere_else(app: Flask, client: FlaskClient) -> None:
    assert not list(doors(app, "demo"))
    assert client.get("/demo/mail").status_code == 404
