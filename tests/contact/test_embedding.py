"""The frame inside another site's page, as far as a client without a browser sees it; and the script for host pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.contact.embedding import as_origin
from consult.contact.models import ContactPage, Enquiry

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.support.apps import Transaction
    from tests.support.pages import Visitor

HOST = "https://www.gemeente.example"


@pytest.fixture
def allowed(firm: None, transaction: Transaction) -> None:
    """The page on polarisation may stand on one site, as a coordinator typed it; one line is no site."""
    del firm
    with transaction() as session:
        page = session.scalars(select(ContactPage).where(ContactPage.slug == "polarisatie")).one()
        page.allowed_sites = [f"{HOST}/", "https://x.example; script-src *"]


@pytest.mark.parametrize(
    ("told", "typed", "origin"),
    [
        ("an origin", HOST, HOST),
        ("a slash at the end and capitals", "https://WWW.gemeente.example/ ", HOST),
        ("a port", "http://localhost:8080", "http://localhost:8080"),
        ("a path names a page, not a site", f"{HOST}/contact", None),
        ("no scheme", "www.gemeente.example", None),
        ("everybody", "*", None),
        ("any name under a name", "https://*.gemeente.example", None),
        ("another directive", "https://x.example; script-src *", None),
        ("a second line", f"{HOST}\nX-Header: 1", None),
        ("a scheme without a host", "data:text/html", None),
    ],
)
def test_a_site_is_one_exact_origin(told: str, typed: str, origin: str | None) -> None:
    assert as_origin(typed) == origin, told


def test_only_the_allowed_sites_may_frame_a_page(client: FlaskClient, allowed: None) -> None:
    mine = client.get("/embed/polarisatie")
    assert f"; frame-ancestors {HOST}" in mine.headers["Content-Security-Policy"]
    assert mine.headers["Content-Security-Policy"].count("script-src") == 1
    assert "X-Frame-Options" not in mine.headers
    assert mine.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in mine.headers
    none = client.get("/embed/inclusie").headers["Content-Security-Policy"]
    assert none.endswith("frame-ancestors 'none'")
    assert client.get("/p/polarisatie").headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


@pytest.mark.parametrize(
    ("told", "site", "back"),
    [
        ("an allowed site", HOST, HOST),
        ("another site", "https://x.example", ""),
        ("no site", "", ""),
        ("a site that breaks out of the attribute", '"><script>', ""),
    ],
)
def test_the_frame_speaks_to_an_allowed_site_only(
    visitor: Visitor, allowed: None, told: str, site: str, back: str
) -> None:
    page = visitor.open(f"/embed/polarisatie?site={site}")
    assert [each.get("data-site") for each in page.tree.all("div") if each.has("data-site")] == (
        [back] if back else []
    ), told


def test_a_question_is_asked_without_leaving_the_frame(
    visitor: Visitor, allowed: None, transaction: Transaction
) -> None:
    page = visitor.open(f"/embed/polarisatie?site={HOST}")
    wrong = page.form("Verstuur uw vraag").submit(status=422)
    assert HOST in wrong.response.headers["Content-Security-Policy"]
    form = wrong.form("Verstuur uw vraag")
    assert form.element.get("target") == "_self"
    form.fill({"question": "Hoe?", "name": "Joke", "email": "joke@gemeente.example"})
    thanks = form.submit()
    assert thanks.heading == "Wij hebben uw vraag"
    assert thanks.address.startswith("/embed/polarisatie/ontvangen/")
    assert thanks.response.headers["Cache-Control"] == "no-store"
    assert HOST in thanks.response.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in thanks.response.headers
    with transaction() as session:
        asked = session.scalars(select(Enquiry)).one()
        page_id = session.scalars(select(ContactPage.id).where(ContactPage.slug == "polarisatie")).one()
        assert asked.page_id == page_id


def test_a_page_that_is_not_there_is_no_frame(client: FlaskClient, firm: None) -> None:
    answer = client.get("/embed/onbekend")
    assert answer.status_code == 404
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_script_is_small_and_kept_for_an_hour(client: FlaskClient) -> None:
    with client.get("/embed.js") as answer:
        assert answer.mimetype == "text/javascript"
        assert len(answer.data) < 3000
        assert answer.cache_control.max_age == 3600
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    with client.get("/embed.js", headers={"If-None-Match": answer.headers["ETag"]}) as again:
        assert again.status_code == 304
