"""The tables of group sessions: the session, who hosts it, and the seats, those of the waiting list among them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.database import Model, UtcDateTime
from consult.people.models import Advisor

CAPACITY = 40
WAITING_CAPACITY = 20
BUFFER_MINUTES = 15


class GroupState(StrEnum):
    """Whether a group session takes place."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class SeatState(StrEnum):
    """What a person who signed up has: a seat, a place in the queue, a seat that is held, or nothing any more."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    DECLINED = "declined"


STANDING = (SeatState.CONFIRMED, SeatState.WAITING, SeatState.OFFERED)


class GroupSession(Model):
    """A meeting for many. ``uid`` and ``sequence`` are those of its calendar object (RFC 5545 3.8.4.7, 3.8.7.4).

    ``place`` is a ``booking.models.Place``. Hosts are kept free for the buffers too. ``handout`` is a path under
    static/, mailed once after the end. ``changed_at`` is the last change that all calendars must hear of.
    """

    __tablename__ = "group_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(10))
    location: Mapped[str | None] = mapped_column(String(200))
    conference_url: Mapped[str | None] = mapped_column(String(500))
    capacity: Mapped[int] = mapped_column(default=CAPACITY)
    waiting_capacity: Mapped[int] = mapped_column(default=WAITING_CAPACITY)
    buffer_before_minutes: Mapped[int] = mapped_column(default=BUFFER_MINUTES)
    buffer_after_minutes: Mapped[int] = mapped_column(default=BUFFER_MINUTES)
    handout: Mapped[str | None] = mapped_column(String(200))
    handout_title: Mapped[str | None] = mapped_column(String(200))
    handout_sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default=GroupState.PLANNED)
    uid: Mapped[str] = mapped_column(String(255), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str | None] = mapped_column(String(500))

    hosts: Mapped[list[SessionHost]] = relationship(
        order_by="SessionHost.position", cascade="all, delete-orphan", back_populates="group_session"
    )

    __table_args__ = (
        CheckConstraint("capacity >= 1", name="capacity"),
        CheckConstraint("waiting_capacity >= 0", name="waiting_capacity"),
        CheckConstraint("starts_at < ends_at", name="forwards"),
        Index(None, "state", "starts_at"),
        Index(None, "state", "ends_at"),
    )

    def title_in(self, language: str) -> str:
        """The title in ``nl`` or ``en``."""
        return self.title if language == "nl" else self.title_en

    def description_in(self, language: str) -> str:
        """What it is about, in ``nl`` or ``en``."""
        return self.description if language == "nl" else self.description_en


class SessionHost(Model):
    """An advisor who hosts a group session; answers to that person's invite carry ``reply_token``."""

    __tablename__ = "session_host"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"))
    advisor_id: Mapped[int] = mapped_column(ForeignKey("advisor.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    reply_token: Mapped[str] = mapped_column(String(40), unique=True)

    group_session: Mapped[GroupSession] = relationship(back_populates="hosts")
    advisor: Mapped[Advisor] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("group_session_id", "advisor_id"),)


class Seat(Model):
    """One person at one group session; one mail address has one seat, ``address_key`` being it in lower case.

    ``position`` orders the waiting list. A seat that is offered is held until ``offered_until``; ``offers`` counts
    how often that was. ``sequence`` counts what only this person's calendar heard: it is added to that of the session.
    """

    __tablename__ = "seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"))
    form_key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(128))
    email: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254), index=True)
    organisation: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    state: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(default=0)
    offers: Mapped[int] = mapped_column(default=0)
    offered_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply_token: Mapped[str] = mapped_column(String(40), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    group_session: Mapped[GroupSession] = relationship()

    __table_args__ = (
        UniqueConstraint("group_session_id", "form_key"),
        UniqueConstraint("group_session_id", "address_key"),
        Index(None, "group_session_id", "state", "position"),
        Index(None, "state", "offered_until"),
    )

    @property
    def stands(self) -> bool:
        """Whether this person still has a seat, a place in the queue, or an offer."""
        return self.state in STANDING
