"""Whole journeys, from the article to the mail, as a person goes them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from consult import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import Post
    from tests.support.mailbox import Delivery

pytestmark = pytest.mark.browser

PASSWORD = "een lang wachtwoord"
VISITOR, ADVISOR = "joke@gemeente.nl", "rik@bureau.example"


def link_in(mail: Delivery, path: str) -> str:
    """The one address of ours in a mail that starts like this."""
    (found,) = set(re.findall(rf"http://127\.0\.0\.1:\d+{path}\S+", mail.part("text/plain")))
    return found


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def ask(page: Page) -> None:
    page.goto("/p/polarisatie")
    page.locator("li", has_text="Rik de Wit").get_by_role("link", name="Stel uw vraag").click()
    page.get_by_label("Uw vraag").fill("Hoe begin ik een wijkgesprek?")
    page.get_by_label("Uw naam").fill("Joke Jansen")
    page.get_by_label("Per e-mail").check()
    page.get_by_label("Uw e-mailadres").fill(VISITOR)
    page.get_by_role("button", name="Verstuur uw vraag").click()
    assert heading(page) == "Wij hebben uw vraag"


def answer(page: Page, post: Post) -> None:
    """Rik follows his mail, signs in, and lands on the question."""
    page.goto(link_in(post.newest(ADVISOR), "/werkplek/"))
    page.get_by_label("E-mailadres").fill(ADVISOR)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Uw antwoord").fill("Begin klein.\n\nEn samen met bewoners.")
    page.get_by_role("button", name="Verstuur het antwoord").click()
    page.get_by_text("Begin klein.").first.wait_for()


def plan(page: Page) -> None:
    # Not today: within two hours of its start a talk no longer moves.
    page.goto(f"/afspraak/rik?pagina=polarisatie&vanaf={clock.now() + timedelta(days=2):%Y-%m-%d}")
    page.locator(".chip").first.click()
    page.get_by_role("button", name="Kies dit moment").click()
    page.get_by_label("Via een videogesprek").check()
    page.get_by_label("Uw naam").fill("Joke Jansen")
    page.get_by_label("Uw e-mailadres").fill(VISITOR)
    page.get_by_role("button", name="Bevestig de afspraak").click()
    assert heading(page) == "Uw afspraak staat"


def invite(mail: Delivery) -> str:
    return mail.part("text/calendar").replace("\r\n ", "")


def test_ask_and_be_answered(page: Page, post: Post) -> None:
    ask(page)
    page.reload()
    assert heading(page) == "Wij hebben uw vraag"
    page.goto(link_in(post.newest(VISITOR), "/v/"))
    page.get_by_text("Wij zijn ermee bezig").wait_for()
    answer(page, post)
    mail = post.newest(VISITOR)
    assert "Begin klein.\n\nEn samen met bewoners." in mail.part("text/plain").replace("\r\n", "\n")
    page.goto(link_in(mail, "/v/"))
    page.get_by_text("En samen met bewoners.").wait_for()
    page.get_by_label("Uw bericht").fill("Dank u wel.")
    page.get_by_role("button", name="Verstuur uw bericht").click()
    page.get_by_text("Dank u wel.").wait_for()
    assert "Nieuw bericht" in str(post.newest(ADVISOR).message["Subject"])


def test_plan_move_and_cancel_a_talk(page: Page, post: Post) -> None:
    plan(page)
    first = invite(post.newest(VISITOR))
    assert "METHOD:REQUEST" in first
    with page.expect_download() as download:
        page.get_by_role("link", name="Zet in mijn agenda").click()
    assert download.value.suggested_filename == "afspraak.ics"
    page.goto(link_in(post.newest(VISITOR), "/a/"))
    before = page.locator("dl.summary").inner_text()
    page.get_by_role("link", name="Afspraak verzetten").click()
    page.locator(".chip").last.click()
    page.get_by_role("button", name="Verzet de afspraak").click()
    assert heading(page) == "Uw afspraak staat"
    assert page.locator("dl.summary").inner_text() != before
    moved = invite(post.newest(VISITOR))
    assert "METHOD:REQUEST" in moved
    assert "SEQUENCE:1" in moved
    page.get_by_role("link", name="Afspraak afzeggen").click()
    page.get_by_role("button", name="Ja, zeg de afspraak af").click()
    assert heading(page) == "Uw afspraak is afgezegd"
    for receiver in (VISITOR, ADVISOR):
        assert "METHOD:CANCEL" in invite(post.newest(receiver))


def test_a_question_is_answered_without_scripts_on_a_small_phone(plain_page: Page, post: Post) -> None:
    ask(plain_page)
    answer(plain_page, post)
    plain_page.goto(link_in(post.newest(VISITOR), "/v/"))
    plain_page.get_by_text("En samen met bewoners.").wait_for()


def test_a_mistake_leads_the_keyboard_to_the_field(page: Page) -> None:
    page.goto("/vraag")
    page.get_by_label("Uw vraag").fill("Hoe begin ik?")
    page.get_by_role("button", name="Verstuur uw vraag").click()
    assert page.title().startswith("Fout: ")
    page.locator("#fouten:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("[name=name]:focus").wait_for()
    assert page.get_by_label("Uw vraag").input_value() == "Hoe begin ik?"


def test_the_way_to_answer_decides_which_fields_are_seen(page: Page) -> None:
    page.goto("/vraag")
    shown = {"Per e-mail": (True, False), "Bel mij terug": (False, True), "Via WhatsApp": (False, True)}
    for channel, (mail, number) in shown.items():
        page.get_by_label(channel).check()
        assert page.get_by_label("Uw e-mailadres").is_visible() is mail, channel
        assert page.get_by_label("Uw telefoonnummer").is_visible() is number, channel
    page.get_by_label("Bel mij terug").check()
    assert page.get_by_label("Wanneer bent u bereikbaar?").is_visible()


def test_nothing_typed_is_lost_on_the_way_back(page: Page) -> None:
    page.goto("/vraag")
    page.get_by_label("Uw vraag").fill("Hoe begin ik?")
    page.get_by_role("link", name="Terug").click()
    page.go_back()
    assert page.get_by_label("Uw vraag").input_value() == "Hoe begin ik?"
