"""The addresses at which advisors' own calendars subscribe to their talks, and what we wrote into those calendars."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.database import Model, UtcDateTime


class FeedAddress(Model):
    """The secret address of one advisor's or one team's feed: only the SHA-256 of its token is kept."""

    __tablename__ = "feed_address"
    __table_args__ = (CheckConstraint("(advisor_id IS NULL) <> (team_id IS NULL)", name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("advisor.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WritingState(StrEnum):
    """How a meeting stands in a calendar: to be written, written by us, there by the owner's own doing, or not yet
    because it went wrong.
    """

    WAITING = "waiting"
    WRITTEN = "written"
    THEIRS = "theirs"
    FAILING = "failing"


class WrittenMeeting(Model):
    """A meeting of an advisor in one calendar of that advisor.

    ``version`` is what should stand there and ``written_version`` what does; with ``wanted`` false it is to be taken
    out. ``due_at`` is when there is something to do. ``etag`` is the server's mark of what we wrote; ``reason`` is a
    ``consult.calendars.troubles`` code while it fails.
    """

    __tablename__ = "written_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("busy_calendar.id", ondelete="CASCADE"))
    uid: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(String(64))
    written_version: Mapped[str | None] = mapped_column(String(64))
    wanted: Mapped[bool] = mapped_column(default=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default=WritingState.WAITING)
    etag: Mapped[str | None] = mapped_column(String(255))
    reason: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    __table_args__ = (UniqueConstraint("calendar_id", "uid"),)
