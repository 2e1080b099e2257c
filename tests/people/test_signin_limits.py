from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import pytest

from consult.people.accounts import RoleName
from consult.people.signin import create_account
from tests.support import html

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction

PASSWORD = "een lang wachtwoord"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Attempt(Protocol):
    def __call__(self, email: str, password: str, address: str = ...) -> TestResponse: ...


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    return make_settings(ratelimit_enabled=True)


@pytest.fixture(autouse=True)
def colleagues(transaction: Transaction) -> None:
    with transaction() as session:
        for name in ("rik", "mirte"):
            create_account(session, f"{name}@example.nl", PASSWORD, {RoleName.COORDINATOR}, now=NOW)


@pytest.fixture
def attempt(app: Flask) -> Attempt:
    """Try to sign in from an address; gives the answer."""

    def attempt(email: str, password: str, address: str = "192.0.2.1") -> TestResponse:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        page, _ = html.read(client.get("/inloggen").get_data(as_text=True))
        field = page.first("input", name="csrf_token")
        assert field is not None
        token = field.get("value")
        return client.post("/inloggen", data={"csrf_token": token, "email": email, "password": password})

    return attempt


def test_after_five_failures_an_address_has_to_wait_for_that_account(attempt: Attempt) -> None:
    assert [attempt("rik@example.nl", "mis").status_code for _ in range(5)] == [422] * 5
    refused = attempt("rik@example.nl", PASSWORD)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60


def test_capitals_do_not_give_more_attempts(attempt: Attempt) -> None:
    for email in ("rik@example.nl", "RIK@example.nl", " rik@example.nl", "Rik@example.nl", "rIk@example.nl"):
        attempt(email, "mis")
    assert attempt("rik@EXAMPLE.nl", PASSWORD).status_code == 429


def test_nobody_locks_a_colleague_out_from_elsewhere(attempt: Attempt) -> None:
    for _ in range(6):
        attempt("rik@example.nl", "mis")
    assert attempt("rik@example.nl", PASSWORD, "198.51.100.7").status_code == 303


def test_colleagues_behind_one_address_do_not_hinder_each_other(attempt: Attempt) -> None:
    for _ in range(6):
        attempt("rik@example.nl", "mis")
    assert attempt("mirte@example.nl", PASSWORD).status_code == 303


def test_signing_in_well_does_not_count(attempt: Attempt) -> None:
    assert [attempt("rik@example.nl", PASSWORD).status_code for _ in range(25)] == [303] * 25


def test_one_password_on_many_accounts_ends_too(attempt: Attempt) -> None:
    for number in range(20):
        assert attempt(f"somebody{number}@example.nl", "mis").status_code == 422
    assert attempt("mirte@example.nl", PASSWORD).status_code == 429


def test_the_addresses_of_one_ipv6_line_count_as_one(attempt: Attempt) -> None:
    for number in range(5):
        attempt("rik@example.nl", "mis", f"2001:db8:1:2::{number}")
    assert attempt("rik@example.nl", PASSWORD, "2001:db8:1:2:ffff::9").status_code == 429
    assert attempt("rik@example.nl", PASSWORD, "2001:db8:1:3::9").status_code == 303
