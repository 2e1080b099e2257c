"""What a public page weighs and asks of the database (UX.md, Look), in a firm of six people, four of them on a page."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event

from consult.booking.models import Place
from consult.database import db
from tests.support import group_rows, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from consult.settings import Settings
    from tests.support.apps import MakeSettings, Transaction

KB = 1024
STYLED, WITHOUT_PHOTOS, STATEMENTS = 25 * KB, 60 * KB, 10
PLAIN = (
    "/",
    "/p/inclusie",
    "/vraag?pagina=inclusie",
    "/embed/inclusie",
    "/afspraak",
    "/afspraak/rik?pagina=inclusie",
    "/afspraak?vanaf=2026-11-23",
    "/afspraak/rik?vanaf=2026-11-23",
    "/afspraak/rik?slot=2026-11-19T09:00:00Z",
    "/privacy",
    "/toegankelijkheid",
    "/onbekend",
)
OWN = ("", "?nieuw=1", "/verzetten", "/verzetten?vanaf=2026-11-23", "/afzeggen", "/voorstellen")
NAMES = ("Rik", "Mirte", "Sam", "Noor", "Joan", "Defne")
LOADED = re.compile(r'<(?:link rel="stylesheet"|script[^>]*?|link rel="icon"[^>]*?) (?:href|src)="([^"]+)"')


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """A Wednesday morning."""
    return make_settings(clock=rows.NOW)


@pytest.fixture
def addresses(transaction: Transaction, settings: Settings) -> list[str]:
    """Every kind of public page, in a firm of six people and six topics, with a question and a talk."""
    with transaction() as session:
        topics = [
            rows.create_topic(session, name) for name in ("Wijk", "School", "Werk", "Zorg", "Net", "Straat")
        ]
        people = [
            rows.create_advisor(
                session,
                f"{name} van den Berg",
                phone="+31201234501",
                whatsapp="+31612345601",
                topics=topics[:3],
            )
            for name in NAMES
        ]
        rows.create_page(
            session, "inclusie", advisors=people[:4], topic=topics[0], intro="Lees dit eerst. " * 8
        )
        kind = rows.create_meeting_type(session, places=[Place.VIDEO, Place.PHONE, Place.VISIT])
        asked = rows.ask(session, settings).token
        booked = rows.book(session, settings, kind, people[:1], datetime(2026, 11, 26, 9, tzinfo=UTC)).token
        group = group_rows.plan(session, settings, (people[0],))
        return [
            *PLAIN,
            f"/v/{asked}",
            f"/v/{asked}/ontvangen",
            *(f"/a/{booked}{more}" for more in OWN),
            f"/bijeenkomst/{group.slug}",
        ]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL statements that are run inside."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SET ")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def weight(client: FlaskClient, address: str) -> int:
    with client.get(address) as answer:
        return len(answer.get_data())


def test_a_public_page_is_light(client: FlaskClient, addresses: list[str]) -> None:
    heavy = {}
    for address in addresses:
        page = client.get(address).get_data(as_text=True)
        loaded = {found: weight(client, found) for found in LOADED.findall(page)}
        styles = sum(size for found, size in loaded.items() if ".css" in found)
        assert styles > 5 * KB, f"{address} loads no style sheet: what does LOADED look for?"
        own = len(page.encode())
        if own + styles > STYLED or own + sum(loaded.values()) > WITHOUT_PHOTOS:
            heavy[address] = (own, loaded)
    assert heavy == {}


@pytest.mark.both_databases
def test_a_public_page_asks_little_of_the_database(
    app: Flask, client: FlaskClient, addresses: list[str]
) -> None:
    many = {}
    for address in addresses:
        with app.app_context():
            db.session.remove()
        with counted() as statements:
            client.get(address)
        if len(statements) > STATEMENTS:
            many[address] = statements
    assert {address: len(statements) for address, statements in many.items()} == {}, many
