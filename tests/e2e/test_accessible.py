"""axe finds nothing on the public pages: by day and by night, on a phone, and with mistakes on them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from consult import clock
from consult.booking.models import MeetingType
from consult.people.models import Advisor
from tests.e2e.conftest import transaction
from tests.support import rows

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.browser import LiveServer

pytestmark = pytest.mark.browser


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
    return [
        "/",
        "/p/polarisatie",
        "/vraag?pagina=polarisatie",
        f"/v/{asked}",
        f"/v/{asked}/ontvangen",
        "/afspraak",
        f"/afspraak/rik?slot={tomorrow:%Y-%m-%dT12:00:00Z}",
        f"/a/{booked}",
        f"/a/{booked}?nieuw=1",
        f"/a/{booked}/verzetten",
        f"/a/{booked}/afzeggen",
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_public_page(page: Page, addresses: list[str], scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = []
    for address in addresses:
        page.goto(address)
        found += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, (
            f"{address} is wider than the screen"
        )
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_page_with_mistakes(page: Page, addresses: list[str], scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
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
