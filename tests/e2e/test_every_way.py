"""Each public journey, in every way a person may have to go it: without scripts, without storage, large, by keyboard.

One firm and one browser for all of them; a way is only another window.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from consult import clock
from consult.booking.models import MeetingType
from consult.contact.models import Enquiry
from consult.links.models import Purpose
from consult.links.services import issue_link
from consult.people.models import Advisor
from tests.e2e.conftest import transaction
from tests.support import group_rows, series_rows
from tests.support.browser import watched_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.e2e.conftest import Post
    from tests.support.browser import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.proof]

NO_STORAGE = """
for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
  Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });
Object.defineProperty(navigator, 'cookieEnabled', { get: () => false });
"""
# Twice the letter, as a browser's own setting makes it: the style sheet counts in rem.
LARGE = """
new MutationObserver(() => { document.documentElement.style.fontSize = '225%' }).observe(document, { childList: true })
"""
STORED = """
new Promise((done, late) => {
  const look = () => localStorage.length ? done() : setTimeout(look, 20);
  look();
  setTimeout(late, 5000);
})
"""
# Where the keyboard is: whether it is what is looked for, how thick the line round it is, and what it is.
HERE = """selector => {
  const e = document.activeElement, style = getComputedStyle(e);
  return [e.matches(selector), style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth), e.outerHTML];
}"""


@dataclass(frozen=True)
class Way:
    """How somebody comes: how wide the window is, whether scripts run, and what is done to each page first."""

    told: str
    width: int = 390
    scripts: bool = True
    before: str = ""


WAYS = (
    Way("without scripts, on the smallest phone", width=320, scripts=False),
    Way("with everything blocked that a site could store", before=NO_STORAGE),
    Way("with letters twice as large", width=640, before=LARGE),
)


@pytest.fixture
def kennissessie(live_server: LiveServer) -> None:
    """A group session in two weeks, and talks that may become a series."""
    with transaction(live_server) as session:
        rik = session.query(Advisor).filter_by(slug="rik").one()
        session.query(MeetingType).filter_by(slug="sparren").one().series = True
        starts = (clock.now() + timedelta(days=14)).replace(hour=10, minute=0, second=0, microsecond=0)
        settings = live_server.app.extensions["consult"]
        group_rows.plan(session, settings, (rik,), starts_at=starts, now=clock.now())


@pytest.fixture
def come(browser: Browser, live_server: LiveServer) -> Iterator[Callable[[Way], Page]]:
    """Open a window for a way; afterwards no cookie was set in it."""
    windows: list[BrowserContext] = []

    def window(way: Way) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale="nl-NL",
            java_script_enabled=way.scripts,
            viewport={"width": way.width, "height": 720},
        )
        windows.append(context)
        if way.before:
            context.add_init_script(way.before)
        watching = watched_page(context)
        page = watching.__enter__()
        watched.append(watching)
        return page

    watched: list[object] = []
    yield window
    for watching in watched:
        watching.__exit__(None, None, None)  # type: ignore[attr-defined]  # (a context manager)
    for context in windows:
        assert context.cookies() == []
        context.close()


def heading(page: Page) -> str:
    """The words of the h1; on the way no page is wider than its window."""
    text = page.locator("h1").inner_text()
    assert page.locator("html").evaluate("html => html.scrollWidth - html.clientWidth") <= 0, (
        f"{text} is too wide"
    )
    return text


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def ask_and_add(page: Page) -> None:
    page.goto("/p/polarisatie")
    page.locator("li", has_text="Rik de Wit").get_by_role("link", name="Stel uw vraag").click()
    page.get_by_label("Uw vraag").fill("Het gaat om 111222333.")
    page.get_by_label("Uw naam").fill("Joke Jansen")
    page.get_by_label("Bel mij terug").check()
    press(page, "Verstuur uw vraag")
    assert page.title().startswith("Fout: ")
    assert heading(page) == "Stel uw vraag"
    page.get_by_label("Uw telefoonnummer").fill("06 - 12 34 56 78")
    press(page, "Verstuur uw vraag")
    page.get_by_role("heading", name="Wilt u dit weglaten?").wait_for()
    press(page, "Verstuur toch")
    assert heading(page) == "Wij hebben uw vraag"
    page.get_by_role("link", name="Bekijk uw vraag").click()
    page.get_by_label("Uw bericht").fill("En nog iets.")
    press(page, "Verstuur uw bericht")
    page.get_by_text("En nog iets.").wait_for()
    assert heading(page).startswith("Uw vraag C-")


def plan_change_and_cancel(page: Page) -> None:
    page.goto(f"/afspraak/rik?pagina=polarisatie&vanaf={clock.now() + timedelta(days=3):%Y-%m-%d}")
    assert heading(page)
    page.locator(".chip").first.click()
    press(page, "Kies dit moment")
    page.get_by_label("Via een videogesprek").check()
    page.get_by_label("Uw naam").fill("Joke Jansen")
    page.get_by_label("Uw e-mailadres").fill("joke+gesprek@gemeente.nl")
    press(page, "Bevestig de afspraak")
    assert heading(page) == "Uw afspraak staat"
    page.get_by_role("link", name="Afspraak verzetten").click()
    # From the first moments, of today, to those of today and then of tomorrow.
    for _ in range(2):
        page.get_by_role("link", name="Toon meer momenten").click()
    page.locator(".chip").last.click()
    press(page, "Verzet de afspraak")
    assert heading(page) == "Uw afspraak staat"
    page.get_by_role("link", name="Ander moment voorstellen").click()
    page.get_by_label("Welke dag stelt u voor?").fill(f"{twin_day():%Y-%m-%d}")
    page.get_by_label("Hoe laat?").fill("10:00")
    assert heading(page) == "Ander moment voorstellen"
    press(page, "Verstuur uw voorstel")
    page.get_by_text("U stelde een ander moment voor").wait_for()
    page.get_by_role("link", name="Plan elke week of elke maand een gesprek").click()
    page.get_by_label("Elke week", exact=True).check()
    press(page, "Bekijk de dagen")
    assert heading(page) == "Wilt u elkaar vaker spreken?"
    press(page, "Plan deze gesprekken")
    assert heading(page) == "Uw reeks gesprekken staat"
    page.get_by_role("link", name="Zeg alle gesprekken af").click()
    assert heading(page)
    press(page, "Ja, zeg alle gesprekken af")
    assert heading(page) == "Uw reeks gesprekken is afgezegd"


def twin_day() -> date:
    """A day to come on which everybody works, that reads the same with its month first as with its day first."""
    today = clock.now().date()
    twins = (
        date(today.year + year, month, month) for year in (0, 1) for month in (2, 3, 6, 8, 9, 10, 11, 12)
    )
    return next(day for day in twins if day > today + timedelta(days=2))


def sign_up_and_give_up(page: Page, post: Post, who: str) -> None:
    page.goto("/bijeenkomst/wijkgesprek")
    assert heading(page) == "Kennissessie: het wijkgesprek"
    page.locator("[name=name]").fill("Ans")
    page.locator("[name=email]").fill(who)
    page.locator("form[method=post] button").last.click()
    assert heading(page)
    text = post.newest(who).part("text/plain")
    (link,) = set(re.findall(r"http://127\.0\.0\.1:\d+/s/\S+", text))
    page.goto(link.removesuffix("/afmelden"))
    assert heading(page) == "U heeft een plaats"
    page.goto(f"{link.removesuffix('/afmelden')}/afmelden")
    page.locator("main form[method=post] button").first.click()
    assert heading(page) == "U bent niet aangemeld"


@pytest.mark.usefixtures("kennissessie")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.told)
def test_every_journey_can_be_gone(come: Callable[[Way], Page], post: Post, way: Way) -> None:
    page = come(way)
    ask_and_add(page)
    plan_change_and_cancel(page)
    sign_up_and_give_up(page, post, "ans@gemeente.nl")


class Keyboard:
    """Somebody who has no mouse: goes from one thing to the next with Tab, and always sees where they are."""

    def __init__(self, page: Page) -> None:
        """Begin at the top of the page."""
        self.page = page

    def to(self, selector: str, most: int = 90) -> None:
        """Tab until the focus is on the first of ``selector``; everything on the way shows that it has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            found, outline, what = self.page.evaluate(HERE, selector)
            assert outline >= 2 or what.startswith("<body"), f"no focus to be seen on {what[:100]}"
            if found:
                return
        raise AssertionError(f"the keyboard does not come to {selector}")

    def type(self, selector: str, text: str) -> None:
        """Go to a field and fill it in."""
        self.to(selector)
        self.page.keyboard.insert_text(text)

    def press(self, selector: str) -> None:
        """Go to a link or a button, and press it."""
        self.to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def test_a_question_is_asked_and_a_talk_planned_by_keyboard(page: Page) -> None:
    keys = Keyboard(page)
    page.goto("/p/polarisatie")
    keys.press("a.skip")
    keys.press('a[href*="adviseur=rik"]')
    keys.type("[name=question]", "Hoe begin ik een wijkgesprek?")
    keys.to("[name=channel]:checked")
    page.keyboard.press("ArrowDown")
    keys.type("[name=phone]", "+31 6 12345678")
    keys.press("form[method=post] > button")
    # One mistake: the focus goes to what is wrong, and from there to the field.
    page.locator("#fouten:focus").wait_for()
    keys.press("#fouten a")
    page.keyboard.insert_text("Joke Jansen")
    keys.press("form[method=post] > button")
    assert heading(page) == "Wij hebben uw vraag"
    keys.press('a.primary[href*="/afspraak"]')
    keys.to("[name=slot]")
    page.keyboard.press("Space")
    keys.press("form[method=post] > button")
    keys.to("[name=place]")
    page.keyboard.press("Space")
    keys.type("[name=email]", "joke@gemeente.nl")
    keys.press("form[method=post] > button")
    assert heading(page) == "Uw afspraak staat"


@pytest.mark.usefixtures("kennissessie")
def test_a_talk_is_moved_proposed_repeated_and_cancelled_by_keyboard(
    page: Page, live_server: LiveServer
) -> None:
    with transaction(live_server) as session:
        settings, now = live_server.app.extensions["consult"], clock.now()
        later = (now + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)
        talk = series_rows.first_talk(session, settings, later, now=now)
        own = issue_link(session, Purpose.BOOKING, talk.id, expires_at=later, now=now)
    keys = Keyboard(page)
    page.goto(f"/a/{own}")
    keys.press('a[href$="/verzetten"]')
    for _ in range(2):
        keys.press('main a[href*="vanaf="]')
    keys.to("[name=slot]")
    page.keyboard.press("Space")
    keys.press("form[method=post] > button")
    assert heading(page) == "Uw afspraak staat", page.url
    keys.press('a[href$="/voorstellen"]')
    keys.to("[name=day]")
    page.keyboard.type(f"{twin_day():%d%m%Y}")
    keys.to("[name=hour]")
    page.keyboard.type("1000a")
    keys.press("form[method=post] > button")
    page.get_by_text("U stelde een ander moment voor").wait_for()
    keys.press('a[href^="/reeks/"]')
    keys.to("[name=frequency]")
    page.keyboard.press("Space")
    keys.press("main form button")
    keys.press("main form[method=post] button")
    assert heading(page) == "Uw reeks gesprekken staat"
    keys.press("main .button.danger")
    keys.press("main form[method=post] button")
    assert heading(page) == "Uw reeks gesprekken is afgezegd"


def test_a_draft_comes_back_until_it_is_sent(page: Page) -> None:
    page.goto("/vraag")
    page.get_by_label("Uw vraag").fill("Hoe begin ik?")
    page.get_by_label("Uw naam").fill("Joke")
    page.get_by_label("Bel mij terug").check()
    page.evaluate(STORED)
    assert "csrf" not in page.evaluate("JSON.stringify(localStorage)")
    page.goto("/privacy")
    page.goto("/vraag")
    page.get_by_text("Uw tekst van de vorige keer staat er weer.").wait_for()
    assert page.get_by_label("Uw vraag").input_value() == "Hoe begin ik?"
    assert page.get_by_label("Bel mij terug").is_checked()
    page.get_by_label("Uw telefoonnummer").fill("0612345678")
    press(page, "Verstuur uw vraag")
    assert heading(page) == "Wij hebben uw vraag"
    page.goto("/vraag")
    assert page.get_by_label("Uw vraag").input_value() == ""
    assert page.evaluate("localStorage.length") == 0


def test_the_count_warns_near_the_end_and_a_double_press_sends_once(
    page: Page, live_server: LiveServer
) -> None:
    page.goto("/vraag")
    line = page.locator("#question-count")
    assert line.inner_text() == "Maximaal 5.000 tekens"
    page.get_by_label("Uw vraag").fill("x" * 4990)
    page.get_by_text("Nog 10 tekens").wait_for()
    page.get_by_label("Uw vraag").fill("x" * 5120)
    page.get_by_text("120 tekens te veel").wait_for()
    page.get_by_label("Uw vraag").fill("Hoe?")
    page.get_by_label("Uw naam").fill("Joke")
    page.get_by_label("Uw e-mailadres").fill("joke@gemeente.nl")
    page.get_by_role("button", name="Verstuur uw vraag").dblclick()
    page.get_by_role("heading", name="Wij hebben uw vraag").wait_for()
    with transaction(live_server) as session:
        assert session.query(Enquiry).count() == 1
