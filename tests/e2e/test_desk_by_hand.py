"""An advisor in a browser: by keyboard alone, a text that is never lost, an answer taken back; and axe on the desk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from consult import clock
from consult.contact.models import Channel, Message
from consult.contact.writing.models import Draft
from consult.people.models import Advisor
from consult.people.portraits import set_portrait
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


PHOTO = """async ([width, height, turned]) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  pen.fillStyle = "rgb(200 30 30)";
  pen.fillRect(0, 0, width, height / 2);
  const bytes = [...new Uint8Array(await (await new Promise(done => canvas.toBlob(done, "image/jpeg"))).arrayBuffer())];
  const entry = [1, 18, 0, 3, 0, 0, 0, 1, 0, turned, 0, 0, 0, 0, 0, 0];
  const notes = [69, 120, 105, 102, 0, 0, 77, 77, 0, 42, 0, 0, 0, 8, 0, 1, ...entry];
  return [...bytes.slice(0, 2), 255, 225, 0, notes.length + 2, ...notes, ...bytes.slice(2)];
}"""
COLOURS = """async address => {
  const picture = await createImageBitmap(await (await fetch(address)).blob());
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(picture, 0, 0);
  const red = (x, y) => pen.getImageData(x * picture.width, y * picture.height, 1, 1).data[0] > 100;
  return [picture.width, picture.height, red(0.1, 0.5), red(0.9, 0.5)];
}"""


def test_a_photo_of_a_telephone_becomes_a_portrait_the_right_way_up(
    page: Page, live_server: LiveServer
) -> None:
    sign_in(page)
    page.goto("/werkplek/profiel")
    # Held on its side: what is above in the pixels belongs on the right.
    content = bytes(page.evaluate(PHOTO, [3000, 2000, 6]))
    field = page.get_by_label("Uw foto")
    field.set_input_files({"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": content})
    expect(field).to_have_value(re.compile("portret"))
    page.get_by_role("button", name="Toon deze foto").click()
    page.get_by_text("Uw profiel is bewaard.").wait_for()
    address = page.locator(".portrait.l").get_attribute("src")
    assert page.evaluate(COLOURS, address) == [640, 640, False, True]
    # Sent without a script, the picture stays as it is and says which way up it belongs.
    with transaction(live_server) as session:
        rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
        set_portrait(session, rik, bytes(page.evaluate(PHOTO, [600, 400, 6])))
        address = rik.portrait
    assert page.evaluate(COLOURS, address) == [400, 600, False, True]


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
