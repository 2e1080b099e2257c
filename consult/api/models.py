"""Answers that are kept so that a repeated call gets the same one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from consult.database import Model, UtcDateTime
from consult.sealing.types import SealedJson


class IdempotentAnswer(Model):
    """The first answer to a call with an Idempotency-Key; ``body_hash`` tells a repeat from another call."""

    __tablename__ = "idempotent_answer"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    route: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(SealedJson())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
