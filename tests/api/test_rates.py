"""How much may be asked, and what every answer tells about it; in Dutch and in English."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.api.models import IdempotentAnswer
from tests.api.conftest import bearer, key_with
from tests.support import rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction

pytestmark = pytest.mark.usefixtures("firm")

QUESTION = {"question": "Hoe begin ik?", "name": "Joke Jansen", "email": "joke@gemeente.nl"}


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    return make_settings(clock=rows.NOW, ratelimit_enabled=True)


def test_an_address_may_ask_five_times_an_hour_and_a_key_lifts_that(
    client: FlaskClient, transaction: Transaction
) -> None:
    left = []
    for _ in range(5):
        answer = client.post("/api/v1/enquiries", json=QUESTION)
        assert answer.status_code == 201
        left.append((answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Remaining"]))
    assert left[0] == ("5", "4")
    assert left[-1] == ("5", "0")
    full = client.post("/api/v1/enquiries", json=QUESTION)
    assert (full.status_code, full.mimetype) == (429, "application/problem+json")
    assert 0 < int(full.headers["Retry-After"]) <= 3601
    headers = bearer(key_with(transaction, "write", per_minute=7))
    told = [client.post("/api/v1/enquiries", json=QUESTION, headers=headers) for _ in range(8)]
    assert [each.status_code for each in told] == [201] * 7 + [429]
    assert [int(each.headers["RateLimit-Remaining"]) for each in told] == [6, 5, 4, 3, 2, 1, 0, 0]
    assert {each.headers["RateLimit-Limit"] for each in told} == {"7"}
    assert 0 < int(told[-1].headers["Retry-After"]) <= 60
    other = bearer(key_with(transaction, "write"))
    assert client.post("/api/v1/enquiries", json=QUESTION, headers=other).status_code == 201


def test_a_key_that_does_not_work_lifts_nothing(client: FlaskClient) -> None:
    wrong = bearer("consult_" + "x" * 43)
    answers = [client.get("/api/v1/topics", headers=wrong).status_code for _ in range(301)]
    assert set(answers[:300]) == {401}
    assert answers[300] == 429


@pytest.mark.parametrize(
    ("method", "path", "nl", "en"),
    [
        ("GET", "/api/v1/onzin", "Dit bestaat niet.", "This does not exist."),
        (
            "DELETE",
            "/api/v1/topics",
            "Dit kan hier niet. De header Allow zegt wat wel kan.",
            "This cannot be done here. The header Allow tells what can.",
        ),
        (
            "GET",
            "/api/v1/enquiries",
            "Deze aanroep vraagt een API-sleutel die geldig is.",
            "This call asks for an API key that is valid.",
        ),
    ],
)
def test_a_fault_is_told_in_the_language_that_is_asked(
    client: FlaskClient, method: str, path: str, nl: str, en: str
) -> None:
    for language, words in (("nl", nl), ("en", en), ("fr", nl)):
        answer = client.open(path, method=method, headers={"Accept-Language": language})
        assert answer.get_json()["detail"] == words
        assert answer.headers["Content-Language"] == ("en" if language == "en" else "nl")
        assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("told", "kind", "encoding", "body"),
    [
        ("a form", "application/x-www-form-urlencoded", None, b"question=?"),
        ("plain text", "text/plain", None, b"{}"),
        ("compressed", "application/json", "gzip", gzip.compress(b'{"question": "' + b"?" * 200_000 + b'"}')),
        ("said to be compressed", "application/json", "br", b"{}"),
    ],
)
def test_what_is_no_plain_json_is_not_read(
    client: FlaskClient, told: str, kind: str, encoding: str | None, body: bytes
) -> None:
    headers = {"Content-Encoding": encoding} if encoding else {}
    answer = client.post("/api/v1/enquiries", data=body, content_type=kind, headers=headers)
    assert (answer.status_code, answer.mimetype) == (415, "application/problem+json"), told
    assert answer.headers["Accept-Encoding" if encoding else "Accept-Post"]


def test_who_sends_thirty_thousand_wrong_names_is_told_of_twenty(client: FlaskClient) -> None:
    body = json.dumps({f"a{number}": 1 for number in range(20_000)})
    answer = client.post("/api/v1/enquiries", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert len(answer.get_json()["errors"]) == 20


@pytest.mark.both_databases
def test_a_kept_answer_tells_nobody_the_private_link_that_it_holds(
    client: FlaskClient, transaction: Transaction
) -> None:
    headers = {"Idempotency-Key": "sleutel-van-de-aanroeper"}
    answer = client.post("/api/v1/enquiries", json=QUESTION, headers=headers).get_json()
    with transaction() as session:
        kept = session.scalars(select(IdempotentAnswer)).one()
        stored = json.dumps([kept.key, kept.route, kept.body_hash, kept.answer])
        sealed = dict(kept.answer)
    assert answer["statusUrl"].rpartition("/")[2] not in stored
    assert headers["Idempotency-Key"] not in stored
    assert sealed.keys() == {"reference", "sealed"}
    assert sealed["reference"] == answer["reference"]
    assert client.post("/api/v1/enquiries", json=QUESTION, headers=headers).get_json() == answer


def test_the_same_key_of_two_programs_is_two_calls(client: FlaskClient, transaction: Transaction) -> None:
    repeat = {"Idempotency-Key": "1"}
    numbers = {
        client.post("/api/v1/enquiries", json=QUESTION, headers=repeat | who).get_json()["reference"]
        for who in ({}, bearer(key_with(transaction, "write")), bearer(key_with(transaction, "write")))
    }
    assert len(numbers) == 3


@pytest.mark.parametrize("key", ["", " ", "é", "k" * 256, "a b"])
def test_a_key_that_is_none_is_a_bad_request(client: FlaskClient, key: str) -> None:
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    answer = client.post("/api/v1/enquiries", json=QUESTION, headers=headers)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
