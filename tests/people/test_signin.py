from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult import clock
from consult.database import db
from consult.people.accounts import Account, RoleName
from consult.people.models import Advisor
from consult.people.signin import ShortPassword, create_account, set_password
from tests.support.apps import running
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.support.apps import MakeSettings, Transaction
    from tests.support.pages import Page

PASSWORD = "een lang wachtwoord"
WRONG = "Deze combinatie van e-mailadres en wachtwoord kennen wij niet. Probeer het opnieuw."
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def colleague(transaction: Transaction) -> None:
    with transaction() as session:
        account = create_account(session, "Rik@example.nl", PASSWORD, {RoleName.ADVISOR}, now=NOW)
        session.add(
            Advisor(
                account_id=account.id,
                slug="rik",
                name="Rik de Wit",
                first_name="Rik",
                email="rik@example.nl",
                joined_at=NOW,
            )
        )


def sign_in(
    visitor: Visitor,
    email: str = "rik@example.nl",
    password: str = PASSWORD,
    *,
    at: str = "/inloggen",
    status: int = 200,
) -> Page:
    form = visitor.open(at).form("Log in")
    return form.fill({"E-mailadres": email, "Wachtwoord": password}).submit(status=status)


def test_signing_in_leads_to_today(visitor: Visitor) -> None:
    page = sign_in(visitor)
    assert page.address == "/werkplek/"
    assert page.heading == "Vandaag"
    assert "Rik de Wit" in page.text


def test_capitals_and_spaces_in_the_address_do_not_matter(visitor: Visitor) -> None:
    assert sign_in(visitor, " RIK@Example.nl ").heading == "Vandaag"


def test_after_signing_in_the_page_that_was_asked_for_comes(visitor: Visitor) -> None:
    page = sign_in(visitor, at="/werkplek/vragen?weergave=niemand")
    assert page.address == "/werkplek/vragen?weergave=niemand"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("rik@example.nl", "een ander wachtwoord"),
        ("nobody@example.nl", PASSWORD),
        ("no address", PASSWORD),
    ],
    ids=["a wrong password", "an unknown address", "no address at all"],
)
def test_every_refusal_reads_the_same(visitor: Visitor, email: str, password: str) -> None:
    page = sign_in(visitor, email, password, status=422)
    assert WRONG in page.text
    assert page.errors == {}
    assert page.form("Log in").value("E-mailadres") == email
    assert page.form("Log in").value("Wachtwoord") == ""


def test_a_refusal_is_the_same_page_to_the_byte_whether_the_account_exists(
    app: Flask, transaction: Transaction
) -> None:
    with transaction() as session:
        session.add(create_account(session, "uit@example.nl", PASSWORD, {RoleName.ADVISOR}, now=NOW))
        session.scalars(select(Account).where(Account.email == "uit@example.nl")).one().active = False
    pages = set()
    for email, password in (
        ("rik@example.nl", "x" * 12),
        ("wie@example.nl", "x" * 12),
        ("uit@example.nl", PASSWORD),
    ):
        page = sign_in(Visitor(app.test_client()), email, password, status=422)
        same = page.body.replace(email, "").replace(page.form("Log in").values["csrf_token"][0], "")
        pages.add((same, str(sorted(page.response.headers.keys()))))
    assert len(pages) == 1


def test_a_disabled_account_is_refused_in_the_same_words(visitor: Visitor, transaction: Transaction) -> None:
    with transaction() as session:
        session.scalars(select(Account)).one().active = False
    assert WRONG in sign_in(visitor, status=422).text


def test_empty_fields_say_what_to_fill_in(visitor: Visitor) -> None:
    page = sign_in(visitor, "", "", status=422)
    assert page.errors == {
        "email": "Vul uw e-mailadres in.",
        "password": "Vul uw wachtwoord in.",
    }


def test_a_form_that_stood_open_too_long_says_so(visitor: Visitor) -> None:
    form = visitor.open("/inloggen").form("Log in")
    visitor.client.delete_cookie("werkplek")
    page = form.fill({"E-mailadres": "rik@example.nl", "Wachtwoord": PASSWORD}).submit(status=422)
    assert "Dit formulier stond te lang open." in page.text


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/werkplek\\..\\..//evil.example",
        "/werkplek/../vraag",
        "/werkplek/bestaat-niet",
        "/vraag",
        "werkplek/",
        "/werkplekken",
        "/werkplek/\nLocation: x",
    ],
)
def test_only_a_known_page_of_our_own_can_come_next(client: FlaskClient, address: str) -> None:
    answer = client.get("/inloggen", query_string={"next": address})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/inloggen")
    assert client.post("/inloggen", data={"next": address}).status_code == 400


def test_signing_out_ends_the_session(visitor: Visitor) -> None:
    page = sign_in(visitor)
    assert page.form("Uitloggen").submit().heading == "Inloggen"
    assert visitor.open("/werkplek/").heading == "Inloggen"


def test_signing_out_is_not_a_link_and_asks_first_without_its_token(visitor: Visitor) -> None:
    sign_in(visitor)
    assert visitor.client.get("/uitloggen").status_code == 405
    page = visitor.send("post", "/uitloggen", [], 200)
    assert page.heading == "Uitloggen"
    assert visitor.open("/werkplek/").heading == "Vandaag"
    assert page.form("Ja, log uit").submit().heading == "Inloggen"


def test_nothing_of_the_session_before_signing_in_survives(visitor: Visitor) -> None:
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    visitor.open("/inloggen")
    with visitor.client.session_transaction() as session:
        before = session["csrf_token"]
    sign_in(visitor)
    with visitor.client.session_transaction() as session:
        assert "planted" not in session
        assert session["csrf_token"] != before


@pytest.mark.parametrize(
    ("idle_minutes", "heading"),
    [(29, "Vandaag"), (31, "Inloggen")],
    ids=["29 minutes idle", "31 minutes idle"],
)
def test_a_session_ends_after_half_an_hour_without_a_page(
    visitor: Visitor, idle_minutes: int, heading: str
) -> None:
    sign_in(visitor)
    clock.start_at(clock.now() + timedelta(minutes=idle_minutes))
    assert visitor.open("/werkplek/").heading == heading


def test_a_session_in_use_ends_after_twelve_hours(visitor: Visitor) -> None:
    sign_in(visitor)
    for _ in range(24):
        clock.start_at(clock.now() + timedelta(minutes=29))
        assert visitor.open("/werkplek/").heading == "Vandaag"
    clock.start_at(clock.now() + timedelta(minutes=25))
    assert visitor.open("/werkplek/").heading == "Inloggen"


def test_a_new_password_ends_every_session(visitor: Visitor, transaction: Transaction) -> None:
    sign_in(visitor)
    with transaction() as session:
        set_password(session.scalars(select(Account)).one(), "nog een lang wachtwoord")
    assert visitor.open("/werkplek/").heading == "Inloggen"


def test_disabling_an_account_ends_its_session(visitor: Visitor, transaction: Transaction) -> None:
    sign_in(visitor)
    with transaction() as session:
        session.scalars(select(Account)).one().active = False
    assert visitor.open("/werkplek/").heading == "Inloggen"


def test_a_password_is_kept_as_argon2id(make_settings: MakeSettings) -> None:
    with running(make_settings(testing=False)) as app, app.app_context():
        account = create_account(db.session, "nieuw@example.nl", PASSWORD, {RoleName.ADVISOR}, now=NOW)
    assert (account.password or "").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_eleven_characters_are_too_few_for_a_password(transaction: Transaction) -> None:
    with transaction() as session, pytest.raises(ShortPassword, match="12 characters"):
        create_account(session, "kort@example.nl", "elf tekens!", {RoleName.ADVISOR}, now=NOW)


def test_no_token_is_given_out_for_a_password(visitor: Visitor) -> None:
    token = visitor.open("/inloggen").form("Log in").values["csrf_token"][0]
    login = {"csrf_token": token, "email": "rik@example.nl", "password": PASSWORD}
    wants_json = {"Accept": "application/json"}
    answer = visitor.client.post("/inloggen?include_auth_token", data=login, headers=wants_json)
    assert (answer.status_code, answer.mimetype) == (303, "text/html")
    assert b"token" not in answer.data


def test_signing_in_takes_a_form_and_nothing_else(visitor: Visitor) -> None:
    token = visitor.open("/inloggen").form("Log in").values["csrf_token"][0]
    login = {"email": "rik@example.nl", "password": PASSWORD}
    answer = visitor.client.post("/inloggen", json=login, headers={"X-CSRFToken": token})
    assert answer.status_code == 415
    assert visitor.open("/werkplek/").heading == "Inloggen"


@pytest.mark.parametrize("address", ["/", "/vraag", "/huisstijl.css", "/bestaat-niet"])
def test_a_public_page_neither_sets_nor_reads_the_cookie_of_the_desk(visitor: Visitor, address: str) -> None:
    anonymous = visitor.client.get(address)
    sign_in(visitor)
    signed_in = visitor.client.get(address)
    for answer in (anonymous, signed_in):
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = client.get("/inloggen").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie


def test_behind_https_the_cookie_is_bound_to_this_host(make_settings: MakeSettings) -> None:
    with running(make_settings(base_url="https://localhost")) as app:
        cookie = app.test_client().get("/inloggen", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-werkplek=")
    assert "Secure" in cookie


def test_pages_of_the_desk_are_not_kept_by_a_browser(visitor: Visitor) -> None:
    assert sign_in(visitor).response.headers["Cache-Control"] == "no-store"
    assert "no-store" in visitor.open("/inloggen", status=200).response.headers["Cache-Control"]
