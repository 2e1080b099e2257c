"""What was erased, and the key to the trail. Knows no person: an erased row is only named by kind and number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from consult.database import Model, UtcDateTime


class Erasure(Model):
    """One question, talk, seat or series whose person was taken out; it is never looked at again by the retention.

    ``cause`` is ``asked`` (somebody asked for it) or ``term`` (its time to be kept was over).
    """

    __tablename__ = "erasure"

    subject_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    cause: Mapped[str] = mapped_column(String(10))


class TrailOpening(Model):
    """While a transaction holds a row here, the database lets it take texts out of the trail, or old rows.

    The row is gone before the transaction ends, so nobody else ever sees one.
    """

    __tablename__ = "trail_opening"

    id: Mapped[int] = mapped_column(primary_key=True)
