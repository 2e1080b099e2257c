"""Store mail that came in, find it again, and note what became of it. What is in it is read in ``opening``, later:
what was accepted is never lost, whatever is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from consult.postbox.addresses import Own
from consult.postbox.classify import Kind, content_hash, envelope
from consult.postbox.mime import MOST_BYTES
from consult.postbox.models import ArrivalState, IncomingMail
from consult.postbox.outcome import Judged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings

MOST_TRIES = 5
# Of a mail that is too large its beginning is kept: enough to see who wrote; the whole stays where it was.
KEPT_OF_TOO_LARGE = 64 * 1024


def receive(
    session: DbSession,
    raw: bytes,
    *,
    token: str | None = None,
    too_large: bool = False,
    settings: Settings,
    now: datetime,
) -> list[IncomingMail]:
    """Store a mail: for ``token`` when the envelope named one, else for every token its headers name.

    A mail that is known already is not stored again; gives what is new.
    """
    told = envelope(raw, Own.of(settings))
    too_large = too_large or len(raw) > MOST_BYTES
    stored = []
    for each in (token,) if token is not None else told.tokens or (None,):
        mail = IncomingMail(
            message_id=told.message_id,
            content_hash=content_hash(raw, each),
            received_at=now,
            sender=told.sender,
            token=each,
            raw=raw[:KEPT_OF_TOO_LARGE] if too_large else raw,
        )
        if too_large:
            leave(mail, Kind.TOO_LARGE, now=now)
        if _is_new(session, mail):
            stored.append(mail)
    return stored


def _is_new(session: DbSession, mail: IncomingMail) -> bool:
    known = select(IncomingMail.id).where(
        IncomingMail.message_id == mail.message_id, IncomingMail.content_hash == mail.content_hash
    )
    if session.scalar(known) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(mail)
    except IntegrityError:
        # Another door was handed the same mail at the same time.
        return False
    return True


def next_unopened(session: DbSession, *, after: int) -> IncomingMail | None:
    """The oldest unopened mail with an id above ``after``, locked; one that somebody else locked is passed by."""
    return session.scalar(
        select(IncomingMail)
        .options(undefer(IncomingMail.raw))
        .where(IncomingMail.state == ArrivalState.RECEIVED, IncomingMail.id > after)
        .order_by(IncomingMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def set_aside(mail: IncomingMail, error: str, *, now: datetime) -> None:
    """Opening it failed by no fault of the mail that we know of: try again later, and leave it for a person at last."""
    mail.attempts += 1
    mail.error = error
    if mail.attempts >= MOST_TRIES:
        leave(mail, error, now=now)


def left_for_a_person(session: DbSession, *, most: int = 50) -> Sequence[IncomingMail]:
    """Mail that nobody could act on, oldest first: show it to a person."""
    return session.scalars(
        select(IncomingMail)
        .where(IncomingMail.state == ArrivalState.UNREADABLE)
        .order_by(IncomingMail.id)
        .limit(most)
    ).all()


def of_subject(session: DbSession, subject: tuple[str, int]) -> Sequence[IncomingMail]:
    """What came in by mail about one question or talk, oldest first."""
    kind, subject_id = subject
    return session.scalars(
        select(IncomingMail)
        .where(IncomingMail.subject_kind == kind, IncomingMail.subject_id == subject_id)
        .order_by(IncomingMail.received_at, IncomingMail.id)
    ).all()


def seen_by_a_person(mail: IncomingMail, *, now: datetime) -> None:
    """Somebody has looked at what was left and needs it no more."""
    if mail.state == ArrivalState.UNREADABLE:
        mail.state, mail.settled_at = ArrivalState.IGNORED, now


def leave(mail: IncomingMail, error: str, *, now: datetime, judged: Judged = Judged.UNKNOWN) -> None:
    """Nothing can be done with it; a person should look, and ``error`` says why."""
    settle(mail, ArrivalState.UNREADABLE, judged, now=now)
    mail.error = error[:200]


def settle(
    mail: IncomingMail, state: ArrivalState, judged: Judged, *, now: datetime, text: str | None = None
) -> None:
    """It is dealt with."""
    mail.state, mail.judged, mail.text, mail.settled_at, mail.error = state, judged, text, now, None
