from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from consult import clock
from consult.activity.models import Activity
from consult.people.accounts import Account, RoleName
from consult.people.signin import create_account
from consult.people.signin.models import Passkey, Ticket
from consult.people.signin.passkeys.ceremony import NotProved, Site, read_answer
from consult.people.signin.passwords import lock
from tests.support.apps import running
from tests.support.authenticator import PRESENT, VERIFIED, Authenticator
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction
    from tests.support.pages import Page

PASSWORD = "een lange wachtzin"
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
OWN = "/werkplek/aanmeldingen/"
NO = "Inloggen met deze passkey lukt niet."


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    return make_settings(second_factor=True, clock=NOW)


@pytest.fixture(autouse=True)
def people(transaction: Transaction) -> None:
    with transaction() as session:
        for name in ("anna", "rik"):
            create_account(session, f"{name}@example.nl", PASSWORD, {RoleName.COORDINATOR}, now=NOW)


def give_password(app: Flask, name: str = "anna") -> tuple[Visitor, Page]:
    visitor = Visitor(app.test_client())
    form = visitor.open("/inloggen?next=/beheer/regels").form("Log in")
    return visitor, form.fill({"E-mailadres": f"{name}@example.nl", "Wachtwoord": PASSWORD}).submit()


def asked(page: Page, address: str, *, status: int = 200) -> Any:
    """The question that a browser's script gets for this page."""
    token = next(form for form in page.tree.all("input") if form.get("name") == "csrf_token").get("value")
    answer = page.visitor.client.post(address, headers={"X-CSRFToken": token})
    assert answer.status_code == status
    return json.loads(answer.data) if status == 200 else None


def make(page: Page, device: Authenticator, name: str = "telefoon", *, status: int = 200) -> Page:
    """Make a passkey on its page, as the script does."""
    answer = device.make(asked(page, "/inloggen/passkey/nieuw/vraag"))
    form = page.form("Maak een passkey").fill({"Naam van deze passkey": name})
    form.values["credential"] = [answer]
    return form.submit(status=status)


def send(page: Page, button: str, credential: str, *, status: int = 200) -> Page:
    form = page.form(button)
    form.values["credential"] = [credential]
    return form.submit(status=status)


@pytest.fixture
def device(app: Flask) -> Authenticator:
    """Anna's telephone, with a passkey that she made in place of codes."""
    device = Authenticator()
    _, page = give_password(app)
    done = make(page.follow("Maak een passkey"), device)
    assert done.heading == "Uw herstelcodes"
    assert done.follow("Ik heb de codes bewaard").address == "/beheer/regels"
    return device


def login(app: Flask) -> tuple[Page, Any]:
    page = Visitor(app.test_client()).open("/inloggen?next=/beheer/regels")
    return page, asked(page, "/inloggen/passkey/vraag")


@pytest.mark.both_databases
def test_a_passkey_alone_signs_in_and_counts_as_both_factors(app: Flask, device: Authenticator) -> None:
    page, question = login(app)
    assert question["userVerification"] == "required"
    assert question["rpId"] == "localhost"
    assert question["allowCredentials"] == []
    inside = send(page, "Log in met een passkey", device.use(question))
    assert inside.address == "/beheer/regels"
    own = inside.visitor.open(OWN)
    assert "telefoon" in own.text
    assert "U heeft ingelogd met een passkey." in own.text


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"origin": "https://evil.example"}, id="it was given on another site"),
        pytest.param({"origin": "http://localhost:8001"}, id="it was given on another port"),
        pytest.param({"host": "evil.example"}, id="it is of a passkey for another site"),
        pytest.param({"flags": PRESENT}, id="the device did not ask who it was"),
        pytest.param({"flags": VERIFIED}, id="nobody was there"),
        pytest.param({"credential": b"unknown to us"}, id="the passkey is unknown"),
        pytest.param({"handle": "AAAA"}, id="the device knows somebody else by it"),
        pytest.param({"handle": ""}, id="the device does not say who it is"),
        pytest.param({"key": Authenticator().key}, id="another key signed"),
        pytest.param({"count": -1}, id="the device was used more often elsewhere: it is a copy"),
    ],
)
def test_an_answer_that_is_wrong_anywhere_lets_nobody_in(
    app: Flask, device: Authenticator, transaction: Transaction, change: dict[str, Any]
) -> None:
    with transaction() as session:
        session.scalars(select(Passkey)).one().sign_count = 0 if change.get("count") is None else 5
    for name, value in change.items():
        setattr(device, name, value)
    page, question = login(app)
    refused = send(page, "Log in met een passkey", device.use(question), status=422)
    assert NO in refused.text
    assert refused.visitor.open("/werkplek/").heading == "Inloggen"


def test_an_answer_counts_once_for_one_browser_and_one_question(app: Flask, device: Authenticator) -> None:
    page, question = login(app)
    answer = device.use(question)
    other, another_question = login(app)
    # Another browser, with its own question and with none.
    assert NO in send(other, "Log in met een passkey", answer, status=422).text
    assert NO in send(other, "Log in met een passkey", device.use(another_question), status=422).text
    # This browser, after it asked again: the first question is no more.
    later = asked(page, "/inloggen/passkey/vraag")
    assert NO in send(page, "Log in met een passkey", answer, status=422).text
    assert later["challenge"] != question["challenge"]
    good, question = login(app)
    answer = device.use(question)
    copied = good.visitor.client.get_cookie("werkplek")
    assert copied is not None
    assert send(good, "Log in met een passkey", answer).address == "/beheer/regels"
    # With the very cookie of before: the question is used up.
    thief = Visitor(app.test_client())
    thief.client.set_cookie("werkplek", copied.value)
    data = [("csrf_token", good.form("Log in").values["csrf_token"][0]), ("credential", answer)]
    assert NO in thief.send("post", "/inloggen/passkey", data, 422).text


def test_a_question_waits_five_minutes(app: Flask, device: Authenticator, transaction: Transaction) -> None:
    page, question = login(app)
    clock.start_at(clock.now() + timedelta(minutes=5))
    send(page, "Log in met een passkey", device.use(question), status=422)
    login(app)
    with transaction() as session:
        assert len(session.scalars(select(Ticket)).all()) == 1, "what was never ended is cleared"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"id": 1, "response": {}}',
        "[" * 5000,
        '{"id":"x","response":1}',
        "x" * 20_000,
    ],
)
def test_what_is_no_answer_at_all_is_refused(app: Flask, device: Authenticator, text: str) -> None:
    page, _ = login(app)
    assert NO in send(page, "Log in met een passkey", text, status=422).text
    with pytest.raises(NotProved):
        read_answer(text)


def test_broken_parts_of_an_answer_are_refused(app: Flask, device: Authenticator) -> None:
    for part in ("authenticatorData", "clientDataJSON", "signature"):
        for broken in ("", "!", "AAAA", 5, None):
            page, question = login(app)
            send(page, "Log in met een passkey", device.use(question, **{part: broken}), status=422)


@pytest.mark.parametrize("change", ["disabled", "reset by an operator", "removed"])
def test_a_passkey_opens_nothing_any_more(
    app: Flask, device: Authenticator, transaction: Transaction, change: str
) -> None:
    with transaction() as session:
        anna = session.scalars(select(Account).where(Account.email == "anna@example.nl")).one()
        if change == "disabled":
            anna.active = False
        elif change == "reset by an operator":
            lock(session, anna)
        else:
            session.delete(session.scalars(select(Passkey)).one())
    page, question = login(app)
    assert NO in send(page, "Log in met een passkey", device.use(question), status=422).text


def test_after_the_password_a_passkey_is_the_second_step(
    app: Flask, device: Authenticator, transaction: Transaction
) -> None:
    _, page = give_password(app)
    assert page.heading == "Uw passkey"
    question = asked(page, "/inloggen/passkey/bewijs/vraag")
    assert [each["id"] for each in question["allowCredentials"]] == [json.loads(device.use(question))["id"]]
    wrong = Authenticator(credential=device.credential, handle=device.handle, count=99)
    refused = send(page, "Gebruik uw passkey", wrong.use(question), status=422)
    assert "Deze passkey klopt niet." in refused.text
    assert page.visitor.open("/werkplek/").heading == "Uw passkey"
    answer = device.use(asked(refused, "/inloggen/passkey/bewijs/vraag"))
    assert send(refused, "Gebruik uw passkey", answer).address == "/beheer/regels"
    with transaction() as session:
        acts = session.scalars(select(Activity.what).order_by(Activity.id)).all()
    assert acts[-2:] == ["account.step_refused", "account.signed_in"]


def test_a_colleagues_passkey_is_no_second_step(app: Flask, device: Authenticator) -> None:
    riks = Authenticator()
    _, page = give_password(app, "rik")
    make(page.follow("Maak een passkey"), riks)
    _, page = give_password(app)
    question = asked(page, "/inloggen/passkey/bewijs/vraag")
    refused = send(page, "Gebruik uw passkey", riks.use(question), status=422)
    assert "Deze passkey klopt niet." in refused.text
    # Nor is an answer that would sign in one for this question.
    question = asked(page, "/inloggen/passkey/vraag")
    assert (
        "Deze passkey klopt niet." in send(page, "Gebruik uw passkey", device.use(question), status=422).text
    )


def test_who_has_a_second_step_adds_no_other_before_giving_it(app: Flask, device: Authenticator) -> None:
    _, page = give_password(app)
    assert page.visitor.open("/inloggen/passkey/nieuw").heading == "Uw passkey"
    assert page.visitor.open("/inloggen/telefoon").heading == "Uw passkey"
    asked(page, "/inloggen/passkey/nieuw/vraag", status=403)


def test_passkeys_are_named_and_taken_away_but_the_last_second_step_stays(
    app: Flask, device: Authenticator
) -> None:
    page, question = login(app)
    own = send(page, "Log in met een passkey", device.use(question)).visitor.open(OWN)
    named = own.follow("Andere naam").form("Bewaar").fill({"Naam van deze passkey": "Fairphone"}).submit()
    assert "Fairphone" in named.text
    kept = named.form("Haal weg").submit()
    assert "Dit is uw enige tweede stap." in kept.text
    both = make(kept.follow("Maak een passkey"), Authenticator(), "gele sleutel")
    assert both.address == OWN
    first = next(form for form in both.tree.all("form") if form.get("action").endswith("/weg"))
    data = [("csrf_token", both.form("Uitloggen").values["csrf_token"][0])]
    gone = both.visitor.send("post", first.get("action"), data, 200)
    assert "De passkey is weg." in gone.text
    assert "Fairphone" not in gone.text
    page, question = login(app)
    send(page, "Log in met een passkey", device.use(question), status=422)


def test_a_colleagues_passkey_is_not_there_to_name_or_take(
    app: Flask, device: Authenticator, transaction: Transaction
) -> None:
    visitor, page = give_password(app, "rik")
    make(page.follow("Maak een passkey"), Authenticator())
    with transaction() as session:
        number = session.scalars(select(Passkey.id).order_by(Passkey.id)).first()
    data = [("csrf_token", visitor.open(OWN).form("Uitloggen").values["csrf_token"][0])]
    # Rik has another second step, so that only whose it is stands in the way.
    make(visitor.open("/inloggen/passkey/nieuw"), Authenticator())
    visitor.send("post", f"{OWN}passkeys/{number}/weg", data, 404)
    visitor.open(f"{OWN}passkeys/{number}", status=404)


def test_a_passkey_for_another_account_or_question_is_not_kept(
    app: Flask, device: Authenticator, transaction: Transaction
) -> None:
    _, page = give_password(app, "rik")
    page = page.follow("Maak een passkey")
    # The same credential twice, an answer to no question, and one that was given on another site.
    for each in (device, Authenticator(origin="https://evil.example"), Authenticator(flags=PRESENT)):
        assert "Het lukte niet om een passkey te maken." in make(page, each, status=422).text
    form = page.form("Maak een passkey").fill({"Naam van deze passkey": "x" * 61})
    assert form.submit(status=422).errors == {"name": "Kies een naam van 60 tekens of minder."}
    with transaction() as session:
        assert len(session.scalars(select(Passkey)).all()) == 1


@pytest.mark.parametrize(
    ("base_url", "origin"),
    [
        ("https://contact.example.nl", "https://contact.example.nl"),
        ("https://contact.example.nl:8443/pad", "https://contact.example.nl:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://contact.example.nl", None),
        ("http://127.0.0.1:8000", None),
        ("https://192.0.2.1", None),
        ("https://[2001:db8::1]", None),
    ],
)
def test_passkeys_are_offered_where_browsers_have_them(
    make_settings: MakeSettings, base_url: str, origin: str | None
) -> None:
    site = Site.of(make_settings(base_url=base_url))
    assert (site.origin if site else None) == origin


def test_where_there_can_be_none_no_page_names_them(make_settings: MakeSettings) -> None:
    with running(make_settings(base_url="http://127.0.0.1:8000", second_factor=True)) as app:
        visitor, page = give_password(app)
        assert "passkey" not in page.text.lower()
        visitor.open("/inloggen/passkey/nieuw", status=404)
        assert "passkey" not in visitor.open("/inloggen").text.lower()
