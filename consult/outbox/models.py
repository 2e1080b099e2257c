"""Mail that has to leave the house, stored in the same transaction as what it tells."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from consult.database import Model, UtcDateTime
from consult.sealing.types import SealedBytes


class MailState(StrEnum):
    """Where a mail is: waiting for its turn, accepted by the mail server, given up, or no longer of use."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"


class OutgoingMail(Model):
    """One mail to one receiver. ``raw`` holds its final bytes, Message-ID included: a retry sends the same.

    A worker that takes a mail sets ``leased_until``; a mail whose lease has run out may be taken again.
    """

    __tablename__ = "outgoing_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    sender: Mapped[str] = mapped_column(String(254))
    recipient: Mapped[str] = mapped_column(String(254))
    # Known before the row is: it lets SQLite store the mails of one event in one statement.
    message_id: Mapped[str] = mapped_column(
        String(255), unique=True, default=lambda: secrets.token_hex(16), insert_sentinel=True
    )
    raw: Mapped[bytes] = deferred(mapped_column(SealedBytes()))
    state: Mapped[str] = mapped_column(String(10), default=MailState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(None, "state", "next_attempt_at"),
        Index(None, "subject_kind", "subject_id"),
        Index(None, "event", "created_at"),
    )


class Heartbeat(Model):
    """When a worker was last seen at work."""

    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(String(100), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
