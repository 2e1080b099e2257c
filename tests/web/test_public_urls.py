"""An address in a mail that has left cannot be mended: each of them leads to a page."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from consult.web import public_urls

if TYPE_CHECKING:
    from flask import Flask

    from consult.settings import Settings

NAMED = {"token": "a" * 43, "slug": "wijkgesprek", "reference": "C-2026-0001"}


def test_every_address_that_leaves_the_house_leads_to_a_page(app: Flask, settings: Settings) -> None:
    made = {name: each for name, each in vars(public_urls).items() if name.endswith("_url")}
    assert len(made) > 10
    routes = app.url_map.bind("localhost")
    for name, make in made.items():
        wanted = [each for each in inspect.signature(make).parameters if each != "settings"]
        path = make(settings, *(NAMED[each] for each in wanted)).removeprefix(settings.base_url)
        assert routes.test(path, "GET"), f"{name}: {path}"
