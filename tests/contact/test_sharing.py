"""A contact page passed on: the hand-out and its count, the link card, the QR code, and names to choose from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.contact.models import ContactPage, HandoutCount

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from consult.settings import Settings
    from tests.support.apps import Transaction
    from tests.support.pages import Visitor

ADDRESS = "/p/polarisatie/handreiking"


@pytest.fixture
def handout(firm: None, transaction: Transaction) -> None:
    """The page on polarisation has a hand-out; the other has none."""
    del firm
    with transaction() as session:
        page = session.scalars(select(ContactPage).where(ContactPage.slug == "polarisatie")).one()
        page.handout = "handouts/polarisatie-in-de-wijk.pdf"


def counts(transaction: Transaction) -> list[tuple[date, int, int]]:
    with transaction() as session:
        return [(row.day, row.views, row.downloads) for row in session.scalars(select(HandoutCount))]


def test_a_handout_is_read_and_kept_without_a_wall_and_counted(
    client: FlaskClient, visitor: Visitor, handout: None, transaction: Transaction
) -> None:
    page = visitor.open("/p/polarisatie")
    with client.get(page.link("Bekijk de handreiking")) as shown:
        assert shown.mimetype == "application/pdf"
        assert shown.headers["Content-Disposition"].startswith("inline")
        assert shown.data.startswith(b"%PDF")
    for _ in range(2):
        with client.get(page.link("Download de handreiking")) as kept:
            assert kept.headers["Content-Disposition"].startswith("attachment")
            assert "Set-Cookie" not in kept.headers
    assert counts(transaction) == [(date(2026, 11, 18), 1, 2)]


@pytest.mark.parametrize(
    ("told", "method", "headers"),
    [
        ("a robot that asks for the headers only", "HEAD", {}),
        ("a reader of PDF that fetches a next part", "GET", {"Range": "bytes=100-200"}),
        ("a browser that looks ahead", "GET", {"Sec-Purpose": "prefetch"}),
    ],
)
def test_what_is_not_somebody_who_opens_it_is_not_counted(
    client: FlaskClient,
    handout: None,
    transaction: Transaction,
    told: str,
    method: str,
    headers: dict[str, str],
) -> None:
    with client.open(ADDRESS, method=method, headers=headers) as answer:
        assert answer.status_code in {200, 206}
    assert counts(transaction) == [], told


def test_a_page_without_a_handout_has_none(client: FlaskClient, handout: None) -> None:
    assert client.get("/p/inclusie/handreiking").status_code == 404
    assert "handreiking" not in client.get("/p/inclusie").text


def test_a_page_tells_where_its_link_card_is(visitor: Visitor, firm: None, settings: Settings) -> None:
    page = visitor.open("/p/polarisatie")
    found = [
        each.get("href") for each in page.tree.all("link") if each.get("type") == "application/json+oembed"
    ]
    assert len(found) == 1
    card = visitor.client.get(found[0].removeprefix(settings.base_url)).get_json()
    assert card["type"] == "link"
    assert card["version"] == "1.0"
    assert card["title"] == "Omgaan met polarisatie"
    assert card["provider_name"] == settings.firm_name


@pytest.mark.parametrize(
    ("told", "query", "status"),
    [
        ("the page", "url=http://localhost/p/polarisatie", 200),
        ("the page in English", "url=http://localhost/p/polarisatie?taal=en", 200),
        ("another page of ours", "url=http://localhost/vraag", 404),
        ("a page that is not there", "url=http://localhost/p/onbekend", 404),
        ("another site", "url=https://x.example/p/polarisatie", 404),
        ("nothing", "", 404),
        ("another form", "url=http://localhost/p/polarisatie&format=xml", 501),
    ],
)
def test_a_link_card_is_of_a_contact_page_only(
    client: FlaskClient, firm: None, told: str, query: str, status: int
) -> None:
    assert client.get(f"/oembed?{query}").status_code == status, told


def test_the_qr_code_is_a_drawing_that_names_its_address(client: FlaskClient, firm: None) -> None:
    answer = client.get("/p/polarisatie/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert b"<title>http://localhost/p/polarisatie</title>" in answer.data
    assert b"style=" not in answer.data
    assert client.get("/p/onbekend/qr.svg").status_code == 404


def test_the_names_of_municipalities_are_kept_and_complete(client: FlaskClient) -> None:
    answer = client.get("/gemeenten.json")
    names = answer.get_json()
    assert len(names) >= 342
    assert {"Utrecht", "Den Haag", "'s-Gravenhage", "Súdwest-Fryslân"} <= set(names)
    assert answer.cache_control.public
    again = client.get("/gemeenten.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data
