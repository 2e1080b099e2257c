"""The database is gone in the middle of a visit: the page says that nothing was saved, and whom to call."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import event

from consult.database import db
from tests.support import rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from consult.settings import Settings
    from tests.support.apps import Transaction
    from tests.support.pages import Form, Page, Visitor


@pytest.fixture
def form(transaction: Transaction, visitor: Visitor) -> Form:
    """A question that is typed and not yet sent."""
    with transaction() as session:
        rows.create_advisor(session)
    form = visitor.open("/vraag").form("Verstuur uw vraag")
    return form.fill({"Uw vraag": "Hoe begin ik?", "Uw naam": "Joke", "Uw e-mailadres": "joke@gemeente.nl"})


def says_that_nothing_was_saved(page: Page) -> None:
    assert page.heading == "Het lukt nu even niet"
    assert "Wij hebben niets opgeslagen." in page.text
    assert page.link("020 123 4567") == "tel:+31201234567"
    assert page.response.headers["Retry-After"] == "30"
    assert page.response.headers["Cache-Control"] == "no-store"


@pytest.fixture
def impatient(app: Flask) -> Iterator[None]:
    """Let the connections of this app wait a moment, not ten seconds."""

    def hurry(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout=20")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "connect", hurry)
    engine.dispose()
    yield
    event.remove(engine, "connect", hurry)


@pytest.mark.sqlite
@pytest.mark.usefixtures("impatient")
def test_a_database_that_somebody_else_keeps_locked(form: Form, instance: Path) -> None:
    other = sqlite3.connect(instance / "consult.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    page = form.submit(status=503)
    says_that_nothing_was_saved(page)
    assert "Wat u schreef, is niet weg." in page.text
    again = page.form("Probeer opnieuw")
    assert again.value("Uw tekst") == "Hoe begin ik?"
    other.execute("ROLLBACK")
    other.close()
    assert again.submit().heading == "Wij hebben uw vraag"


@pytest.mark.sqlite
def test_a_database_file_that_is_no_database(
    app: Flask, form: Form, visitor: Visitor, instance: Path
) -> None:
    with app.app_context():
        db.engine.dispose()
    for left in instance.glob("consult.sqlite3-*"):
        left.unlink()
    (instance / "consult.sqlite3").write_bytes(b"no database at all, just some text" * 200)
    says_that_nothing_was_saved(form.submit(status=503))
    says_that_nothing_was_saved(visitor.open("/", status=503))


@pytest.mark.sqlite
def test_a_database_without_our_tables(app: Flask, form: Form, instance: Path) -> None:
    with app.app_context():
        db.engine.dispose()
    for left in instance.glob("consult.sqlite3*"):
        left.unlink()
    says_that_nothing_was_saved(form.submit(status=503))


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_server_that_takes_no_connections(
    app: Flask, form: Form, postgres_socket: str, settings: Settings
) -> None:
    name = settings.database.split("/")[3].partition("?")[0]
    with psycopg.connect(host=postgres_socket, user="consult", dbname="postgres", autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        says_that_nothing_was_saved(form.submit(status=503))
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
    assert form.submit().heading == "Wij hebben uw vraag"


@pytest.mark.sqlite
@pytest.mark.usefixtures("form", "impatient")
def test_the_api_says_it_as_a_problem(app: Flask, instance: Path) -> None:
    other = sqlite3.connect(instance / "consult.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    body = {"question": "Hoe?", "name": "Joke", "email": "joke@gemeente.nl"}
    answer = app.test_client().post("/api/v1/enquiries", json=body)
    other.close()
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "30"
