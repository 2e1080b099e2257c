"""Addresses of our own style sheet, scripts and pictures; each carries a hash, so a browser may keep it for a year."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import current_app, url_for

YEAR = 365 * 24 * 3600


def asset(name: str) -> str:
    """The address of a file under ``static/``.

    Raises:
        FileNotFoundError: there is no such file; a page must not name one.
    """
    return url_for("static", filename=name, v=_fingerprint(str(current_app.static_folder), name))


def picture_href(stored: str | None) -> str | None:
    """The address of a picture: a file under ``static/``, or one with an address of its own; None without one."""
    return stored if stored is None or stored.startswith("/") else asset(stored)


@lru_cache(maxsize=512)
def _fingerprint(folder: str, name: str) -> str:
    return hashlib.sha256(Path(folder, name).read_bytes()).hexdigest()[:10]


def ink_on(accent: str) -> str:
    """Black or white, whichever contrasts more with ``#rrggbb`` (WCAG 2.2, relative luminance)."""

    def linear(channel: str) -> float:
        value = int(channel, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(accent[i : i + 2]) for i in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#fff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#111"
