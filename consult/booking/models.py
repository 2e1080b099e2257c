"""Talks: what kinds there are, which are planned, who is invited, and which time they take."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.booking.groups.models import GroupSession
from consult.booking.series.models import TalkSeries
from consult.database import Model, UtcDateTime
from consult.people.models import Advisor, Contact, Organisation, Topic
from consult.scheduling.values import Participation
from consult.sealing.types import FindableText, SealedText

LONGEST_BUSY_MINUTES = 2 * 24 * 60  # Buffers included: it bounds every search for an overlap.


class Place(StrEnum):
    """Where a talk is held; neutral ground is neither ours nor theirs."""

    VIDEO = "video"
    PHONE = "phone"
    OFFICE = "office"
    VISIT = "visit"
    NEUTRAL = "neutral"


class BookingState(StrEnum):
    """Whether a talk stands; a pending one takes its time and waits for the advisor's word."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class InviteeRole(StrEnum):
    """Why somebody is invited; a host is an advisor who comes along with the one whose talk it is."""

    VISITOR = "visitor"
    ADVISOR = "advisor"
    HOST = "host"
    GUEST = "guest"


class Outcome(StrEnum):
    """What became of a talk whose time has passed."""

    ATTENDED = "attended"
    NO_SHOW = "no_show"


class ProposalState(StrEnum):
    """What was answered to a proposal for another moment."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class MeetingType(Model):
    """A kind of talk with its rules. Lengths are in minutes, notice in minutes of working time, horizon in days.

    With ``approval`` an advisor must say yes first. ``per_visitor`` is how many talks one mail address may have open.
    A kind with ``host_ids`` is held by exactly these advisors, all of them at once, and the first one leads.
    """

    __tablename__ = "meeting_type"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    name_en: Mapped[str] = mapped_column(String(128))
    description: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int] = mapped_column(default=30)
    step_minutes: Mapped[int] = mapped_column(default=15)
    buffer_before_minutes: Mapped[int] = mapped_column(default=0)
    buffer_after_minutes: Mapped[int] = mapped_column(default=10)
    notice_minutes: Mapped[int] = mapped_column(default=240)
    horizon_days: Mapped[int] = mapped_column(default=60)
    per_day: Mapped[int | None] = mapped_column(default=4)
    per_week: Mapped[int | None] = mapped_column(default=12)
    per_visitor: Mapped[int | None] = mapped_column(default=3)
    approval: Mapped[bool] = mapped_column(default=False)
    places: Mapped[list[str]] = mapped_column(JSON)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    series: Mapped[bool] = mapped_column(default=False)
    host_ids: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")

    @property
    def may_repeat(self) -> bool:
        """Whether a talk of this kind may grow into a series: one advisor holds it, who need not say yes first."""
        return self.active and self.series and not self.approval and len(self.host_ids) < 2


class Booking(Model):
    """A planned talk. ``uid`` and ``sequence`` are those of its calendar object (RFC 5545 3.8.4.7, 3.8.7.4).

    ``changed_at`` is the last change that calendars must hear of; it becomes DTSTAMP. ``approve_by`` is when a pending
    talk is released. ``reminded_minutes`` is how long before the start the last reminder was due.
    A talk of a series has ``original_start``: where its rhythm put it, and what calendars know it by (RECURRENCE-ID).
    """

    __tablename__ = "booking"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    uid: Mapped[str] = mapped_column(String(200), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default=BookingState.CONFIRMED)
    meeting_type_id: Mapped[int] = mapped_column(ForeignKey("meeting_type.id"))
    advisor_id: Mapped[int] = mapped_column(ForeignKey("advisor.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(10))
    location: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(128))
    email: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(FindableText(20))
    note: Mapped[str | None] = mapped_column(SealedText())
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id", ondelete="SET NULL"))
    page_id: Mapped[int | None] = mapped_column(ForeignKey("contact_page.id", ondelete="SET NULL"))
    enquiry_id: Mapped[int | None] = mapped_column(ForeignKey("enquiry.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(String(2), default="nl")
    decision: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str | None] = mapped_column(SealedText(500))
    approve_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_minutes: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    outcome_text: Mapped[str | None] = mapped_column(SealedText())
    next_step: Mapped[str | None] = mapped_column(SealedText(500))
    follow_up_on: Mapped[date | None]
    series_id: Mapped[int | None] = mapped_column(ForeignKey("talk_series.id"))
    original_start: Mapped[datetime | None] = mapped_column(UtcDateTime)

    meeting_type: Mapped[MeetingType] = relationship()
    advisor: Mapped[Advisor] = relationship()
    topic: Mapped[Topic | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    series: Mapped[TalkSeries | None] = relationship(back_populates="talks")
    invitations: Mapped[list[Invitation]] = relationship(
        cascade="all, delete-orphan", order_by="Invitation.id"
    )

    __table_args__ = (
        Index(None, "advisor_id", "starts_at"),
        Index(None, "starts_at"),
        Index(None, "state", "approve_by"),
        Index(None, "series_id", "original_start", unique=True),
    )

    @property
    def length(self) -> timedelta:
        """How long the talk takes, buffers left out."""
        return self.ends_at - self.starts_at


class Invitation(Model):
    """One booking, one person: what that person was sent and answered.

    ``reply_token`` makes the address ``name+TOKEN@domain`` that an answer comes back to. ``answered_sequence`` and
    ``answered_stamp`` are SEQUENCE and DTSTAMP of the last answer that counted. ``advisor_id`` says who a host is.
    """

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("advisor.id"), index=True)
    name: Mapped[str] = mapped_column(String(128))
    address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    # Known before the row is: it lets SQLite store all invitations of a talk in one statement.
    reply_token: Mapped[str] = mapped_column(
        String(40), unique=True, default=lambda: secrets.token_hex(16), insert_sentinel=True
    )
    participation: Mapped[str] = mapped_column(String(20), default=Participation.NEEDS_ACTION)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_sequence: Mapped[int | None]
    answered_stamp: Mapped[datetime | None] = mapped_column(UtcDateTime)
    comment: Mapped[str | None] = mapped_column(SealedText())


class BusyPeriod(Model):
    """Time of one advisor that nothing else may take, in UTC minutes since 1970, buffers included.

    A row exists for as long as it blocks. The database refuses two rows of one advisor that overlap: an exclusion
    constraint on PostgreSQL, triggers on SQLite (see the first migration). ``counted_minute`` is the true start
    of a talk that counts for the limits per day and week; ``kind`` is a ``consult.availability.BusyKind``.

    A hold has ``expires_at``: from then on it blocks nothing, and whoever wants its time removes it. ``hold_hash`` is
    the SHA-256 of the key that the visitor's form carries.
    """

    __tablename__ = "busy_period"

    id: Mapped[int] = mapped_column(primary_key=True)
    advisor_id: Mapped[int] = mapped_column(ForeignKey("advisor.id"))
    start_minute: Mapped[int]
    end_minute: Mapped[int]
    counted_minute: Mapped[int | None]
    kind: Mapped[int]
    talk_end_minute: Mapped[int]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    group_session_id: Mapped[int | None] = mapped_column(
        ForeignKey(GroupSession.id, ondelete="CASCADE"), index=True
    )
    hold_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("start_minute < end_minute", name="forwards"),
        CheckConstraint(f"end_minute - start_minute <= {LONGEST_BUSY_MINUTES}", name="bounded"),
        Index(
            "ix_busy_period_advisor_id_start_minute_end_minute", "advisor_id", "start_minute", "end_minute"
        ),
    )


class Proposal(Model):
    """Another moment that a visitor asks for, on a page or (iTIP COUNTER, RFC 5546 3.2.7) from a calendar."""

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str | None] = mapped_column(SealedText())
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default=ProposalState.OPEN)

    booking: Mapped[Booking] = relationship()
