"""No promise about safety without a place that holds it and a test that proves it."""

from __future__ import annotations

import ast
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.house.trust_lines import SECURITY, SPAM, Line
from tests.support.browser import PolicyReports

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import StartResponse, WSGIEnvironment

TESTS = Path(__file__).parents[1]
HOUSE = TESTS.parent
# What starts a web server of its own, without a browser.
SERVERS = {"support/browser.py", "operations/test_web_server.py"}


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}


@pytest.mark.parametrize("line", [*SECURITY, *SPAM], ids=lambda line: line.promise)
def test_every_promise_is_held_somewhere_and_proven(line: Line) -> None:
    assert line.tests, "a promise without a test"
    for place in line.held:
        assert (HOUSE / "consult" / place).exists(), place
    for named in line.tests:
        path, _, name = named.partition("::")
        assert (TESTS / path).is_file(), path
        assert not name or name in functions(TESTS / path), named


def test_every_test_with_a_browser_goes_through_the_collector_of_reports() -> None:
    """Its server fails a test at the first report; a page of another server would be seen by nobody."""
    own = {
        str(path.relative_to(TESTS))
        for path in TESTS.rglob("*.py")
        if re.search(r"\bWebServer\(|\bmake_server\(", path.read_text(encoding="utf-8"))
    }
    assert own <= SERVERS


def test_the_collector_asks_every_page_for_reports_and_keeps_them() -> None:
    def page(_environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Content-Security-Policy", "default-src 'none'")])
        return []

    sent: list[tuple[str, str]] = []

    def start(
        _status: str, headers: list[tuple[str, str]], _error: Any = None, /
    ) -> Callable[[bytes], object]:
        sent.extend(headers)
        return sent.append  # type: ignore[return-value]  # (nobody writes)

    collector = PolicyReports(page)  # type: ignore[arg-type]  # (any WSGI application)
    collector({"PATH_INFO": "/"}, start)
    assert sent == [("Content-Security-Policy", "default-src 'none'; report-uri /csp-report")]
    told = b'{"violated-directive":"script-src"}'
    collector({"PATH_INFO": "/csp-report", "wsgi.input": BytesIO(told)}, start)
    assert collector.received == [told.decode()]
