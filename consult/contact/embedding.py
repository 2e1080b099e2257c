"""Which sites may show a contact page in a frame. Knows origins, no header and no request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consult.contact.models import ContactPage

# One exact origin (RFC 6454): no wildcard, no path, and no character that could begin a next directive of a CSP.
_ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d{1,5})?")


def as_origin(text: str) -> str | None:
    """The origin that a coordinator typed, in lower case and without a slash at the end; None when it is none."""
    origin = text.strip().lower().removesuffix("/")
    return origin if _ORIGIN.fullmatch(origin) else None


def sites_of(page: ContactPage) -> tuple[str, ...]:
    """The origins that may show this page in a frame; whatever is no origin is left out."""
    return tuple(origin for text in page.allowed_sites if (origin := as_origin(text)))
