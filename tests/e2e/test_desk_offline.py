"""The desk on a train: a page says that there is no connection, no text is lost, and nothing of anybody stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from consult import clock
from consult.people.models import Advisor
from tests.e2e.conftest import transaction
from tests.e2e.test_desk_by_hand import sign_in
from tests.support import rows

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

    from tests.support.browser import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.proof]

KEPT = """async () => {
  const kept = await Promise.all((await caches.keys()).map(async name => (await caches.open(name)).keys()));
  return kept.flat().map(each => new URL(each.url).pathname);
}"""
TEXTS = "Object.keys(localStorage).filter(name => /^consult-(antwoord|notitie)-/.test(name))"
READY = """() => navigator.serviceWorker.controller !== null
  || new Promise(done => navigator.serviceWorker.addEventListener("controllerchange", () => done(true)))"""


@pytest.fixture
def question(live_server: LiveServer) -> str:
    """A question for Rik; gives its address."""
    with transaction(live_server) as session:
        rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
        settings = live_server.app.extensions["consult"]
        asked = rows.ask(session, settings, now=clock.now(), advisor_id=rik.id)
        return f"/werkplek/vragen/{asked.enquiry.reference}"


def online(page: Page) -> None:
    assert page.evaluate(READY)


def test_without_a_connection_a_page_says_so_and_shows_what_was_typed(page: Page, question: str) -> None:
    sign_in(page)
    online(page)
    page.goto(question)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_label("Uw antwoord").fill("Begin klein.")
    page.goto("/werkplek/agenda")
    page.get_by_role("heading", name="U bent offline").wait_for()
    assert page.get_by_text("Begin klein.").is_visible()
    # The page that stands in is styled, by what it brought along.
    assert page.locator(".plate").evaluate("e => getComputedStyle(e).display") != "inline"
    page.context.set_offline(False)
    page.get_by_role("heading", name="Uw agenda").wait_for()
    page.goto(question)
    expect(page.get_by_label("Uw antwoord")).to_have_value("Begin klein.")
    kept = page.evaluate(KEPT)
    assert "/werkplek/offline" in kept
    assert [each for each in kept if each.startswith("/werkplek/") and each != "/werkplek/offline"] == []


def test_a_form_that_is_sent_offline_stays_with_all_in_it(page: Page, question: str) -> None:
    sign_in(page)
    page.goto(question)
    page.locator("#overdragen summary").click()
    page.get_by_label("Reden", exact=True).fill("Ik ben met verlof.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Draag over", exact=True).click()
    page.get_by_role("alert").get_by_text("U bent offline.").wait_for()
    assert page.get_by_label("Reden", exact=True).input_value() == "Ik ben met verlof."
    page.context.set_offline(False)
    page.goto("/werkplek/profiel")
    page.get_by_label("Afsluiting van uw mail").fill("Met groet, Rik")
    page.get_by_role("button", name="Bewaar uw profiel").click()
    page.get_by_text("Uw profiel is bewaard.").wait_for()


def test_who_signs_out_leaves_no_text_behind(page: Page, question: str) -> None:
    sign_in(page)
    page.goto(question)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_label("Uw notitie").fill("Alleen voor ons.")
    page.context.set_offline(False)
    page.evaluate("localStorage.setItem('consult-notitie-C-1', 'Nog iets.')")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss() if len(asked) == 1 else dialog.accept()

    page.on("dialog", answer)
    page.get_by_role("button", name="Uitloggen").click()
    assert page.url.endswith(question)
    assert page.evaluate(TEXTS)
    page.get_by_role("button", name="Uitloggen").click()
    page.wait_for_url(lambda address: not address.endswith(question))
    assert asked == ["Op dit apparaat staat nog tekst die niet is verstuurd. Die gaat weg als u uitlogt."] * 2
    assert page.evaluate(TEXTS) == []


def test_the_next_person_at_this_device_sees_nothing_of_the_one_before(page: Page) -> None:
    sign_in(page)
    page.evaluate("localStorage.setItem('consult-antwoord-C-1', 'Van een ander.')")
    page.evaluate("localStorage.setItem('consult-wie', '999')")
    page.goto("/werkplek/vragen")
    assert page.evaluate(TEXTS) == []


def test_the_desk_can_be_installed(page: Page) -> None:
    sign_in(page)
    online(page)
    address = page.locator("link[rel=manifest]").get_attribute("href")
    told = page.evaluate("address => fetch(address).then(answer => answer.json())", address)
    assert (told["start_url"], told["scope"], told["display"]) == ("/werkplek/", "/werkplek/", "standalone")
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    scope = page.evaluate("navigator.serviceWorker.ready.then(found => new URL(found.scope).pathname)")
    assert scope == "/werkplek/"
