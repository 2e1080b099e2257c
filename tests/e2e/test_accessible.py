"""axe finds nothing on the public pages: by day and by night, on a phone and a small one, and with mistakes on them.

Each page is loaded once; by night and on the small phone only those rules run that these can change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from consult import clock
from consult.links.models import Purpose
from consult.links.services import issue_link
from tests.e2e.conftest import transaction
from tests.support import group_rows, rows, series_rows

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

    from tests.support.browser import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.proof]

PUBLIC = (
    "/",
    "/p/polarisatie",
    "/vraag?pagina=polarisatie",
    "/embed/polarisatie",
    "/afspraak",
    "/bijeenkomsten",
    "/bijeenkomst/wijkgesprek",
    "/bijeenkomst/wijkgesprek/aangemeld",
    "/privacy",
    "/toegankelijkheid",
    "/onbekend",
    "/inloggen",
)
NARROW: ViewportSize = {"width": 320, "height": 568}
PHONE: ViewportSize = {"width": 390, "height": 844}
AGAIN = """rules => axe.run({ runOnly: { type: 'rule', values: rules } }).then(found => found.violations)"""


@dataclass(frozen=True)
class Own:
    """The private addresses of one visitor: a question, a talk, a talk of a series, a seat, and all of it."""

    asked: str
    booked: str
    series: str
    seat: str
    data: str

    @property
    def addresses(self) -> list[str]:
        """Every page behind them."""
        return [
            *(f"/v/{self.asked}{more}" for more in ("", "/ontvangen", "/gegevens")),
            *(
                f"/a/{self.booked}{more}"
                for more in ("", "?nieuw=1", "/verzetten", "/afzeggen", "/voorstellen")
            ),
            f"/reeks/{self.booked}?frequency=weekly&count=4",
            *(f"/r/{self.series}{more}" for more in ("", "/verlengen", "/stoppen", "/afzeggen")),
            *(f"/s/{self.seat}{more}" for more in ("", "/afmelden")),
            *(f"/gegevens/{self.data}{more}" for more in ("", "/wissen")),
        ]


@pytest.fixture
def later() -> datetime:
    """A morning in two days, on the clock of the machine's own day."""
    return datetime.combine((clock.now() + timedelta(days=2)).date(), time(10), UTC)


@pytest.fixture
def own(live_server: LiveServer, later: datetime) -> Own:
    """Everything that one visitor can have with us."""
    with transaction(live_server) as session:
        settings, now = live_server.app.extensions["consult"], clock.now()
        rik = series_rows.rik(session)
        kind = series_rows.sparren(session)
        asked = rows.ask(session, settings, now=now, advisor_id=rik.id)
        booked = rows.book(session, settings, kind, [rik], later, now=now).token
        first = rows.book(session, settings, kind, [rik], later + timedelta(hours=3), now=now)
        series_rows.plan(session, settings, first.booking, now=now)
        group = group_rows.plan(session, settings, (rik,), starts_at=later + timedelta(days=9), now=now)
        ans = group_rows.seat(session, settings, group, "Ans", now=now)
        seat, data = (
            issue_link(session, purpose, number, expires_at=now + timedelta(days=1), now=now)
            for purpose, number in ((Purpose.SEAT, ans.id), (Purpose.OWN_DATA, asked.enquiry.id))
        )
        return Own(asked.token, booked, first.token, seat, data)


def violations(page: Page) -> list[str]:
    """What axe has against a page as it stands."""
    return told(page, Axe().run(page).response["violations"])


def told(page: Page, found: list[dict[str, Any]]) -> list[str]:
    """Each violation with its page, its rule and where it is."""
    return [
        f"{page.url}: {each['id']} {[node['html'][:120] for node in each['nodes'][:3]]}" for each in found
    ]


def looked_at(page: Page) -> list[str]:
    """All that axe has against a page; then what may change by night, and on the smallest phone."""
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += [f"by night: {each}" for each in told(page, page.evaluate(AGAIN, ["color-contrast"]))]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    found += [f"at 320 px: {each}" for each in told(page, page.evaluate(AGAIN, ["target-size"]))]
    if page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]:
        found.append(f"{page.url} is wider than the smallest phone")
    page.set_viewport_size(PHONE)
    return found


def test_axe_finds_nothing_on_any_public_page(page: Page, own: Own, later: datetime) -> None:
    found = []
    for address in (*PUBLIC, f"/afspraak/rik?slot={later:%Y-%m-%dT12:00:00Z}", *own.addresses):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == (404 if address == "/onbekend" else 200), address
        found += looked_at(page)
    assert found == []


def test_axe_finds_nothing_on_a_page_with_mistakes(page: Page, own: Own, later: datetime) -> None:
    mistakes = {
        "/vraag": "Verstuur uw vraag",
        f"/afspraak/rik?slot={later:%Y-%m-%dT12:00:00Z}": "Bevestig de afspraak",
        "/afspraak/rik": "Kies dit moment",
        f"/v/{own.asked}": "Verstuur uw bericht",
        f"/a/{own.booked}/verzetten": "Verzet de afspraak",
        f"/a/{own.booked}/voorstellen": "Verstuur uw voorstel",
        f"/reeks/{own.booked}": "Bekijk de dagen",
        f"/r/{own.series}/stoppen": "Stop na dit gesprek",
        "/bijeenkomst/wijkgesprek": "Meld mij aan",
    }
    found = []
    for address, button in mistakes.items():
        page.goto(address)
        page.get_by_role("button", name=button).click()
        page.locator("#fouten").wait_for()
        found += looked_at(page)
    page.goto("/vraag")
    page.get_by_label("Uw vraag").fill("Het gaat om 111222333.")
    page.get_by_label("Uw naam").fill("Joke")
    page.get_by_label("Uw e-mailadres").fill("joke@gemeente.nl")
    page.get_by_role("button", name="Verstuur uw vraag").click()
    page.locator("#weglaten:focus").wait_for()
    assert found + looked_at(page) == []


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
