"""What belongs to the running request: the settings of the app and the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app, g, has_request_context, request

if TYPE_CHECKING:
    from consult.settings import Settings

LANGUAGES = ("nl", "en")


def settings() -> Settings:
    """The settings that the running app was made with."""
    return cast("Settings", current_app.extensions["consult"])


def language() -> str:
    """``nl`` or ``en``: what the address asks for, else what the browser prefers, else the firm's own."""
    default = settings().locale
    if not has_request_context():
        return default
    if "language" not in g:
        asked = request.args.get("taal", "")
        g.language = asked if asked in LANGUAGES else request.accept_languages.best_match(LANGUAGES, default)
    return str(g.language)
