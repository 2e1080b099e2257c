"""What advisors keep while they write: drafts, replies to use again, and the trace of who has a question open."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.database import Model, UtcDateTime
from consult.sealing.types import SealedText


class DraftKind(StrEnum):
    """What is being written."""

    REPLY = "reply"
    NOTE = "note"


class Draft(Model):
    """A text that an advisor has not sent yet: one of each kind for each question."""

    __tablename__ = "draft"

    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id", ondelete="CASCADE"), primary_key=True)
    advisor_id: Mapped[int] = mapped_column(
        ForeignKey("advisor.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    body: Mapped[str] = mapped_column(SealedText())
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SavedReply(Model):
    """A text to answer with again, with fields such as ``{{naam}}``; without ``advisor_id`` it is for everybody."""

    __tablename__ = "saved_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("advisor.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Presence(Model):
    """When an advisor was last seen with a question open, and whether in the middle of writing."""

    __tablename__ = "presence"

    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id", ondelete="CASCADE"), primary_key=True)
    advisor_id: Mapped[int] = mapped_column(
        ForeignKey("advisor.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    writing: Mapped[bool] = mapped_column(default=False)
