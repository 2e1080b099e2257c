"""The file that a contact page hands out: in the database, so that every web process has it and a backup holds it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.database import Model, UtcDateTime


class HandoutFile(Model):
    """The bytes of one page's hand-out and the name to save them under; ``fingerprint`` is their SHA-256.

    ``content`` is only read when somebody opens the file.
    """

    __tablename__ = "handout_file"

    page_id: Mapped[int] = mapped_column(ForeignKey("contact_page.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
