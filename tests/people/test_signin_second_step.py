from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest
from sqlalchemy import select

from consult import clock
from consult.people.accounts import Account, RoleName
from consult.people.signin import create_account
from consult.people.signin.models import RecoveryCode, SignIn
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction
    from tests.support.pages import Page

PASSWORD = "een lange wachtzin"
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    return make_settings(second_factor=True, clock=NOW)


@pytest.fixture(autouse=True)
def anna(transaction: Transaction) -> None:
    with transaction() as session:
        create_account(session, "anna@example.nl", PASSWORD, {RoleName.COORDINATOR}, now=NOW)


def give_password(visitor: Visitor, at: str = "/beheer/regels") -> Page:
    form = visitor.open(at).form("Log in")
    return form.fill({"E-mailadres": "anna@example.nl", "Wachtwoord": PASSWORD}).submit()


def code(page: Page) -> tuple[str, str]:
    """The key on this page, and what an app that learned it shows now."""
    key = next(page.tree.all("code")).text.replace(" ", "")
    return key, pyotp.TOTP(key).at(clock.now())


def later(seconds: int) -> None:
    clock.start_at(clock.now() + timedelta(seconds=seconds))


@pytest.fixture
def key(visitor: Visitor) -> str:
    """Anna set up her telephone; gives the key in it."""
    page = give_password(visitor)
    key, typed = code(page)
    page.form("Bewaar").fill({"Code van 6 cijfers": typed}).submit()
    later(60)
    return key


def test_who_has_no_telephone_set_up_does_so_before_coming_in(visitor: Visitor) -> None:
    page = give_password(visitor)
    assert page.heading == "Uw telefoon instellen"
    assert visitor.open("/werkplek/").heading == "Uw telefoon instellen"
    assert visitor.client.post("/beheer/regels/bewaar").status_code == 403
    wrong = page.form("Bewaar").fill({"Code van 6 cijfers": "000000"}).submit(status=422)
    assert "Deze code klopt niet" in wrong.text
    key, typed = code(wrong)
    assert key == code(page)[0]
    done = wrong.form("Bewaar").fill({"Code van 6 cijfers": f"{typed[:3]} {typed[3:]}"}).submit()
    assert done.heading == "Uw herstelcodes"
    assert len(list(done.tree.all("code"))) == 10
    assert done.follow("Ik heb de codes bewaard").address == "/beheer/regels"


def test_after_the_password_comes_the_code_and_then_the_page_that_was_asked_for(app: Flask, key: str) -> None:
    visitor = Visitor(app.test_client())
    page = give_password(visitor)
    assert page.heading == "Uw code"
    assert visitor.open("/werkplek/aanmeldingen/").heading == "Uw code"
    page = page.form("Ga verder").fill({"Code van 6 cijfers": pyotp.TOTP(key).at(clock.now())}).submit()
    assert page.address == "/beheer/regels"


@pytest.mark.both_databases
def test_a_code_is_used_once_and_none_before_it_after_that(app: Flask, key: str) -> None:
    totp = pyotp.TOTP(key)
    typed, earlier = totp.at(clock.now()), totp.at(clock.now() - timedelta(seconds=30))
    first = give_password(Visitor(app.test_client())).form("Ga verder")
    first.fill({"Code van 6 cijfers": typed}).submit()
    again = give_password(Visitor(app.test_client())).form("Ga verder")
    for used in (typed, earlier, totp.at(clock.now() + timedelta(minutes=5)), "", "x" * 400):
        page = again.fill({"Code van 6 cijfers": used}).submit(status=422)
        assert page.errors == {
            "code": "Deze code klopt niet, of is al gebruikt. Typ de code die nu in uw app staat."
        }


@pytest.mark.both_databases
def test_a_recovery_code_works_once_and_is_kept_as_a_hash(
    app: Flask, visitor: Visitor, transaction: Transaction
) -> None:
    page = give_password(visitor)
    done = page.form("Bewaar").fill({"Code van 6 cijfers": code(page)[1]}).submit()
    recovery = next(iter(done.tree.all("code"))).text
    with transaction() as session:
        assert all(len(row.code_hash) == 64 for row in session.scalars(select(RecoveryCode)))
        assert recovery not in str([vars(row) for row in session.scalars(select(RecoveryCode))])
    for status in (200, 422):
        form = give_password(Visitor(app.test_client())).form("Ga verder")
        form.fill({"Herstelcode": recovery.upper()}).submit(status=status)


def test_the_secret_is_sealed_in_the_database(key: str, transaction: Transaction) -> None:
    with transaction() as session:
        sealed = session.scalars(select(Account)).one().totp_secret
    assert sealed is not None
    assert key not in sealed


def test_a_password_alone_waits_a_quarter_of_an_hour_for_the_code(app: Flask, key: str) -> None:
    visitor = Visitor(app.test_client())
    give_password(visitor)
    later(15 * 60 + 1)
    assert visitor.open("/werkplek/").heading == "Inloggen"


def test_guessing_codes_ends_after_ten(make_settings: MakeSettings, app: Flask, key: str) -> None:
    from tests.support.apps import running

    with running(make_settings(second_factor=True, ratelimit_enabled=True, clock=clock.now())) as limited:
        form = give_password(Visitor(limited.test_client())).form("Ga verder")
        for _ in range(10):
            form.fill({"Code van 6 cijfers": "000000"}).submit(status=422)
        form.fill({"Code van 6 cijfers": pyotp.TOTP(key).at(clock.now())}).submit(status=429)


def test_another_telephone_asks_the_password_first_and_ends_the_old_one(visitor: Visitor, key: str) -> None:
    later(15 * 60)
    page = visitor.open("/werkplek/aanmeldingen/").follow("Stel een andere telefoon in")
    assert page.heading == "Bent u het nog?"
    page = page.form("Ga verder").fill({"Wachtwoord": "iets heel anders"}).submit(status=422)
    page = page.form("Ga verder").fill({"Wachtwoord": PASSWORD}).submit()
    assert page.heading == "Uw telefoon instellen"
    assert code(page)[0] != key
    assert (
        page.form("Bewaar").fill({"Code van 6 cijfers": code(page)[1]}).submit().heading == "Uw herstelcodes"
    )


def test_a_demonstration_asks_no_code(make_settings: MakeSettings) -> None:
    from consult.people.signin.guarding import asks_second_step

    nobody = Account(email="rik@example.nl")
    assert asks_second_step(nobody, make_settings(second_factor=True))
    assert not asks_second_step(nobody, make_settings(second_factor=True, demo=True))
    assert asks_second_step(Account(totp_secret="x"), make_settings(second_factor=False))


def test_what_is_half_signed_in_is_told_apart_in_the_database(
    app: Flask, key: str, transaction: Transaction
) -> None:
    give_password(Visitor(app.test_client()))
    with transaction() as session:
        proved = session.scalars(select(SignIn.proved_at).order_by(SignIn.id)).all()
    assert [each is None for each in proved] == [False, True]
