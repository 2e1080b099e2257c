"""The firm's own texts on pages: ``own_text`` in a template gives one, or None where the page speaks for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from jinja2 import TemplateError
from markupsafe import Markup

from consult.database import db
from consult.outbox.rendering import environment_for
from consult.outbox.texts.kinds import BrokenText
from consult.outbox.texts.registry import of_key
from consult.outbox.texts.services import in_use
from consult.outbox.texts.speaking import spoken
from consult.web import current

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Let every template ask for a text of the firm."""
    app.jinja_env.globals["own_text"] = own_text


def own_text(key: str, **context: Any) -> Markup | None:
    """The firm's own words for this spot, in the language of the page; ``context`` is what its places stand for."""
    language = current.language()
    text, said = of_key(key), in_use(db.session).get((key, language))
    if text is None or said is None:
        return None
    environment = environment_for(current.settings(), language)
    try:
        pieces = spoken(text, said, environment, context, in_mail=False).pieces
    except (BrokenText, TemplateError) as error:
        structlog.get_logger(__name__).warning("own_text_not_shown", text=key, why=type(error).__name__)
        return None
    return Markup().join(Markup(each.html) for each in pieces)  # noqa: S704 (cleaned by to_html)
