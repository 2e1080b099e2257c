"""A person's acts on the real application, as tests/support offers them: in a client and in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.apps import DeliverMail
    from tests.support.mailbox import Mailbox
    from tests.support.pages import Visitor


def test_a_visitor_reads_a_page_that_does_not_exist(visitor: Visitor) -> None:
    page = visitor.open("/bestaat-niet", status=404)
    assert page.heading
    assert page.link("Naar de inhoud") == "#inhoud"


def test_a_visitor_may_ask_for_english(visitor: Visitor) -> None:
    page = visitor.open("/bestaat-niet?taal=en", status=404)
    html = page.tree.first("html")
    assert html is not None
    assert html.get("lang") == "en"


def test_an_empty_outbox_sends_nothing(deliver_mail: DeliverMail, mailbox: Mailbox) -> None:
    assert deliver_mail() == 0
    assert mailbox.deliveries == []


@pytest.mark.browser
def test_a_browser_shows_a_page_that_does_not_exist(page: Page) -> None:
    answer = page.goto("/bestaat-niet")
    assert answer is not None
    assert answer.status == 404
    assert page.locator("h1").inner_text() in page.title()
