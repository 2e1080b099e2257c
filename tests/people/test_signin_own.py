from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult import clock
from consult.people.accounts import Account, RoleName
from consult.people.signin import create_account
from consult.people.signin.keeping import KEPT, browser_words
from consult.people.signin.models import SignIn
from consult.people.signin.passwords import is_guessable
from tests.support.apps import running
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction
    from tests.support.pages import Page

PASSWORD = "een lange wachtzin"
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
OWN = "/werkplek/aanmeldingen/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1"


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    return make_settings(clock=NOW)


@pytest.fixture(autouse=True)
def people(transaction: Transaction) -> None:
    with transaction() as session:
        for name in ("anna", "rik"):
            create_account(session, f"{name}@example.nl", PASSWORD, {RoleName.COORDINATOR}, now=NOW)


def enter(app: Flask, browser: str = FIREFOX, name: str = "anna") -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.client.environ_base.update({"HTTP_USER_AGENT": browser, "REMOTE_ADDR": "192.0.2.77"})
    page = visitor.open("/inloggen")
    page.form("Log in").fill({"E-mailadres": f"{name}@example.nl", "Wachtwoord": PASSWORD}).submit()
    return visitor


def prove(page: Page) -> Page:
    assert page.heading == "Bent u het nog?"
    return page.form("Ga verder").fill({"Wachtwoord": PASSWORD}).submit()


@pytest.mark.both_databases
def test_somebody_sees_where_and_ends_one_or_all_others(app: Flask) -> None:
    here, phone, other = enter(app), enter(app, PHONE), enter(app)
    page = here.open(OWN)
    assert "Firefox, Linux deze browser" in page.text
    assert "Safari, iPhone" in page.text
    assert "192.0.2.0/24" in page.text
    assert "192.0.2.77" not in page.body
    shown = next(form for form in page.tree.all("form") if "beeindigen" in form.get("action"))
    assert shown is not None
    here.client.post(shown.get("action"), data={"csrf_token": page.form("Uitloggen").values["csrf_token"]})
    assert [v.open("/beheer/").heading == "Inloggen" for v in (here, phone, other)] == [False, False, True]
    here.open(OWN).form("Log overal uit, behalve hier").submit()
    assert [v.open("/beheer/").heading == "Inloggen" for v in (here, phone)] == [False, True]


def test_ending_asks_who_it_is_again_after_a_quarter_of_an_hour(app: Flask) -> None:
    here, phone = enter(app), enter(app, PHONE)
    clock.start_at(NOW + timedelta(minutes=15, seconds=1))
    page = here.open(OWN).form("Log overal uit, behalve hier").submit()
    assert phone.open("/beheer/").heading != "Inloggen"
    page = prove(page)
    assert page.address == OWN
    page.form("Log overal uit, behalve hier").submit()
    assert phone.open("/beheer/").heading == "Inloggen"


def test_nobody_ends_what_a_colleague_signed_in(app: Flask, transaction: Transaction) -> None:
    here, rik = enter(app), enter(app, name="rik")
    with transaction() as session:
        account = session.scalars(select(Account).where(Account.email == "rik@example.nl")).one()
        number = session.scalars(select(SignIn.id).where(SignIn.account_id == account.id)).one()
    token = here.open(OWN).form("Uitloggen").values["csrf_token"]
    answer = here.client.post(f"{OWN}{number}/beeindigen", data={"csrf_token": token})
    assert answer.status_code == 404
    assert rik.open("/beheer/").heading != "Inloggen"


def test_a_cookie_that_was_copied_is_worth_nothing_after_signing_out(app: Flask) -> None:
    here = enter(app)
    copied = here.client.get_cookie("werkplek")
    assert copied is not None
    here.open(OWN).form("Uitloggen").submit()
    thief = Visitor(app.test_client())
    thief.client.set_cookie("werkplek", copied.value)
    assert thief.open("/beheer/").heading == "Inloggen"


def test_another_password_ends_every_sign_in(app: Flask) -> None:
    here, phone = enter(app), enter(app, PHONE)
    page = here.open(OWN).follow("Kies een ander wachtwoord")
    short = page.form("Bewaar wachtwoord").fill({"Nieuw wachtwoord": "elf tekens!"}).submit(status=422)
    assert "Kies een wachtwoord van 12 tekens of meer." in short.text
    assert phone.open("/beheer/").heading != "Inloggen"
    done = short.form("Bewaar wachtwoord").fill({"Nieuw wachtwoord": "iets met een kip erin"}).submit()
    assert "Uw wachtwoord is bewaard. Log er nu mee in." in done.text
    assert [v.open("/beheer/").heading for v in (here, phone)] == ["Inloggen", "Inloggen"]


def test_only_looking_writes_nothing_and_sending_tells_when(app: Flask, transaction: Transaction) -> None:
    def seen() -> datetime:
        with transaction() as session:
            return session.scalars(select(SignIn.seen_at)).one()

    here = enter(app)
    began = seen()
    clock.start_at(NOW + timedelta(minutes=10))
    token = here.open(OWN).form("Uitloggen").values["csrf_token"]
    assert seen() == began
    here.client.post(f"{OWN}andere/beeindigen", data={"csrf_token": token})
    assert seen() - began > timedelta(minutes=9)


def test_what_is_long_past_is_forgotten_at_the_next_sign_in(app: Flask, transaction: Transaction) -> None:
    enter(app)
    clock.start_at(NOW + KEPT + timedelta(days=1))
    enter(app)
    with transaction() as session:
        (kept,) = session.scalars(select(SignIn.created_at))
        assert kept > NOW + KEPT


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox, Linux"),
        (PHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_its_owner_would(user_agent: str, words: str) -> None:
    assert browser_words(user_agent) == words


@pytest.mark.parametrize(
    ("password", "guessable"),
    [
        ("wachtwoord123", True),
        ("Welkom2026!!!", True),
        ("123456789012", True),
        ("aaaaaaaaaaaa", True),
        ("qwertyuiop12", True),
        ("passwordpassword", True),
        ("anna.smit2026", True),
        ("Herfst2026!!", True),
        ("een lang wachtwoord", False),
        ("kip paard stoel", False),
        ("fqzr-mbtw-kdpl-xvhs", False),
    ],
)
def test_what_everybody_guesses_first_is_no_password(password: str, guessable: bool) -> None:  # noqa: FBT001 (a table's column)
    assert is_guessable(password, "anna.smit@example.nl") is guessable


def test_an_unknown_address_is_refused_in_the_same_time(make_settings: MakeSettings) -> None:
    """Of the processor: what others do on this machine does not count. Real hashing takes most of it."""
    with running(make_settings(testing=False, clock=None)) as app:
        with app.app_context():
            from consult.database import db

            create_account(db.session, "known@example.nl", PASSWORD, {RoleName.ADVISOR}, now=NOW)
            create_account(db.session, "invited@example.nl", None, {RoleName.ADVISOR}, now=NOW)
            db.session.commit()
        form = Visitor(app.test_client()).open("/inloggen").form("Log in")
        taken: dict[str, list[float]] = {name: [] for name in ("known", "unknown", "invited")}
        for _ in range(7):
            for name, seconds in taken.items():
                began = process_time()
                form.fill({"E-mailadres": f"{name}@example.nl", "Wachtwoord": "mis mis mis"})
                form.submit(status=422)
                seconds.append(process_time() - began)
    known, unknown, invited = (median(taken[name]) for name in ("known", "unknown", "invited"))
    for other in (unknown, invited):
        assert abs(known - other) < max(0.3 * known, 0.003), taken
