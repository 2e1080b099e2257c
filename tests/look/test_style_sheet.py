"""The style sheet as figures: its weight, and the contrast of every text colour on every ground, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from consult.web.style import squeeze

SHEET = (Path(__file__).parents[2] / "static" / "consult.css").read_text(encoding="utf-8")
TEXTS = ("ink", "quiet", "good", "warn", "bad")
GROUNDS = ("paper", "card")


def _tokens(part: str) -> dict[str, str]:
    return {
        name: _six(value) for name, value in re.findall(r"--([\w-]+): #([0-9a-f]{3}(?:[0-9a-f]{3})?);", part)
    }


def _six(digits: str) -> str:
    return digits if len(digits) == 6 else "".join(2 * digit for digit in digits)


LIGHT_PART, DARK_PART = SHEET.split("/* Ground */")[0].split("@media (prefers-color-scheme: dark)")
LIGHT = _tokens(LIGHT_PART)
DARK = {**LIGHT, **_tokens(DARK_PART)}
SCHEMES = {"light": LIGHT, "dark": DARK}


def _luminance(digits: str) -> float:
    """Relative luminance (WCAG 2.2) of ``rrggbb``."""

    def linear(channel: str) -> float:
        value = int(channel, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(digits[i : i + 2]) for i in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_text_colour_can_be_read_on_every_ground(scheme: str, text: str, ground: str) -> None:
    colours = SCHEMES[scheme]
    assert _contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_edge_of_a_field_can_be_seen_on_every_ground(scheme: str, ground: str) -> None:
    colours = SCHEMES[scheme]
    assert _contrast(colours["edge"], colours[ground]) >= 3


def test_what_a_visitor_loads_of_our_style_stays_under_twelve_kilobytes() -> None:
    assert len(squeeze(SHEET).encode()) < 12 * 1024


@pytest.mark.parametrize(
    ("sheet", "squeezed"),
    [
        ("a { color : red; }\n", "a{color :red}"),
        (".x :is(b, i) > :first-child { margin: 0 -1px }", ".x :is(b,i)>:first-child{margin:0 -1px}"),
        ("/* why\n */ p,\n q { }", "p,q{}"),
        (
            "@media (min-width: 60rem) { a { top: calc(1rem + 2vw); } }",
            "@media (min-width:60rem){a{top:calc(1rem + 2vw)}}",
        ),
    ],
)
def test_squeezing_leaves_out_only_what_means_nothing(sheet: str, squeezed: str) -> None:
    assert squeeze(sheet) == squeezed


def test_the_style_sheet_loads_nothing() -> None:
    assert not re.search(r"url\(|@import|@font-face", SHEET)
