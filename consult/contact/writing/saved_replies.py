"""Replies kept to use again, of one advisor or of everybody, with fields that are filled in when one is taken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from consult.contact.writing.models import SavedReply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from consult.database import DbSession

FIELDS = ("naam", "voornaam", "organisatie", "adviseur", "nummer", "thema", "bureau")
_FIELD = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class NotYours(Exception):
    """The reply belongs to somebody else."""


def unknown_fields(body: str) -> tuple[str, ...]:
    """The fields in a text that nothing fills in, each once."""
    return tuple(dict.fromkeys(name for name in _FIELD.findall(body) if name.lower() not in FIELDS))


def filled_in(body: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in; a field without a value is left out, with the space before it."""

    def value(match: re.Match[str]) -> str:
        return values.get(match[1].lower(), "")

    text = _FIELD.sub(value, body)
    return re.sub(r"[ \t]+(?=[,.!?\n]|$)", "", text)


def replies_for(session: DbSession, advisor_id: int) -> Sequence[SavedReply]:
    """The replies that this advisor may use: the own ones and everybody's, by title."""
    mine_or_all = or_(SavedReply.advisor_id == advisor_id, SavedReply.advisor_id.is_(None))
    return session.scalars(select(SavedReply).where(mine_or_all).order_by(SavedReply.title)).all()


def reply_by_id(session: DbSession, reply_id: int, advisor_id: int, *, any_shared: bool) -> SavedReply:
    """A reply to change: one's own; one for everybody only with ``any_shared``.

    Raises:
        NotYours: it is somebody else's, or it does not exist.
    """
    found = session.get(SavedReply, reply_id)
    if found is None or not (found.advisor_id == advisor_id or (found.advisor_id is None and any_shared)):
        raise NotYours
    return found


def keep_reply(
    session: DbSession,
    known: SavedReply | None,
    *,
    owner_id: int | None,
    title: str,
    body: str,
    now: datetime,
) -> SavedReply:
    """Keep a reply, new or in place of a known one; without ``owner_id`` it is for everybody."""
    if known is None:
        known = SavedReply(advisor_id=owner_id, title=title, body=body, changed_at=now)
        session.add(known)
    known.advisor_id, known.title, known.body, known.changed_at = owner_id, title, body, now
    session.flush()
    return known


def drop_reply(session: DbSession, known: SavedReply) -> None:
    """Throw a reply away."""
    session.delete(known)
    session.flush()
