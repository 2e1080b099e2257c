"""The figures in a real browser: without script on a small phone, by day and by night, on paper, and for axe."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from consult import clock
from consult.contact.models import Enquiry
from consult.office.statistics.showing import SLUGS
from consult.people.accounts import RoleName
from consult.people.models import Advisor
from consult.people.signin import create_account
from tests.e2e.conftest import PASSWORD, transaction
from tests.e2e.test_accessible import looked_at
from tests.support import rows

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.browser import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.proof]
FIGURES = "/beheer/cijfers"


@pytest.fixture
def asked(live_server: LiveServer) -> None:
    """Anna coordinates; questions of two organisations came in over four weeks."""
    settings = live_server.app.extensions["consult"]
    with transaction(live_server) as session:
        now = clock.now()
        create_account(session, "anna@bureau.example", PASSWORD, {RoleName.COORDINATOR}, now=now)
        rik = session.query(Advisor).filter_by(slug="rik").one()
        towns = [
            rows.create_organisation(session, name, province=province).id
            for name, province in (("Ede", "Gelderland"), ("Utrecht", "Utrecht"))
        ]
        for number in range(24):
            enquiry = rows.ask(session, settings, now=now, advisor_id=rik.id).enquiry
            changed = {
                "asked_at": now - timedelta(days=7 + number),
                "answered_at": now - timedelta(days=6 + number),
                "organisation_id": towns[number % 8 == 0],
            }
            session.execute(update(Enquiry).where(Enquiry.id == enquiry.id).values(**changed))


def enter(page: Page) -> None:
    page.goto("/inloggen")
    page.get_by_label("E-mailadres").fill("anna@bureau.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_a_coordinator_without_script_filters_reads_and_takes_a_file_home(
    asked: None, plain_page: Page
) -> None:
    enter(plain_page)
    plain_page.goto(FIGURES)
    plain_page.get_by_label("Periode").select_option("4")
    plain_page.get_by_label("Wat telt mee").select_option(label="Gelderland")
    plain_page.get_by_role("button", name="Laat zien").click()
    assert "Gelderland" in plain_page.locator(".period").inner_text()
    plain_page.get_by_role("link", name="Aantallen").click()
    plain_page.get_by_role("img", name="Vragen per week").wait_for()
    plain_page.locator("summary", has_text="Tabel (Vragen per week)").click()
    assert plain_page.get_by_role("table", name="Vragen per week").is_visible()
    with plain_page.expect_download() as got:
        plain_page.get_by_role("link", name="Download als CSV (Vragen per week)").click()
    assert got.value.suggested_filename.startswith("cijfers-questions-provincie-gelderland-")
    assert plain_page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_chart_is_told_apart_without_colour_and_stays_on_paper(asked: None, page: Page) -> None:
    enter(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{FIGURES}?weken=4")
    chart = page.get_by_role("img", name="Vragen per week")
    # Letters keep their size on every screen; what is drawn stays inside its card.
    assert chart.locator("text").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 12
    box, card = chart.bounding_box(), page.locator(".figure").first.bounding_box()
    assert box
    assert card
    assert box["x"] >= card["x"]
    assert box["x"] + box["width"] <= card["x"] + card["width"]
    page.emulate_media(media="print")
    assert chart.is_visible()
    assert not page.get_by_role("link", name="Download als CSV (Vragen per week)").is_visible()
    page.emulate_media(media="screen", forced_colors="active")
    column = chart.locator("rect.part").first
    assert column.evaluate("e => getComputedStyle(e).stroke") == page.locator("h1").evaluate(
        "e => getComputedStyle(e).color"
    )


def test_axe_finds_nothing_on_the_overview(asked: None, page: Page) -> None:
    enter(page)
    page.goto(FIGURES)
    assert looked_at(page) == []


def test_axe_finds_nothing_on_any_page_of_figures(asked: None, page: Page) -> None:
    enter(page)
    found = []
    for address in ("", *(f"/{slug}" for slug in SLUGS.values())):
        for wish in ("?weken=4", "?weken=52&naast=vorig-jaar&van=provincie-Utrecht"):
            page.goto(f"{FIGURES}{address}{wish}")
            page.evaluate("document.querySelectorAll('.figure details').forEach(each => each.open = true)")
            found += looked_at(page)
    assert found == []
