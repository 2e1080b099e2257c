"""Whether a page of somebody else leads to a contact page of ours: a link, our element, or our frame.

Text in, yes or no out; knows no network and no database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection
    from email.message import Message

ELEMENT = "consult-contact"
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([a-zA-Z0-9_-]{1,40})""", re.IGNORECASE)
_OURS = re.compile(r"/(?:p|embed)/([^/?#]+)/?")


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for: the names in addresses that a page has or had, and the hosts of this installation."""

    slugs: Collection[str]
    hosts: Collection[str]


def leads_to(html: str, address: str, sought: Sought) -> bool:
    """Whether this page, found at ``address``, leads to the contact page. What stands in a comment does not count."""
    reader = _Reader(address, sought)
    reader.feed(html)
    return reader.found


def as_text(body: bytes, headers: Message) -> str:
    """The text of a page in the encoding that it states, else as UTF-8; what cannot be read becomes a mark."""
    stated = headers.get_content_charset()
    if stated is None and (named := _CHARSET.search(body[:4096])):
        stated = named.group(1).decode("ascii")
    try:
        return body.decode(stated or "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


class _Reader(HTMLParser):
    def __init__(self, address: str, sought: Sought) -> None:
        super().__init__(convert_charrefs=True)
        self._address = address
        self._sought = sought
        self.found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == ELEMENT:
            self.found |= given.get("page", "").strip() in self._sought.slugs
        elif tag in {"a", "area"}:
            self.found |= self._is_ours(given.get("href", ""))
        elif tag == "iframe":
            self.found |= self._is_ours(given.get("src", ""))

    def _is_ours(self, link: str) -> bool:
        try:
            parts = urlsplit(urljoin(self._address, link.strip()))
            host = parts.hostname
        except ValueError:
            return False
        ours = _OURS.fullmatch(parts.path)
        return ours is not None and host in self._sought.hosts and ours.group(1) in self._sought.slugs
