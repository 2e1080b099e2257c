"""What is kept of signing in: who is signed in where, and the codes for who lost the telephone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.database import Model, UtcDateTime


class SignIn(Model):
    """Somebody signed in, in one browser: only the SHA-256 of the key in its cookie is kept.

    ``proved_at`` is when this person last proved who it is; None while the second step is still to come.
    ``seen_at`` is about when something was last sent from there; pages that are only looked at leave no trace.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    network: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(80))

    __table_args__ = (Index(None, "account_id", "created_at"),)


class RecoveryCode(Model):
    """A code that stands in for the telephone once; only its SHA-256 is kept, and a used one is gone."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
