"""The firm's own words for what it mails and shows, one row for each time somebody saved them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.database import Model, UtcDateTime


class TextVersion(Model):
    """One text in one language as it stood from one saving to the next; only ``current`` ever changes.

    ``body`` is None where somebody went back to the default. Numbers count from 1 for each text and language, and are
    unique: of two people who save at once, the database refuses the second.
    """

    __tablename__ = "text_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5))
    number: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str | None] = mapped_column(Text)
    current: Mapped[bool]
    saved_by: Mapped[str] = mapped_column(String(40))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("key", "language", "number"), Index(None, "current"))
