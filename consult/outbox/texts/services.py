"""The firm's own texts in the database: which count now, save one, go back; each saving is a version that stays.

Whether a text fits is asked before (``grammar``); whoever speaks one looks again.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import exists, func, select, true, update
from sqlalchemy.exc import IntegrityError

from consult.outbox.texts.kinds import Said
from consult.outbox.texts.models import TextVersion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession

_VERSIONS = TextVersion.metadata.tables[TextVersion.__tablename__]
# Made once: making it costs more than asking it.
_IN_USE = select(_VERSIONS.c.key, _VERSIONS.c.language, _VERSIONS.c.subject, _VERSIONS.c.body).where(
    _VERSIONS.c.current == true(), _VERSIONS.c.body.is_not(None)
)
# Whether there are any: for who has another question to ask in the same transaction anyway.
ANY_IN_USE = exists().where(_VERSIONS.c.current == true(), _VERSIONS.c.body.is_not(None))
_KEPT = "consult.outbox.texts"


class TextChanged(Exception):
    """Somebody else saved this text meanwhile."""


class Key(NamedTuple):
    """Which text, in which language."""

    text: str
    language: str


def in_use(session: DbSession) -> dict[tuple[str, str], Said]:
    """The firm's own texts by key and language: one statement in a transaction, however many mails it makes."""
    connection = session.connection()
    kept = session.info.get(_KEPT)
    # A transaction has a connection object of its own.
    if kept is not None and kept[0]() is connection:
        own: dict[tuple[str, str], Said] = kept[1]
        return own
    rows = connection.execute(_IN_USE)
    own = {(key, language): Said(subject, body) for key, language, subject, body in rows}
    session.info[_KEPT] = (weakref.ref(connection), own)
    return own


def versions(session: DbSession, key: Key, *, most: int = 20) -> Sequence[TextVersion]:
    """How a text stood, the newest first; the first one counts."""
    of_this = (TextVersion.key == key.text, TextVersion.language == key.language)
    return session.scalars(
        select(TextVersion).where(*of_this).order_by(TextVersion.number.desc()).limit(most)
    ).all()


def version(session: DbSession, key: Key, number: int) -> TextVersion | None:
    """One version of a text; None when there is none with this number."""
    of_this = (TextVersion.key == key.text, TextVersion.language == key.language)
    return session.scalars(select(TextVersion).where(*of_this, TextVersion.number == number)).one_or_none()


def keep(
    session: DbSession, key: Key, said: Said | None, *, based_on: int, by: str, now: datetime
) -> TextVersion:
    """Let a text be spoken from now on; None is the default. ``based_on`` is the version that was looked at (0: none).

    Raises:
        TextChanged: another version counts by now.
    """
    newest = session.scalar(
        select(func.max(TextVersion.number)).where(
            TextVersion.key == key.text, TextVersion.language == key.language
        )
    )
    if (newest or 0) != based_on:
        raise TextChanged
    made = TextVersion(
        key=key.text,
        language=key.language,
        number=based_on + 1,
        subject=said.subject if said else "",
        body=said.body if said else None,
        current=True,
        saved_by=by,
        saved_at=now,
    )
    try:
        with session.begin_nested():
            session.execute(
                update(TextVersion)
                .where(TextVersion.key == key.text, TextVersion.language == key.language)
                .values(current=False)
            )
            session.add(made)
    except IntegrityError as error:
        raise TextChanged from error
    session.info.pop(_KEPT, None)
    return made
