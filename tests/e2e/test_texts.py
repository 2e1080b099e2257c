"""A coordinator changes a text in a browser: the example is filled with what was typed, beside the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.test_accessible import violations
from tests.e2e.test_office import coordinator

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["coordinator"]
pytestmark = [pytest.mark.browser, pytest.mark.proof]


def test_the_example_shows_what_was_typed(coordinator: Page) -> None:
    coordinator.goto("/beheer/teksten")
    coordinator.get_by_role("link", name="Nederlands Een vraag komt binnen, voor de bezoeker").click()
    example = coordinator.frame_locator("iframe[name=voorbeeld]")
    expect(example.get_by_role("heading", level=1)).to_have_text("Wij hebben uw vraag (C-2026-0412)")
    body = coordinator.get_by_label("Tekst", exact=True)
    body.fill(body.input_value().replace("Dag {naam},", "Beste **{naam}**,"))
    coordinator.get_by_role("button", name="Bekijk het voorbeeld").click()
    expect(example.get_by_text("Beste Sanne de Boer,")).to_be_visible()
    expect(example.get_by_role("link", name="Bekijk uw vraag")).to_be_visible()
    coordinator.get_by_role("button", name="Bekijk zonder opmaak").click()
    expect(example.get_by_text("https://bureau.example/voorbeeld")).to_be_visible()
    body.fill("Dag {naam")
    coordinator.get_by_role("button", name="Bekijk het voorbeeld").click()
    expect(example.get_by_text("Regel 1: een accolade staat los.")).to_be_visible()
    coordinator.get_by_role("button", name="Bewaar", exact=True).click()
    expect(coordinator.locator("#fouten")).to_be_focused()
    assert violations(coordinator) == []
