"""A text as its reader gets it, with invented people in it: in a frame of its own, kept in a sandbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Response, render_template, request
from markupsafe import Markup

from consult.office.guard import Coordinator, page
from consult.office.texts.views import find
from consult.office.texts.words import told
from consult.outbox.texts.defaults import shown
from consult.outbox.texts.kinds import BrokenText, Said
from consult.web import current
from consult.web.headers import FRAMED_MAIL, framed_by
from consult.web.text import clean

if TYPE_CHECKING:
    from consult.office.texts.reading import Kept

PLAIN = "tekst"
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


@page("/teksten/<key>/<language>/voorbeeld", methods=("GET", "POST"))
def text_preview(who: Coordinator, key: str, language: str) -> Response:
    """The text as it stands, or as it was typed; ``doe=tekst`` shows the plain part of a mail."""
    del who
    held = find(key, language)
    said = held.said if request.method == "GET" else _typed()
    wrong = [sentence for part in told(held.text, said) for sentence in part]
    if wrong:
        return _in_layout(held, wrong=wrong)
    try:
        made = shown(held.text, said, language, current.settings())
    except BrokenText:
        return _in_layout(held, wrong=[])
    if isinstance(made, Markup):
        return _in_layout(held, html=made)
    if request.values.get("doe") == PLAIN:
        return _in_layout(held, plain=made.text, subject=made.subject)
    # Mail programs open links outside the mail.
    html = _HEAD.sub(r'\g<0><base target="_blank">', made.html, count=1)
    return _with_policy(Response(html, mimetype="text/html"), FRAMED_MAIL)


def _typed() -> Said:
    subject = " ".join(clean(request.form.get("tekst-subject", "")).split())
    return Said(subject, clean(request.form.get("tekst-body", "")))


def _in_layout(held: Kept, **shown: object) -> Response:
    page = render_template("office/texts/frame.html", held=held, **shown)
    return _with_policy(Response(page), framed_by(["'self'"]))


def _with_policy(response: Response, policy: str) -> Response:
    response.headers["Content-Security-Policy"] = policy
    return response
