"""Keys of programs: made, found again by what a program sends, and ended. Knows no page and no call."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from consult.activity.services import record
from consult.people.keys.models import ApiKey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from consult.database import DbSession

# What a key begins with, so that a scan of somebody's files recognises one that leaked.
PREFIX = "consult_"
SHOWN = len(PREFIX) + 4
LENGTH = len(PREFIX) + 43  # 256 random bits in URL-safe base64
FEWEST_PER_MINUTE, MOST_PER_MINUTE = 1, 6000


class Scope(StrEnum):
    """What a key opens: look at questions and talks; ask and plan; act as at the desk; look at the office's lists."""

    READ = "read"
    WRITE = "write"
    DESK = "desk"
    ADMIN = "admin"


class AlreadyMade(Exception):
    """The form made its key before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """What is chosen for a new key; ``expires_on`` is the last day on which it works, None: until it is ended."""

    form_key: str
    name: str
    scopes: frozenset[Scope]
    advisor_id: int | None = None
    expires_on: date | None = None
    per_minute: int = 120


def key_actor(key_id: int) -> str:
    """How a program is named as the one who acted."""
    return f"key:{key_id}"


def make_key(session: DbSession, new: NewKey, *, actor: str, now: datetime) -> tuple[ApiKey, str]:
    """A new key and its text, which is kept nowhere and can be shown this once.

    Raises:
        AlreadyMade: this form made one before, whose text was shown then.
    """
    if session.scalar(select(ApiKey.id).where(ApiKey.form_key == new.form_key)) is not None:
        raise AlreadyMade
    text = PREFIX + secrets.token_urlsafe(32)
    made = ApiKey(
        form_key=new.form_key,
        name=new.name,
        key_hash=_hash(text),
        beginning=text[:SHOWN],
        scopes=sorted(new.scopes),
        advisor_id=new.advisor_id,
        per_minute=new.per_minute,
        made_by=actor,
        created_at=now,
        expires_on=new.expires_on,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise AlreadyMade from None
    subject, given = ("api_key", made.id), made.scopes
    record(session, subject, "api_key.made", actor=actor, now=now, scopes=given, advisor=new.advisor_id)
    return made, text


def end_key(session: DbSession, key: ApiKey, *, actor: str, now: datetime) -> None:
    """From now on the key opens nothing. Twice is once."""
    if key.ended_at is not None:
        return
    key.ended_at = now
    record(session, ("api_key", key.id), "api_key.ended", actor=actor, now=now)
    session.flush()


def find_key(session: DbSession, text: str, *, today: date) -> ApiKey | None:
    """The key that a program sent, with its advisor; None when it is unknown, ended or past its last day.

    A key in the name of an advisor works for as long as that advisor does.
    """
    if len(text) != LENGTH or not text.isascii():
        return None
    found = session.scalar(
        select(ApiKey).options(joinedload(ApiKey.advisor)).where(ApiKey.key_hash == _hash(text))
    )
    return found if found is not None and works(found, today=today) else None


def works(key: ApiKey, *, today: date) -> bool:
    """Whether the key opens anything on this day."""
    if key.ended_at is not None or (key.expires_on is not None and key.expires_on < today):
        return False
    return key.advisor is None or key.advisor.active


def note_use(session: DbSession, key_id: int, *, today: date) -> None:
    """Remember the day, and no more than the day."""
    session.execute(update(ApiKey).where(ApiKey.id == key_id).values(used_on=today))


def all_keys(session: DbSession) -> Sequence[ApiKey]:
    """Every key there ever was, the newest first."""
    return session.scalars(
        select(ApiKey).options(joinedload(ApiKey.advisor)).order_by(ApiKey.id.desc())
    ).all()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
