"""Advisors' own calendars elsewhere, and the time that they say is taken.

Only stores and reads: what fetches them stands in ``consult.calendars``. Fails closed: an advisor with a calendar of
which there is no good copy of the last day counts as busy the whole time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    CompoundSelect,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    bindparam,
    func,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.database import Model, UtcDateTime
from consult.people.models import Advisor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from consult.database import DbSession

CLOSED_AFTER = timedelta(hours=24)
# A copy that is younger need not be read anew for somebody who is about to plan a talk.
FRESH = timedelta(minutes=1)


class CalendarKind(StrEnum):
    """How a calendar is read: an address that gives an ICS file, or a collection of CalDAV (RFC 4791)."""

    ICS = "ics"
    CALDAV = "caldav"


class CalendarState(StrEnum):
    """How the last reading went; a new calendar was not read yet."""

    NEW = "new"
    OK = "ok"
    FAILING = "failing"


class BusyCalendar(Model):
    """A calendar elsewhere in which an advisor's other appointments stand.

    ``sealed`` holds the address and the sign-in, encrypted, because the address alone opens the calendar; ``host`` is
    what may be shown. ``reason`` is a ``consult.calendars.faults.Fault`` while it fails. The rows of ``foreign_busy``
    are those of the reading at ``last_ok_at`` and reach to ``covered_until``. With ``writes`` the advisor's talks are
    put into it as well.
    """

    __tablename__ = "busy_calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    advisor_id: Mapped[int] = mapped_column(ForeignKey("advisor.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    host: Mapped[str] = mapped_column(String(255))
    sealed: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=CalendarState.NEW)
    reason: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_fetch_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    last_fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_ok_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    covered_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    etag: Mapped[str | None] = mapped_column(String(255))
    last_modified: Mapped[str | None] = mapped_column(String(64))
    content_hash: Mapped[str | None] = mapped_column(String(64))
    writes: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    advisor: Mapped[Advisor] = relationship()

    def is_closed(self, now: datetime) -> bool:
        """Whether its last good copy is too old to plan by."""
        return (self.last_ok_at or self.created_at) < now - CLOSED_AFTER


class ForeignBusy(Model):
    """Time that one calendar says is taken, in UTC minutes since 1970."""

    __tablename__ = "foreign_busy"

    id: Mapped[int] = mapped_column(primary_key=True)
    advisor_id: Mapped[int] = mapped_column(ForeignKey("advisor.id", ondelete="CASCADE"))
    calendar_id: Mapped[int] = mapped_column(ForeignKey("busy_calendar.id", ondelete="CASCADE"), index=True)
    start_minute: Mapped[int]
    end_minute: Mapped[int]

    __table_args__ = (
        CheckConstraint("start_minute < end_minute", name="forwards"),
        Index("ix_foreign_busy_advisor_id_end_minute", "advisor_id", "end_minute"),
    )


_LOW, _HIGH = bindparam("low", type_=Integer), bindparam("high", type_=Integer)
_IDS = bindparam("advisor_ids", expanding=True, type_=Integer)
_IS_CLOSED = func.coalesce(BusyCalendar.last_ok_at, BusyCalendar.created_at) < bindparam(
    "closed_before", type_=UtcDateTime
)
# What ``foreign_busy`` asks, to be asked together with something else; made once, because making costs most.
FOREIGN_PERIODS: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(ForeignBusy.advisor_id, ForeignBusy.start_minute, ForeignBusy.end_minute).where(
        ForeignBusy.advisor_id.in_(_IDS), ForeignBusy.end_minute > _LOW, ForeignBusy.start_minute < _HIGH
    ),
    select(BusyCalendar.advisor_id, _LOW, _HIGH).where(BusyCalendar.advisor_id.in_(_IDS), _IS_CLOSED),
)


def foreign_busy(
    session: DbSession, advisor_ids: Iterable[int], low: int, high: int, *, now: datetime
) -> Sequence[tuple[int, int, int]]:
    """Advisor, start and end in UTC minutes of what other calendars hold between the two minutes; one statement.

    With a calendar that could not be read for a day, one row takes the advisor's whole time from ``low`` to ``high``.
    """
    ids = tuple(advisor_ids)
    if not ids or low >= high:
        return []
    asked = foreign_bounds(ids, low, high, now=now)
    return [(row[0], row[1], row[2]) for row in session.execute(FOREIGN_PERIODS, asked)]


def foreign_bounds(ids: tuple[int, ...], low: int, high: int, *, now: datetime) -> dict[str, Any]:
    """The values that ``FOREIGN_PERIODS`` is asked with."""
    return {"advisor_ids": ids, "low": low, "high": high, "closed_before": now - CLOSED_AFTER}


def read_soon(session: DbSession, advisor_ids: Iterable[int], *, now: datetime) -> None:
    """Let the worker read these advisors' calendars now, because somebody is planning a talk; fresh copies are left."""
    session.execute(
        update(BusyCalendar)
        .where(
            BusyCalendar.advisor_id.in_(tuple(advisor_ids)),
            BusyCalendar.next_fetch_at > now,
            BusyCalendar.last_fetched_at <= now - FRESH,
        )
        .values(next_fetch_at=now)
    )


def closed_advisors(session: DbSession, *, now: datetime) -> frozenset[int]:
    """The advisors who are offered only on request, because a calendar of theirs cannot be read."""
    closed = select(BusyCalendar.advisor_id).where(_IS_CLOSED)
    return frozenset(session.scalars(closed, {"closed_before": now - CLOSED_AFTER}))
