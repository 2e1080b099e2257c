"""A mail's words: one folder per event under ``templates/email``, in the receiver's language.

Needs no running request: a service renders for whoever receives, not for whoever clicks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, select_autoescape

from consult.outbox.texts.kinds import BrokenText
from consult.outbox.texts.speaking import chosen, spoken
from consult.outbox.translated import TranslatedEnvironment
from consult.web import dates
from consult.web.addresses import shown_phone
from consult.web.pages import Firm
from consult.web.translating import translations

if TYPE_CHECKING:
    from jinja2 import Environment, Template

    from consult.outbox.texts.speaking import Own, Spoken
    from consult.settings import Settings

PACKAGE = Path(__file__).parent.parent
FOLDERS = (PACKAGE / "templates", PACKAGE.parent / "templates")


@dataclass(frozen=True, slots=True)
class Words:
    """A rendered mail; both bodies are complete on their own."""

    subject: str
    text: str
    html: str


def render(
    event: str, language: str, settings: Settings, context: dict[str, Any], own: Own | None = None
) -> Words:
    """Render the three parts of ``event``: in the firm's ``own`` words when it has some that fit, or as we say it.

    Raises:
        jinja2.TemplateNotFound: there is no such event.
        jinja2.UndefinedError: the context misses a value that the words need.
    """
    environment = environment_for(settings, language)
    if own:
        try:
            if (found := chosen(own, event, language, environment, context)) is not None:
                return _own_words(event, environment, context, spoken(*found, environment, context))
        except (BrokenText, TemplateError) as error:
            structlog.get_logger(__name__).warning("own_text_not_sent", mail=event, why=type(error).__name__)
    subject, text, html = (part.render(context) for part in _parts(environment, event))
    return Words(" ".join(subject.split()), _tidy(text), html)


@lru_cache(maxsize=512)
def _parts(environment: Environment, event: str) -> tuple[Template, ...]:
    """The subject, the text and the HTML of an event: templates change with a new version only."""
    names = ("subject.txt", "body.txt", "body.html")
    return tuple(environment.get_template(f"email/{event}/{name}") for name in names)


def _own_words(event: str, environment: Environment, context: dict[str, Any], said: Spoken) -> Words:
    """What the firm wrote, around the parts that the template of ``event`` lays out."""
    text, html = (
        environment.get_template(f"email/own.{kind}").render(
            context, own=said, parent=f"email/{event}/body.{kind}"
        )
        for kind in ("txt", "html")
    )
    return Words(said.subject, _tidy(text), html)


def _tidy(text: str) -> str:
    """A condition that does not hold leaves its empty lines behind."""
    return re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"


@lru_cache(maxsize=8)
def environment_for(settings: Settings, language: str) -> Environment:
    """The templates in a language, with the filters and globals of mails."""
    catalogue = translations(language)
    environment = TranslatedEnvironment(
        catalogue.gettext,
        loader=FileSystemLoader(FOLDERS),
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        # Templates change with a new version only; to look at every file for every mail costs as much as rendering.
        auto_reload=False,
    )
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]  # (by the extension)
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
