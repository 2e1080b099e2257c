"""The contact block inside another site's page, under what that site's own policy allows; its link always works.

The other site is a second server on another port, under another name than ours.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from consult.contact.models import ContactPage
from tests.e2e.conftest import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.support.browser import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.proof]

PAGE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Gemeente</title>
<link rel="icon" href="data:,"></head><body><h1>Polarisatie in de wijk</h1>
<script async src="{ours}/embed.js"></script>
<consult-contact page="polarisatie"><a href="{ours}/p/polarisatie">Stel uw vraag</a></consult-contact></body></html>"""
FRAME = "consult-contact iframe"
LINK = "consult-contact > a"


@dataclass
class HostSite:
    """A site that shows our block; ``policy`` is the CSP it sends, {ours} in it is our origin."""

    server: ThreadingHTTPServer
    ours: str
    policy: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """Where this site stands."""
        return f"http://localhost:{self.server.server_address[1]}"


@pytest.fixture
def site(live_server: LiveServer) -> Iterator[HostSite]:
    """The other site, which our page allows."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if host.policy:
                self.send_header("Content-Security-Policy", host.policy.format(ours=host.ours))
            self.end_headers()
            self.wfile.write(PAGE.format(ours=host.ours).encode())

        def log_message(self, *_args: Any) -> None:
            """Keep the test run quiet."""

    host = HostSite(ThreadingHTTPServer(("127.0.0.1", 0), Answer), live_server.url)
    thread = threading.Thread(target=host.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    allow(live_server, host.origin)
    try:
        yield host
    finally:
        host.server.shutdown()
        host.server.server_close()
        thread.join(timeout=10)


@pytest.fixture
def reader(browser: Browser, site: HostSite) -> Iterator[Page]:
    """Somebody who reads the other site; what the browser complains of is kept in ``site.said``."""
    context = browser.new_context(locale="nl-NL", viewport={"width": 390, "height": 844})
    context.set_default_timeout(8000)
    page = context.new_page()
    page.on(
        "console", lambda said: site.said.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: site.said.append(f"script: {error}"))
    yield page
    assert context.cookies() == []
    context.close()


def allow(server: LiveServer, *origins: str) -> None:
    """Let these sites, and no others, show the page."""
    with transaction(server) as session:
        session.query(ContactPage).filter_by(slug="polarisatie").one().allowed_sites = list(origins)


def test_the_block_takes_the_place_of_the_link_and_fits(reader: Page, site: HostSite) -> None:
    reader.goto(site.origin)
    reader.locator(LINK).wait_for(state="hidden")
    frame = reader.frame_locator(FRAME)
    frame.get_by_role("heading", name="Rik de Wit").wait_for()
    assert reader.locator(FRAME).get_attribute("title") == "Contact"
    assert reader.locator(FRAME).get_attribute("sandbox") is None
    inside = frame.locator("html").evaluate("html => html.getBoundingClientRect().height")
    box = reader.locator(FRAME).bounding_box()
    assert box is not None
    assert 200 < inside <= 4000
    assert abs(box["height"] - inside) <= 1, "the frame is as high as what is in it"
    assert frame.locator("html").evaluate("html => html.scrollWidth <= innerWidth")
    assert site.said == []


def test_a_question_is_asked_inside_the_frame_and_links_leave_it(reader: Page, site: HostSite) -> None:
    reader.goto(site.origin)
    frame = reader.frame_locator(FRAME)
    frame.get_by_label("Uw vraag", exact=True).fill("Hoe beginnen wij?")
    frame.get_by_role("button", name="Verstuur uw vraag").click()
    frame.get_by_role("link", name="Vul uw naam in.").click()
    assert reader.url == f"{site.origin}/", "the summary of mistakes leads to a field, not out of the frame"
    frame.get_by_label("Uw naam").fill("Joke")
    frame.get_by_label("Uw e-mailadres").fill("joke@gemeente.example")
    frame.get_by_role("button", name="Verstuur uw vraag").click()
    frame.get_by_role("heading", name="Wij hebben uw vraag").wait_for()
    reader.wait_for_function(
        "document.querySelector('iframe').getBoundingClientRect().height < 1500",
    )
    frame.get_by_role("link", name="Plan een gesprek").click()
    reader.wait_for_url(f"{site.ours}/afspraak**")
    # A browser gives no focus to a frame by itself, and tells of every 422.
    assert [said for said in site.said if not re.search(r"422|autofocus", said, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("told", "policy", "allowed", "complaint"),
    [
        ("the script is blocked", "script-src 'self'", "this site", r"script.*Content Security Policy"),
        (
            "the frame is blocked",
            "script-src {ours}; frame-src 'self'",
            True,
            r"fram.*Content Security Policy",
        ),
        ("the site is not allowed", "", "https://elders.example", r"frame-ancestors"),
    ],
)
def test_a_link_stays_when(
    reader: Page,
    site: HostSite,
    live_server: LiveServer,
    told: str,
    policy: str,
    allowed: str,
    complaint: str,
) -> None:
    site.policy = policy
    if allowed != "this site":
        allow(live_server, allowed)
    reader.clock.install()
    reader.goto(site.origin)
    reader.clock.fast_forward(4001)
    reader.locator(FRAME).wait_for(state="detached")
    assert reader.locator(LINK).is_visible(), told
    # What the browser says is about the policy that this row sets, and about nothing else.
    assert site.said, told
    assert [said for said in site.said if not re.search(complaint, said, re.IGNORECASE)] == []
    reader.locator(LINK).click()
    reader.wait_for_url(f"{site.ours}/p/polarisatie")
    assert reader.locator("h1").is_visible()


def test_a_host_with_the_policy_of_the_manual_shows_the_block(reader: Page, site: HostSite) -> None:
    site.policy = "default-src 'self'; img-src data:; script-src {ours}; frame-src {ours}"
    reader.goto(site.origin)
    reader.frame_locator(FRAME).get_by_role("heading", name="Rik de Wit").wait_for()
    reader.locator(LINK).wait_for(state="hidden")
    assert site.said == []


def test_a_message_from_another_window_changes_nothing(reader: Page, site: HostSite) -> None:
    reader.goto(site.origin)
    reader.locator(LINK).wait_for(state="hidden")
    before = reader.locator(FRAME).evaluate("frame => frame.style.height")
    reader.evaluate("window.postMessage({consult: 'height', height: 300}, '*')")
    reader.evaluate("new Promise(done => { addEventListener('message', done); postMessage(0, '*'); })")
    assert reader.locator(FRAME).evaluate("frame => frame.style.height") == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_frame(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = []
    for press in (False, True):
        page.goto("/embed/polarisatie")
        if press:
            page.get_by_role("button", name="Verstuur uw vraag").click()
            page.locator("#fouten").wait_for()
        found += [each["id"] for each in Axe().run(page).response["violations"]]
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert found == []
