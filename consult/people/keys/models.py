"""What is kept of the keys with which programs call the API: never the key itself."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.database import Model, UtcDateTime
from consult.people.models import Advisor


class ApiKey(Model):
    """A key of a program: only its SHA-256 is kept, and its first characters to know it by.

    ``form_key`` is that of the form that made it: the same form makes one key. ``scopes`` are names of ``Scope``.
    With ``advisor`` the program acts in the name of that advisor, and on what is of that advisor only; without, in the
    name of whoever has a question or a talk. ``expires_on`` is the last day on which it works, and ``used_on`` the last
    day on which it was used, in the firm's zone. ``per_minute`` is its own limit.
    """

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    beginning: Mapped[str] = mapped_column(String(16))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    # A key in the name of somebody must not become one of the whole firm when that advisor goes.
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("advisor.id", ondelete="CASCADE"), index=True)
    per_minute: Mapped[int] = mapped_column(default=120)
    made_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_on: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_on: Mapped[date | None]
    advisor: Mapped[Advisor | None] = relationship()
