"""axe finds nothing on the pages that say what went wrong, with the text that was sent and the button to try again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from werkzeug.exceptions import default_exceptions

from consult.web.errors import PASSING, WITH_PAGE, error_page
from tests.e2e.test_accessible import looked_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from tests.support.browser import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.proof]

SENT = {"question": "Hoe begin ik een wijkgesprek?", "name": "Joke", "channel": "email"}


def answering(body: str) -> Callable[[Route], None]:
    """Give this page with status 200: one of 500 would stand among the browser's own complaints."""
    return lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8")


def test_axe_finds_nothing_on_any_page_of_a_fault(page: Page, live_server: LiveServer) -> None:
    found = []
    for code in sorted(WITH_PAGE):
        with live_server.app.test_request_context("/vraag", method="POST", data=SENT):
            body = error_page(default_exceptions[code]()).get_data(as_text=True)

        page.route("**/fout", answering(body))
        page.goto("/fout")
        assert page.get_by_role("button", name="Probeer opnieuw").count() == (code in PASSING), code
        if code in PASSING:
            assert page.get_by_label("Uw tekst").input_value() == SENT["question"]
        found += looked_at(page)
        page.unroute("**/fout")
    assert found == []
