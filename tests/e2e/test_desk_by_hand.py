"""An advisor in a browser: by keyboard alone, a text that is never lost, an answer taken back; and axe on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult import clock
from consult.contact.models import Channel, Message
from consult.contact.writing.models import Draft
from consult.people.models import Advisor
from tests.e2e.conftest import PASSWORD, transaction
from tests.e2e.test_accessible import looked_at, violations
from tests.support import rows

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.browser import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.proof]


@pytest.fixture
def question(live_server: LiveServer) -> str:
    """A question for Rik, with a number to call; gives its address."""
    with transaction(live_server) as session:
        rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
        settings = live_server.app.extensions["consult"]
        asked = rows.ask(session, settings, now=clock.now(), advisor_id=rik.id, phone="+31612345678")
        other = {"channel": Channel.PHONE, "phone": "+31612345678", "name": "Piet Bakker"}
        rows.ask(session, settings, now=clock.now(), advisor_id=rik.id, **other)
        return f"/werkplek/vragen/{asked.enquiry.reference}"


def sign_in(page: Page) -> None:
    page.goto("/werkplek/")
    page.get_by_label("E-mailadres").fill("rik@bureau.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Vandaag", level=1).wait_for()


def test_a_day_by_keyboard_alone(page: Page, question: str) -> None:
    sign_in(page)
    page.goto("/werkplek/vragen")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert "Joke Jansen" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{question}")
    page.keyboard.press("n")
    page.keyboard.type("rns/?e")
    assert page.get_by_label("Uw notitie").input_value() == "rns/?e"
    page.get_by_label("Uw notitie").blur()
    page.keyboard.press("a")
    assert page.get_by_label("Collega of team").is_visible()
    page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.get_by_role("heading", name="Sneltoetsen").wait_for()
    page.get_by_label("Sneltoetsen staan aan op dit apparaat").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert not page.get_by_role("heading", name="Sneltoetsen").is_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("rond de")
    page.keyboard.press("Enter")
    page.get_by_text("Deze vraag is klaar.").wait_for()


def test_a_text_is_not_lost_offline_and_an_answer_is_taken_back(
    page: Page, question: str, live_server: LiveServer
) -> None:
    sign_in(page)
    page.goto(question)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_label("Uw antwoord").fill("Begin klein.")
    page.get_by_role("button", name="Verstuur het antwoord").click()
    page.get_by_text("U bent offline. De tekst is op dit apparaat bewaard.").wait_for()
    page.context.set_offline(False)
    page.get_by_text("Bewaard om").wait_for()
    with transaction(live_server) as session:
        assert session.scalars(select(Draft.body)).all() == ["Begin klein."]
    page.evaluate("Object.keys(localStorage).forEach((key) => localStorage.removeItem(key))")
    page.get_by_role("button", name="Verstuur het antwoord").click()
    page.get_by_role("button", name="Haal het antwoord terug").click()
    page.wait_for_url("**#antwoord")
    assert page.get_by_label("Uw antwoord").input_value() == "Begin klein."
    with transaction(live_server) as session:
        assert session.scalars(select(Message)).all() == []


def test_axe_finds_nothing_at_the_desk_by_day_and_by_night(page: Page, question: str) -> None:
    sign_in(page)
    found = []
    addresses = (
        "/werkplek/",
        "/werkplek/vragen",
        "/werkplek/vragen?weergave=spam",
        question,
        "/werkplek/offline",
        "/werkplek/teksten",
        "/werkplek/teksten/nieuw",
        "/werkplek/post",
        "/werkplek/meer",
        "/werkplek/agendas",
    )
    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true })")
        found += looked_at(page)
    page.keyboard.press("Control+k")
    page.locator("#palet li").first.wait_for()
    assert found + violations(page) == []
