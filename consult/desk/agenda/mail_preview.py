"""The mail that somebody would get, before anything happens: the act is done, its mail read, and all of it undone.

So a preview can never differ from what is sent but for the private link in it, which is left out.
"""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from email.policy import default
from typing import TYPE_CHECKING

from flask import make_response, render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from consult.outbox.models import OutgoingMail

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from consult.database import DbSession

FIELD, BACK = "voorbeeld", "terug"
PRIVATE = re.compile(r"(https?://[^\s/]+/[a-z]+/)[\w-]{16,}")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person, as its reader sees the text of it."""

    to: str
    subject: str
    text: str


def went_back() -> bool:
    """Whether somebody saw the mail and wants to change something first: the form as it was typed is shown again."""
    return BACK in request.form


def mail_first(
    session: DbSession,
    act: Callable[[], object],
    *,
    name: str,
    address: str,
    button: str,
    kind: str = "primary",
) -> Response | None:
    """The page that shows the mail to this person and asks once more, if it was asked for; else None.

    Raises:
        Exception: whatever the act raises.
    """
    if FIELD not in request.form:
        return None
    letter = letter_of(session, act, to=address)
    typed = [(field, value) for field, value in request.form.items(multi=True) if field not in {FIELD, BACK}]
    page = render_template(
        "desk/mail_preview.html",
        letter=letter,
        name=name,
        button=button,
        kind=kind,
        typed=typed,
        action=request.full_path.rstrip("?"),
    )
    return make_response(page)


def letter_of(session: DbSession, act: Callable[[], object], *, to: str) -> Letter | None:
    """The mail that the act would send to this address; None when it sends none. Nothing of the act stays.

    Raises:
        Exception: whatever the act raises.
    """
    before = session.scalar(select(func.max(OutgoingMail.id))) or 0
    try:
        act()
        session.flush()
        raw = session.scalars(
            select(OutgoingMail)
            .options(undefer(OutgoingMail.raw))
            .where(OutgoingMail.id > before, func.lower(OutgoingMail.recipient) == to.lower())
            .order_by(OutgoingMail.id)
            .limit(1)
        ).first()
        return _read(raw.raw, to) if raw else None
    finally:
        session.rollback()


def _read(raw: bytes, to: str) -> Letter:
    message = email.message_from_bytes(raw, policy=default)
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    return Letter(to, str(message["Subject"]), PRIVATE.sub(r"\1…", text).strip())
