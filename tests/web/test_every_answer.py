"""What holds for every public answer, whatever it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text

from consult.database import db, looking_only
from tests.support import rows
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@dataclass
class Doors:
    """Every public address, with a question and a talk behind the private ones."""

    enquiry: str
    booking: str

    @property
    def addresses(self) -> tuple[str, ...]:
        """What a visitor may open."""
        return (
            "/",
            "/p/polarisatie",
            "/vraag",
            "/vraag?pagina=polarisatie&adviseur=rik&thema=polarisatie",
            "/p/polarisatie/qr.svg",
            "/oembed?url=http://localhost/p/polarisatie",
            "/gemeenten.json",
            f"/v/{self.enquiry}/gegevens",
            "/gegevens/gewist",
            f"/v/{self.enquiry}",
            f"/v/{self.enquiry}/ontvangen",
            "/afspraak",
            "/afspraak/rik?slot=2026-11-19T09:00:00Z",
            f"/a/{self.booking}",
            f"/a/{self.booking}?nieuw=1",
            f"/a/{self.booking}/verzetten",
            f"/a/{self.booking}/afzeggen",
            f"/a/{self.booking}/afspraak.ics",
            "/privacy",
            "/toegankelijkheid",
            "/robots.txt",
            "/.well-known/security.txt",
            "/huisstijl.css",
            "/api/v1/advisors",
            "/api/v1/slots?meetingType=sparren&from=2026-11-19&to=2026-11-20",
        )


@pytest.fixture
def doors(transaction: Transaction, settings: Settings) -> Doors:
    """A firm with one question and one talk."""
    with transaction() as session:
        topic = rows.create_topic(session)
        rik = rows.create_advisor(session, "Rik de Wit", topics=[topic])
        rows.create_page(session, advisors=[rik], topic=topic)
        kind = rows.create_meeting_type(session)
        asked = rows.ask(session, settings)
        booked = rows.book(session, settings, kind, [rik], datetime(2026, 11, 20, 9, tzinfo=UTC))
        return Doors(asked.token, booked.token)


def test_every_public_door_opens_without_a_cookie_and_with_its_headers(
    client: FlaskClient, doors: Doors
) -> None:
    for address in doors.addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "Set-Cookie" not in answer.headers, address
        assert answer.headers["Content-Security-Policy"] == CSP, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert "Server" not in answer.headers, address


@pytest.mark.parametrize(
    ("told", "method", "address", "status"),
    [
        ("nothing there", "GET", "/onbekend", 404),
        ("nothing there, and a slash", "GET", "/p//", 404),
        ("a style sheet", "GET", "/static/consult.css", 200),
        ("no such file", "GET", "/static/onbekend.css", 404),
        ("out of the folder", "GET", "/static/../consult/app.py", 404),
        ("too much", "POST", "/vraag", 413),
        ("not that way", "DELETE", "/vraag", 405),
        ("an API fault", "GET", "/api/v1/onbekend", 404),
        ("alive", "GET", "/healthz", 200),
    ],
)
def test_headers_are_on_every_answer(
    client: FlaskClient, told: str, method: str, address: str, status: int
) -> None:
    body = b"question=" + b"x" * 300_000 if status == 413 else None
    answer = client.open(address, method=method, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == status, told
    assert answer.headers["Content-Security-Policy"] == CSP
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Permissions-Policy"]
    assert answer.headers["Referrer-Policy"]
    assert "Set-Cookie" not in answer.headers
    answer.close()


def test_a_form_that_is_sent_sets_no_cookie_either(client: FlaskClient, doors: Doors) -> None:
    form = Visitor(client).open("/vraag").form("Verstuur uw vraag")
    data = {name: values[0] for name, values in form.values.items()}
    for answers in ({}, {"question": "Hoe?", "name": "Joke", "email": "joke@gemeente.nl"}):
        answer = client.post("/vraag", data=data | answers)
        assert answer.status_code == (303 if answers else 422)
        assert "Set-Cookie" not in answer.headers


def test_the_private_ones_are_kept_by_nobody(client: FlaskClient, doors: Doors) -> None:
    for address in doors.addresses:
        if address.startswith(("/v/", "/a/")):
            assert client.get(address).headers["Cache-Control"] == "no-store", address


def test_a_host_that_is_not_ours_is_not_answered(client: FlaskClient, doors: Doors) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert b"evil.example" not in client.get("/", headers={"X-Forwarded-Host": "evil.example"}).get_data()


def test_over_tls_a_browser_is_told_to_stay_there(make_settings: MakeSettings) -> None:
    from tests.support.apps import running

    with running(make_settings(base_url="https://contact.example.nl")) as app:
        answer = app.test_client().get("/privacy", base_url="https://contact.example.nl")
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.both_databases
def test_opening_every_page_writes_nothing(app: Flask, client: FlaskClient, doors: Doors) -> None:
    def contents() -> dict[str, list[str]]:
        with app.app_context(), db.engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            return {
                table: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{table}"'))))  # noqa: S608 (names from the database itself)
                for table in tables
            }

    before = contents()
    for address in doors.addresses:
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
    assert contents() == before


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO reference_counter VALUES ('X-2026', 1)",
        "UPDATE advisor SET name = 'x'",
        "DELETE FROM advisor",
    ],
)
def test_a_page_that_only_looks_is_refused_a_write_by_the_database(
    app: Flask, transaction: Transaction, doors: Doors, statement: str
) -> None:
    with app.app_context(), looking_only():
        with pytest.raises(Exception, match=r"(?i)read-?only"):
            db.session.execute(text(statement))
        db.session.rollback()
    with transaction() as session:
        # The same connection writes again once nobody is only looking.
        session.execute(text("UPDATE advisor SET name = 'Iemand anders'"))
    with transaction() as session:
        assert session.scalar(text("SELECT name FROM advisor")) == "Iemand anders"


@pytest.mark.parametrize("address", ["/?taal=en", "/vraag?taal=en", "/afspraak?taal=en", "/onbekend?taal=en"])
def test_a_page_in_english_says_so(client: FlaskClient, doors: Doors, address: str) -> None:
    answer = client.get(address).get_data(as_text=True)
    assert '<html lang="en">' in answer


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("nl", "nl"),
        ("de,fr;q=0.9", "nl"),
        ("en;q=0.5,nl;q=0.9", "nl"),
        ("*", "nl"),
        ("", "nl"),
    ],
)
def test_the_browsers_language_is_spoken_when_we_can(
    client: FlaskClient, doors: Doors, asked: str, language: str
) -> None:
    answer = client.get("/", headers={"Accept-Language": asked}).get_data(as_text=True)
    assert f'<html lang="{language}">' in answer
