"""What a key opens and what it does not: every call with every scope, in whose name, and for how long."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from consult import clock
from consult.people.keys.models import ApiKey
from consult.people.models import Advisor
from tests.api.conftest import bearer, key_with
from tests.support import rows
from tests.web.access import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.support.apps import Transaction

pytestmark = pytest.mark.usefixtures("firm")

OPENED_BY = {
    "api: looks": {"read", "desk"},
    "api: acts": {"desk"},
    "api: keeps": {"read", "admin"},
    "api: people": {"admin"},
}
SCOPES = ("read", "write", "desk", "admin")


def doors(app: Flask, name: str) -> Iterator[tuple[str, str, str]]:
    """Method, address and endpoint of every call of a class."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in CLASSES[name]:
            named = rule.rule.replace("<reference>", "C-2026-0001")
            for method in (rule.methods or set()) & {"GET", "POST"}:
                yield method, re.sub(r"<[^>]+>", "1", named), rule.endpoint


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_opens_what_its_scope_says_and_nothing_else(
    app: Flask, client: FlaskClient, transaction: Transaction, scope: str
) -> None:
    headers = bearer(key_with(transaction, scope))
    for name, opened_by in OPENED_BY.items():
        for method, path, endpoint in doors(app, name):
            answer = client.open(path, method=method, headers=headers, json={} if method == "POST" else None)
            if scope in opened_by:
                assert answer.status_code in {200, 404, 422}, endpoint
            else:
                assert (answer.status_code, answer.mimetype) == (403, "application/problem+json"), endpoint
                assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def test_every_call_that_asks_for_a_key_says_so(app: Flask, client: FlaskClient) -> None:
    for name in OPENED_BY:
        for method, path, endpoint in doors(app, name):
            answer = client.open(path, method=method, json={} if method == "POST" else None)
            assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), endpoint
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="consult"'


def test_who_reads_may_not_send_in_and_who_sends_in_may_see_the_public_lists(
    client: FlaskClient, transaction: Transaction
) -> None:
    question = {"question": "Hoe?", "name": "Joke", "email": "joke@gemeente.nl"}
    tried = {}
    for scope in SCOPES:
        headers = bearer(key_with(transaction, scope))
        assert client.get("/api/v1/advisors", headers=headers).status_code == 200
        tried[scope] = client.post("/api/v1/enquiries", json=question, headers=headers).status_code
    assert tried == {"read": 403, "write": 201, "desk": 403, "admin": 403}


@pytest.mark.parametrize(
    ("told", "header"),
    [
        ("another key", "Bearer consult_" + "x" * 43),
        ("no key", "Bearer "),
        ("a password", "Basic am9rZTpnZWhlaW0="),
        ("letters with an accent", "Bearer consult_" + "é" * 43),
        ("very long", "Bearer " + "x" * 5000),
    ],
    ids=lambda value: value if len(value) < 30 else "",
)
def test_a_key_that_is_none_is_refused_even_where_none_is_needed(
    client: FlaskClient, told: str, header: str
) -> None:
    for path in ("advisors", "enquiries"):
        answer = client.get(f"/api/v1/{path}", headers={"Authorization": header.encode().decode("latin-1")})
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), told


def test_a_key_works_up_to_its_last_day(client: FlaskClient, transaction: Transaction) -> None:
    headers = bearer(key_with(transaction, "read", expires_on=date(2026, 11, 19)))
    assert client.get("/api/v1/enquiries", headers=headers).status_code == 200
    clock.start_at(rows.NOW + timedelta(days=1))
    assert client.get("/api/v1/enquiries", headers=headers).status_code == 200
    clock.start_at(rows.NOW + timedelta(days=2))
    assert client.get("/api/v1/enquiries", headers=headers).status_code == 401


def test_a_key_in_the_name_of_an_advisor_works_for_as_long_as_the_advisor(
    client: FlaskClient, transaction: Transaction
) -> None:
    headers = bearer(key_with(transaction, "read", of="mirte"))
    assert client.get("/api/v1/enquiries", headers=headers).status_code == 200
    with transaction() as session:
        session.execute(update(Advisor).where(Advisor.slug == "mirte").values(active=False))
    assert client.get("/api/v1/enquiries", headers=headers).status_code == 401


@pytest.mark.both_databases
def test_of_the_use_of_a_key_only_the_day_is_kept_and_of_the_key_only_a_hash(
    client: FlaskClient, transaction: Transaction
) -> None:
    text = key_with(transaction, "read")
    for _ in range(2):
        assert client.get("/api/v1/enquiries", headers=bearer(text)).status_code == 200
    with transaction() as session:
        kept = session.scalars(select(ApiKey)).one()
        assert kept.used_on == date(2026, 11, 18)
        assert text not in {str(getattr(kept, column.key)) for column in ApiKey.__table__.columns}
        assert len(kept.beginning) == 12
        assert text.startswith(kept.beginning)
