"""A contact page kept in a real browser: look without leaving, save, put a file on it; and the same without script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from consult import clock
from consult.people.accounts import RoleName
from consult.people.signin import create_account
from tests.contact.test_handout_formats import PDF
from tests.e2e.conftest import PASSWORD, transaction
from tests.e2e.test_accessible import PHONE, looked_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload, Page

    from tests.support.browser import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.proof]
# More than what a visitor may send.
LARGE: FilePayload = {
    "name": "vijf vragen.pdf",
    "mimeType": "application/pdf",
    "buffer": PDF[:40] + b"%x" * 400_000 + PDF[40:],
}
WRONG: FilePayload = {"name": "handreiking.pdf", "mimeType": "application/pdf", "buffer": b"<html>"}


@pytest.fixture(autouse=True)
def anna(live_server: LiveServer) -> None:
    """Anna, who coordinates."""
    with transaction(live_server) as session:
        roles = {RoleName.COORDINATOR}
        create_account(session, "anna@bureau.example", PASSWORD, roles, now=clock.now())


def enter(page: Page, address: str) -> None:
    """Sign in on the way to an address."""
    page.goto(address)
    page.get_by_label("E-mailadres").fill("anna@bureau.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{address}")


def keep(page: Page) -> None:
    """What a coordinator does, the same with script and without."""
    page.get_by_label("Tekst (niet verplicht)").fill("## Begin klein")
    page.get_by_role("button", name="Bekijk een voorbeeld").click()
    expect(page.get_by_role("heading", name="Begin klein")).to_be_visible()
    page.get_by_label("Titel", exact=True).fill("Rustig aan")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_text("Het is bewaard.")).to_be_visible()
    page.get_by_label("Bestand").set_input_files(WRONG)
    page.get_by_role("button", name="Zet op de pagina").click()
    expect(page.get_by_role("link", name=re.compile("^Dit is geen PDF"))).to_be_visible()
    page.get_by_label("Bestand").set_input_files(LARGE)
    page.get_by_role("button", name="Zet op de pagina").click()
    expect(page.get_by_text("De handreiking staat op de pagina.")).to_be_visible()
    page.goto("/p/polarisatie")
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download de handreiking").click()
    assert kept.value.suggested_filename == "vijf vragen.pdf"
    assert kept.value.path().read_bytes() == LARGE["buffer"]


def test_a_page_is_looked_at_kept_and_gets_a_file(page: Page) -> None:
    enter(page, "/beheer/paginas/1")
    place = page.url
    page.get_by_role("button", name="Bekijk een voorbeeld").click()
    expect(page.locator("#voorbeeld")).to_be_focused()
    assert page.url == place
    page.get_by_role("button", name="Kopieer de regels").wait_for()
    keep(page)
    page.set_viewport_size(PHONE)
    page.goto("/beheer/paginas/1")
    assert looked_at(page) == []


def test_the_same_goes_without_script(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="nl-NL")
    page = context.new_page()
    enter(page, "/beheer/paginas/1")
    expect(page.get_by_role("button", name="Kopieer de regels")).to_be_hidden()
    keep(page)
    context.close()
