"""What the firm promises about safety and what no other test holds; tests/house/trust_lines.py has the whole list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from flask import request

from consult import clock
from consult.web.text import LENGTHS
from tests.support import rows
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.support.apps import MakeSettings, Transaction

FORMS = ("/vraag", "/afspraak/rik?slot=2026-11-19T09:00:00Z", "/embed/polarisatie")


@pytest.fixture
def firm(transaction: Transaction) -> None:
    """Rik, a page, and a kind of talk."""
    with transaction() as session:
        rik = rows.create_advisor(session)
        rows.create_page(session, advisors=[rik])
        rows.create_meeting_type(session)


def test_the_date_in_security_txt_renews_itself(client: FlaskClient) -> None:
    for later in (timedelta(0), timedelta(days=400)):
        clock.start_at(rows.NOW + later)
        told = dict(
            line.split(": ", 1)
            for line in client.get("/.well-known/security.txt").get_data(as_text=True).splitlines()
        )
        left = datetime.fromisoformat(told["Expires"]) - clock.now()
        # RFC 9116 2.5.5 asks for less than a year.
        assert timedelta(days=30) < left < timedelta(days=366)
        assert told["Contact"].startswith("mailto:")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
    ],
    ids=[
        "nobody is believed by default",
        "the one proxy",
        "what somebody put before it is not",
        "two proxies",
    ],
)
def test_an_address_is_believed_of_exactly_so_many_proxies(
    make_settings: MakeSettings, proxies: int, forwarded: str, seen: str
) -> None:
    from consult.app import create_app

    app = create_app(make_settings(trusted_proxies=proxies))
    found: list[str | None] = []
    app.before_request(lambda: found.append(request.remote_addr))
    app.test_client().get("/robots.txt", headers={"X-Forwarded-For": forwarded})
    assert found == [seen]


def test_html_is_not_compressed(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in answer.headers


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize("address", FORMS)
def test_a_visitor_can_send_no_file_and_the_trap_hurts_nobody(app: Flask, address: str) -> None:
    page = Visitor(app.test_client()).open(address)
    kinds = {field.get("type") for field in page.tree.all("input")}
    assert "file" not in kinds
    assert not any("multipart" in form.get("enctype") for form in page.tree.all("form"))
    traps = [each for each in page.tree.all("div") if "pot" in each.get("class").split()]
    for trap in traps:
        assert (trap.get("aria-hidden"), next(trap.all("input")).get("tabindex")) == ("true", "-1")
        assert "leeg" in trap.text.lower()
    assert traps or address.startswith("/afspraak")


def test_the_lengths_that_are_checked_are_those_that_the_api_tells(client: FlaskClient) -> None:
    schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    told = next(
        each["properties"]
        for each in schemas.values()
        if "question" in each.get("properties", {})
        and "email" in each["properties"]
        and "channel" in each["properties"]
        and "reference" not in each["properties"]
    )

    def longest(name: str) -> int | None:
        places = [told[name], *told[name].get("anyOf", ())]
        return next((each["maxLength"] for each in places if "maxLength" in each), None)

    for name in ("question", "name", "email", "phone"):
        assert longest(name) == LENGTHS[name], name
