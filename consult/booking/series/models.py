"""A rhythm of talks with one advisor ("elke eerste dinsdag"). Every talk of it is an ordinary booking.

Who comes stands on the talks and not here, so that there is one place to erase it from.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.database import Model, UtcDateTime
from consult.people.models import Advisor

if TYPE_CHECKING:
    from consult.booking.models import Booking  # noqa: TC004 (SQLAlchemy finds a talk by its name; talks import series)


class SeriesState(StrEnum):
    """Whether a series runs, up to its end; a cancelled one has no talk left that is still to come."""

    RUNNING = "running"
    CANCELLED = "cancelled"


class TalkSeries(Model):
    """A rhythm of talks. ``uid``, ``sequence`` and ``changed_at`` are those of its one calendar object.

    ``starts_at`` and ``ends_at`` are the first talk as it was planned, on the clock of ``zone``; with ``frequency`` (a
    ``consult.scheduling.recurrence.Frequency``) they make the rhythm. ``until_at`` is the last start of the rhythm,
    taken or not. ``skipped`` are the starts on which no talk was planned: ``{"at": RFC 3339, "why": code}`` each.
    ``told_until_at`` is the end that the visitor was last told of, or chose in person.
    """

    __tablename__ = "talk_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    uid: Mapped[str] = mapped_column(String(200), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default=SeriesState.RUNNING)
    meeting_type_id: Mapped[int] = mapped_column(ForeignKey("meeting_type.id"))
    advisor_id: Mapped[int] = mapped_column(ForeignKey("advisor.id"), index=True)
    frequency: Mapped[str] = mapped_column(String(12))
    zone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)
    skipped: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    told_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    advisor: Mapped[Advisor] = relationship()
    talks: Mapped[list[Booking]] = relationship(back_populates="series", order_by="Booking.original_start")

    @property
    def lead(self) -> Booking:
        """The first talk as it was planned, also when it is cancelled: answers to the whole series come to it."""
        return self.talks[0]

    def changed(self, now: datetime) -> None:
        """A change of the series that calendars must hear of: higher SEQUENCE, later DTSTAMP (RFC 5546 2.1.4)."""
        self.sequence += 1
        self.changed_at = max(now, self.changed_at + timedelta(seconds=1))

    __table_args__ = (Index(None, "state", "until_at"),)
