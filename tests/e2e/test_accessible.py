"""axe finds nothing on the public pages: by day and by night, on a phone and a small one, and with mistakes on them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from consult import clock
from consult.booking.models import MeetingType
from consult.people.models import Advisor
from tests.e2e.conftest import transaction
from tests.support import group_rows, rows

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.browser import LiveServer

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
LOOKS = [("light", 390), ("dark", 390), ("light", 320)]


def look(page: Page, scheme: Scheme, width: int) -> None:
    """By day or by night, in a window this wide."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 700})


@pytest.fixture
def addresses(live_server: LiveServer) -> list[str]:
    """Every public page, with a question and a talk behind the private ones."""
    tomorrow = datetime.combine((clock.now() + timedelta(days=2)).date(), time(10), UTC)
    with transaction(live_server) as session:
        settings = live_server.app.extensions["consult"]
        rik, kind = session.query(Advisor).filter_by(slug="rik").one(), session.query(MeetingType).first()
        assert kind is not None
        asked = rows.ask(session, settings, now=clock.now(), advisor_id=rik.id).token
        booked = rows.book(session, settings, kind, [rik], tomorrow, now=clock.now()).token
        kind.series = True
        group_rows.plan(session, settings, (rik,), starts_at=tomorrow + timedelta(days=9), now=clock.now())
    return [
        "/",
        "/p/polarisatie",
        "/vraag?pagina=polarisatie",
        "/embed/polarisatie",
        f"/v/{asked}",
        f"/v/{asked}/ontvangen",
        "/afspraak",
        f"/afspraak/rik?slot={tomorrow:%Y-%m-%dT12:00:00Z}",
        f"/a/{booked}",
        f"/a/{booked}?nieuw=1",
        f"/a/{booked}/verzetten",
        f"/a/{booked}/afzeggen",
        f"/a/{booked}/voorstellen",
        f"/reeks/{booked}",
        "/bijeenkomst/wijkgesprek",
        "/privacy",
        "/toegankelijkheid",
        "/onbekend",
        "/inloggen",
    ]


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {each['id']} {[node['html'][:120] for node in each['nodes'][:3]]}" for each in found
    ]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_axe_finds_nothing_on_any_public_page(
    page: Page, addresses: list[str], scheme: Scheme, width: int
) -> None:
    look(page, scheme, width)
    found = []
    for address in addresses:
        page.goto(address)
        found += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (
            f"{address} is wider than the screen"
        )
    assert found == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_axe_finds_nothing_on_a_page_with_mistakes(
    page: Page, addresses: list[str], scheme: Scheme, width: int
) -> None:
    look(page, scheme, width)
    buttons = {
        "/vraag": "Verstuur uw vraag",
        next(each for each in addresses if "slot=" in each): "Bevestig de afspraak",
        next(each for each in addresses if each.startswith("/v/")): "Verstuur uw bericht",
        "/afspraak/rik": "Kies dit moment",
    }
    for address, button in buttons.items():
        page.goto(address)
        page.get_by_role("button", name=button).click()
        page.locator("#fouten").wait_for()
        assert violations(page) == []
    page.goto("/vraag")
    page.get_by_label("Uw vraag").fill("Het gaat om 111222333.")
    page.get_by_label("Uw naam").fill("Joke")
    page.get_by_label("Uw e-mailadres").fill("joke@gemeente.nl")
    page.get_by_role("button", name="Verstuur uw vraag").click()
    page.locator("#weglaten:focus").wait_for()
    assert violations(page) == []


def test_what_is_drawn_stays_to_be_seen_in_forced_colours_and_in_print(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto("/vraag")
    chosen = page.locator(".option:has(:checked)").first
    assert chosen.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.emulate_media(forced_colors="none", media="print")
    page.goto("/p/polarisatie")
    assert page.get_by_role("heading", name="Rik de Wit").is_visible()
    assert not page.locator(".buttons").first.is_visible()
    assert not page.get_by_role("link", name="English").is_visible()
