"""The firm on its pages: name or logo, accent, and one style sheet that a browser keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consult.settings_files import SettingsError
from tests.support.apps import running
from tests.support.pages import Visitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.apps import MakeSettings

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def test_without_a_logo_the_name_stands_on_a_plate(visitor: Visitor) -> None:
    page = visitor.open("/privacy")
    plate = page.tree.first("a", **{"class": "plate"})
    assert plate is not None
    assert plate.text == "Bureau Voorbeeld"
    assert visitor.client.get("/huisstijl/logo").status_code == 404


@pytest.mark.parametrize("address", ["/privacy", "/bestaat-niet"])
def test_a_logo_takes_the_place_of_the_name_and_says_it(
    make_settings: MakeSettings, tmp_path: Path, address: str
) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(SVG, encoding="utf-8")
    with running(make_settings(firm_logo=logo, firm_name="Bureau & Zoon")) as app:
        visitor = Visitor(app.test_client())
        page = visitor.open(address, status=200 if address == "/privacy" else 404)
        (image,) = page.tree.all("img")
        assert image.get("alt") == "Bureau & Zoon"
        with visitor.client.get(image.get("src")) as answer:
            assert (answer.mimetype, answer.get_data(as_text=True)) == ("image/svg+xml", SVG)
            assert "Set-Cookie" not in answer.headers
            # A drawing may hold a script; opened by itself it may run nothing.
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["weg.svg", "logo.html"])
def test_a_logo_that_is_no_picture_is_refused_when_the_settings_are_read(
    make_settings: MakeSettings, tmp_path: Path, name: str
) -> None:
    (tmp_path / "logo.html").write_text("<p>", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"CONSULT_FIRM_LOGO: is not a file that ends in \.svg"):
        make_settings(firm_logo=tmp_path / name)


def test_the_style_sheet_ends_with_the_accent_and_is_kept_under_its_own_address(
    make_settings: MakeSettings,
) -> None:
    with running(make_settings(firm_accent="#ffd400")) as app:
        visitor = Visitor(app.test_client())
        (sheet,) = (
            each for each in visitor.open("/privacy").tree.all("link") if each.get("rel") == "stylesheet"
        )
        answer = visitor.client.get(sheet.get("href"))
        assert answer.get_data(as_text=True).endswith(":root{--accent:#ffd400;--accent-ink:#111}\n")
        assert answer.cache_control.max_age == 365 * 24 * 3600
        old = visitor.client.get("/huisstijl.css?v=0000000000")
        assert old.cache_control.max_age == 3600
        assert (
            visitor.client.get("/huisstijl.css", headers={"If-None-Match": old.headers["ETag"]}).status_code
            == 304
        )
