"""How somebody outside finds a question or a talk again: by its number, or by a private link."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.database import Model, UtcDateTime


class Purpose(StrEnum):
    """What a private link opens; a link for one purpose opens nothing else."""

    ENQUIRY = "enquiry"
    BOOKING = "booking"
    SEAT = "seat"
    SERIES = "series"
    OWN_DATA = "own_data"


class PersonalLink(Model):
    """A private link: only the SHA-256 of its token is kept, so the table opens no door."""

    __tablename__ = "personal_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "purpose", "subject_id"),)


class ReferenceCounter(Model):
    """The last number given out in a series such as ``C-2026``."""

    __tablename__ = "reference_counter"

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int]
