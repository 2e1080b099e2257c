"""A real browser on the real application: Debian's Chromium, our own web server on loopback, nothing else.

``page`` fails a test on any report of the CSP, any script error and any request to another host. A picture of a page
that failed is kept in test-artifacts/.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.support.machine import NEEDS
from tests.support.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

    from tests.support.apps import MakeSettings

ARTIFACTS = Path(__file__).parents[2] / "test-artifacts"
# Chromium's own errands would be requests to other hosts; as root it has no sandbox.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
# A page that answers 404 or 422 is meant to; the browser reports it as a resource that failed.
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


class PolicyReports:
    """The application with every policy asking for reports, and the reports that browsers sent."""

    def __init__(self, app: Flask) -> None:
        """Stand round ``app``."""
        self.app = app
        self.received: list[str] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, or take a report in."""
        if environ["PATH_INFO"] == "/csp-report":
            report = environ["wsgi.input"].read().decode()
            # That another site may not show us is what its visitor's browser tells; the page itself is in order.
            if '"violated-directive":"frame-ancestors"' not in report:
                self.received.append(report)
            start_response("204 No Content", [])
            return []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            asking = {"Content-Security-Policy": "; report-uri /csp-report"}
            return start_response(
                status, [(name, value + asking.get(name, "")) for name, value in headers], *rest
            )

        return self.app(environ, start)


@dataclass(frozen=True)
class LiveServer:
    """The application behind our own web server; ``url`` is also the start of its links in mails."""

    url: str
    app: Flask

    def address(self, path: str) -> str:
        """A path of ours as a full address."""
        return self.url + path


@pytest.fixture(scope="session")
def _own_port() -> int:
    return free_port()


@pytest.fixture
def live_host() -> str:
    """How the application is called; override it with ``localhost`` where a browser wants a name, as for passkeys."""
    return "127.0.0.1"


@pytest.fixture
def live_server(make_settings: MakeSettings, live_host: str, _own_port: int) -> Iterator[LiveServer]:
    """The application on loopback, on the port of this worker, answering until the test ends."""
    from consult.operations.web_server import WebServer, listen
    from tests.support.apps import running

    listener = listen("127.0.0.1", _own_port)
    url = f"http://{live_host}:{listener.getsockname()[1]}"
    with running(make_settings(base_url=url)) as app:
        stop = threading.Event()
        reports = PolicyReports(app)
        server = WebServer(reports, listener, threads=4)
        thread = threading.Thread(
            target=server.run, args=(stop,), kwargs={"drain_seconds": 1.0}, name="live-server"
        )
        thread.start()
        try:
            yield LiveServer(url, app)
        finally:
            stop.set()
            thread.join(timeout=20)
        assert reports.received == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """This worker's Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    program = next(need for need in NEEDS if need.marker == "browser").found()
    assert program, "tests with a browser carry the marker browser"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield chromium
        chromium.close()


@contextmanager
def watched_page(context: BrowserContext, picture: Path | None = None) -> Iterator[Page]:
    """A page of ``context``; afterwards fails on whatever the browser had to say against it.

    A failure of any kind leaves a picture of the page at ``picture``.
    """
    found: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not EXPECTED.match(message.text):
            found.append(f"console: {message.text}")

    def only_loopback(route: Route) -> None:
        if urlsplit(route.request.url).hostname in {"127.0.0.1", "localhost", "::1"}:
            route.continue_()
        else:
            found.append(f"a request to another host: {route.request.url}")
            route.abort()

    context.route("**/*", only_loopback)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", on_console)
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    try:
        yield page
        assert not found, "the browser says: " + "; ".join(found)
    except BaseException:
        if picture:
            picture.parent.mkdir(exist_ok=True)
            page.screenshot(path=picture, full_page=True)
        raise


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in a fresh browser of a Dutch visitor on a phone; ``page.goto("/vraag")`` is enough."""
    name = re.sub(r"\W+", "-", request.node.name)
    context = browser.new_context(
        base_url=live_server.url,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        viewport={"width": 390, "height": 844},
    )
    try:
        with watched_page(context, ARTIFACTS / f"{name}.png") as page:
            yield page
    finally:
        context.close()
