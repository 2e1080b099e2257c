"""Texts of contact pages and threads made ready for the screen."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import nh3
from babel.numbers import format_decimal
from flask_babel import gettext
from markdown_it import MarkdownIt
from markupsafe import Markup

from consult.web import current, dates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consult.contact.handout.keeping import Handout
    from consult.contact.thread import Entry

MEGABYTE = 1_000_000
TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br"}


@lru_cache(maxsize=256)
def as_html(markdown: str) -> Markup:
    """A coordinator's Markdown as HTML with a handful of harmless elements."""
    made = MarkdownIt("commonmark", {"html": False}).render(markdown)
    return Markup(  # noqa: S704 (cleaned by nh3 on the next line)
        nh3.clean(made, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto", "tel"})
    )


def file_facts(handout: Handout) -> str:
    """What somebody wants to know before opening a file: ``PDF, 84 kB``."""
    large = handout.size >= MEGABYTE
    size = round(handout.size / MEGABYTE, 1) if large else max(1, round(handout.size / 1000))
    number = format_decimal(size, locale=current.language())
    return f"{handout.extension}, {number} {'MB' if large else 'kB'}"


def shown_entries(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Entries of a thread as the visitor sees them."""
    zone, language = current.settings().timezone, current.language()
    return [
        {
            "kind": entry.kind,
            "author": gettext("U") if entry.kind == "question" else entry.author,
            "at": entry.at,
            "when": dates.stamp(entry.at, zone, language),
            "text": entry.text,
            "state": None,
            "id": None,
        }
        for entry in entries
    ]
