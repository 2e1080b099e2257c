"""Give out numbers and private links, and open a private link."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from consult.links.models import PersonalLink, Purpose, ReferenceCounter

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession

# Made once, and past the unit of work: nobody needs these rows as objects.
_NEW_LINK = insert(PersonalLink.metadata.tables[PersonalLink.__tablename__])
_COUNTER = ReferenceCounter.metadata.tables[ReferenceCounter.__tablename__]
_NEXT = {
    name: dialect.insert(_COUNTER)
    .values(series=bindparam("series"), last=1)
    .on_conflict_do_update(index_elements=["series"], set_={"last": _COUNTER.c.last + 1})
    .returning(_COUNTER.c.last)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
TOKEN_LENGTH = 43  # 256 random bits in URL-safe base64


def issue_link(
    session: DbSession, purpose: Purpose, subject_id: int, *, expires_at: datetime | None, now: datetime
) -> str:
    """Make a private link and return its token; only its hash is stored, so it cannot be shown twice."""
    token = secrets.token_urlsafe(32)
    link = {
        "token_hash": _hash(token),
        "purpose": purpose,
        "subject_id": subject_id,
        "created_at": now,
        "expires_at": expires_at,
    }
    session.connection().execute(_NEW_LINK, link)
    return token


def open_link(session: DbSession, purpose: Purpose, token: str, *, now: datetime) -> int | None:
    """The id of what the link opens; None for a link that is unknown, of another purpose, or past its date."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    link = session.execute(
        select(PersonalLink.subject_id, PersonalLink.expires_at).where(
            PersonalLink.token_hash == _hash(token), PersonalLink.purpose == purpose
        )
    ).one_or_none()
    if link is None or (link.expires_at is not None and link.expires_at <= now):
        return None
    return int(link.subject_id)


def set_expiry(session: DbSession, purpose: Purpose, subject_id: int, expires_at: datetime | None) -> None:
    """Let all links to one subject end at the same moment, earlier or later than before; None: not at all."""
    session.execute(
        update(PersonalLink)
        .where(PersonalLink.purpose == purpose, PersonalLink.subject_id == subject_id)
        .values(expires_at=expires_at)
    )


def next_reference(session: DbSession, letter: str, year: int) -> str:
    """The next number of a series, such as ``C-2026-0412``; never given out twice, also under concurrency."""
    series = f"{letter}-{year}"
    number = (
        session.connection().execute(_NEXT[session.get_bind().dialect.name], {"series": series}).scalar_one()
    )
    return f"{series}-{number:04d}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
