"""What happened: one row for every change of state. Threads, the audit trail and statistics read the same rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.database import Model, UtcDateTime
from consult.sealing.types import SealedText


class Activity(Model):
    """Who did what to which subject, when, and why; ``data`` holds facts, never the text of a message."""

    __tablename__ = "activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    what: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(40))
    why: Mapped[str | None] = mapped_column(SealedText())
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = (
        Index(None, "subject_kind", "subject_id", "at"),
        Index(None, "what", "at"),
        # What one person did, the newest first.
        Index(None, "actor", "at"),
    )
