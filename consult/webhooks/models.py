"""Addresses of other programs that want to hear what happens here, what is to be told to them, and how that went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.database import Model, UtcDateTime
from consult.sealing.types import SealedJson


class Webhook(Model):
    """An address, and of which events (names of ``EventName``) it hears.

    ``sealed`` is its secret and ``sealed_former`` the one before, with which is signed too until ``former_until``.
    ``failing_since`` is the first failure after which nothing arrived any more; ``off_at`` is since when nothing is
    told to it, and ``off_why`` is ``chosen``, ``failing`` or ``gone``.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    url: Mapped[str] = mapped_column(String(500))
    events: Mapped[list[str]] = mapped_column(JSON)
    sealed: Mapped[str] = mapped_column(Text)
    sealed_former: Mapped[str | None] = mapped_column(Text)
    former_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    off_why: Mapped[str | None] = mapped_column(String(10))
    made_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeliveryState(StrEnum):
    """Whether the other side has it; dead is what was given up."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class WebhookDelivery(Model):
    """One event for one address, as it was when it happened; ``message_id`` is the same at every try.

    Stored in the transaction of what it tells. Nobody else takes it before ``leased_until``.
    """

    __tablename__ = "webhook_delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(String(40), unique=True)
    event: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(SealedJson())
    state: Mapped[str] = mapped_column(String(10), default=DeliveryState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[list[WebhookAttempt]] = relationship(
        order_by="WebhookAttempt.id", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (
        Index(None, "webhook_id", "state", "next_attempt_at"),
        Index(None, "subject_kind", "subject_id"),
        Index(None, "state", "settled_at"),
    )


class WebhookAttempt(Model):
    """One try: what the other side answered (``status``), or why there is no answer (``fault``, a code).

    What stood in the answer is not kept: it is of somebody else, and could hold anything.
    """

    __tablename__ = "webhook_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("webhook_delivery.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    milliseconds: Mapped[int]
    status: Mapped[int | None]
    fault: Mapped[str | None] = mapped_column(String(20))
