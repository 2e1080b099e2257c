"""A mail's words: one folder per event under ``templates/email``, in the receiver's language.

Needs no running request: a service renders for whoever receives, not for whoever clicks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from consult.web import dates
from consult.web.addresses import shown_phone
from consult.web.pages import Firm
from consult.web.translating import translations

if TYPE_CHECKING:
    from consult.settings import Settings

PACKAGE = Path(__file__).parent.parent
FOLDERS = (PACKAGE / "templates", PACKAGE.parent / "templates")


@dataclass(frozen=True, slots=True)
class Words:
    """A rendered mail; both bodies are complete on their own."""

    subject: str
    text: str
    html: str


def render(event: str, language: str, settings: Settings, context: dict[str, Any]) -> Words:
    """Render the three parts of ``event``.

    Raises:
        jinja2.TemplateNotFound: there is no such event.
        jinja2.UndefinedError: the context misses a value that the words need.
    """
    environment = _environment(settings, language)
    subject, text, html = (
        environment.get_template(f"email/{event}/{part}").render(context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    # A condition that does not hold leaves its empty lines behind.
    return Words(" ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n", html)


@lru_cache(maxsize=8)
def _environment(settings: Settings, language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDERS),
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        # Templates change with a new version only; to look at every file for every mail costs as much as rendering.
        auto_reload=False,
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # (by the extension)
    zone = settings.timezone
    environment.globals.update(firm=Firm.of(settings), locale=language, base_url=settings.base_url)
    environment.filters.update(
        day=lambda at: dates.day(dates.local_date(at, zone), language),
        full_day=lambda at: dates.day(dates.local_date(at, zone), language, year=True),
        moment=lambda span: dates.moment(span[0], span[1], zone, language),
        hours=lambda span: dates.hours(span[0], span[1], zone, language),
        phone=shown_phone,
    )
    return environment
