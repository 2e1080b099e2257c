"""Mail that came in: its bytes as they arrived, and what became of it. Knows nothing of what it is about."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from consult.database import Model, UtcDateTime
from consult.sealing.types import SealedBytes, SealedText


class ArrivalState(StrEnum):
    """Where an arrived mail is: not opened yet, done, left for a person to look at, or of no use to anybody."""

    RECEIVED = "received"
    HANDLED = "handled"
    UNREADABLE = "unreadable"
    IGNORED = "ignored"


class IncomingMail(Model):
    """One mail to one of our addresses. ``raw`` is never changed.

    ``content_hash`` leaves out what a mail server adds on the way, so that a second delivery of the same mail to the
    same address is the same row. ``token`` is the part of our address that names what the mail is about. ``judged``
    is a ``consult.postbox.outcome.Judged``; ``text`` is what a person should read of it; ``error`` is a code.
    """

    __tablename__ = "incoming_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(255))
    content_hash: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sender: Mapped[str] = mapped_column(String(254))
    token: Mapped[str | None] = mapped_column(String(64))
    raw: Mapped[bytes] = deferred(mapped_column(SealedBytes()))
    state: Mapped[str] = mapped_column(String(10), default=ArrivalState.RECEIVED)
    judged: Mapped[str | None] = mapped_column(String(30))
    text: Mapped[str | None] = mapped_column(SealedText())
    error: Mapped[str | None] = mapped_column(String(200))
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("message_id", "content_hash"),
        Index(None, "state", "id"),
        Index(None, "subject_kind", "subject_id"),
    )
