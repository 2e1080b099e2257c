"""How much waits and since when, as numbers for health checks and metrics; never a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import and_, func, or_, select

from consult.booking.models import Booking, BookingState
from consult.booking.reminders import MINUTES_BEFORE
from consult.outbox import services as outbox
from consult.outbox.models import MailState, OutgoingMail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from prometheus_client.metrics_core import Metric

    from consult.contact.alarms import Alarms
    from consult.database import DbSession

# The worker looks every half minute; this long after its time a reminder is late.
REMINDER_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits, and since when; ``heartbeat_age`` is None when no worker was ever seen.

    ``overdue`` is how long the first in line could have been sent: a mail that a server told to come back later
    is not overdue until then.
    """

    pending: int
    failed: int
    oldest: timedelta
    overdue: timedelta
    heartbeat_age: timedelta | None
    reminders_late: int


def count(session: DbSession, now: datetime) -> Counts:
    """How much waits at this instant."""
    waiting = session.execute(
        select(OutgoingMail.state, func.count())
        .where(OutgoingMail.state.in_([MailState.PENDING, MailState.FAILED]))
        .group_by(OutgoingMail.state)
    )
    states = {state: number for state, number in waiting}  # noqa: C416 (a row is no pair to mypy)
    oldest, seen = outbox.oldest_waiting(session), outbox.last_heartbeat(session)
    due = session.scalar(
        select(func.min(OutgoingMail.next_attempt_at)).where(OutgoingMail.state == MailState.PENDING)
    )
    return Counts(
        pending=states.get(MailState.PENDING, 0),
        failed=states.get(MailState.FAILED, 0),
        oldest=_since(oldest, now) or timedelta(0),
        overdue=_since(due, now) or timedelta(0),
        heartbeat_age=_since(seen, now),
        reminders_late=_reminders_late(session, now),
    )


def _reminders_late(session: DbSession, now: datetime) -> int:
    """Talks to come whose reminder should have been written, and is not."""
    missed = []
    for minutes, until in zip(MINUTES_BEFORE, (*MINUTES_BEFORE[1:], 0), strict=True):
        told = or_(Booking.reminded_minutes.is_(None), Booking.reminded_minutes > minutes)
        since = now + timedelta(minutes=minutes) - REMINDER_SLACK
        missed.append(
            and_(Booking.starts_at <= since, Booking.starts_at > now + timedelta(minutes=until), told)
        )
    return session.scalars(
        select(func.count())
        .select_from(Booking)
        .where(Booking.state == BookingState.CONFIRMED, Booking.starts_at > now, or_(*missed))
    ).one()


def _since(at: datetime | None, now: datetime) -> timedelta | None:
    """How long ago; nothing for what is still to come."""
    return max(now - at, timedelta(0)) if at else None


class Gauges:
    """The counts as Prometheus metrics, read once per request."""

    def __init__(self, counts: Counts, alarming: Alarms) -> None:
        self.counts = counts
        self.alarming = alarming

    def collect(self) -> Iterator[Metric]:
        """One gauge per count."""
        counts, alarming = self.counts, self.alarming
        age = counts.heartbeat_age
        gauges: tuple[tuple[str, str, float | None], ...] = (
            (
                "consult_outbox_oldest_seconds",
                "Age of the oldest mail that waits to be sent",
                counts.oldest.total_seconds(),
            ),
            (
                "consult_outbox_overdue_seconds",
                "How long the first mail in line could have been sent",
                counts.overdue.total_seconds(),
            ),
            ("consult_outbox_pending", "Mails that wait to be sent", counts.pending),
            ("consult_outbox_failed", "Mails that were given up", counts.failed),
            ("consult_reminders_late", "Talks whose reminder is late", counts.reminders_late),
            ("consult_enquiries_unassigned", "Open questions that nobody has", alarming.unrouted),
            ("consult_enquiries_overdue", "Open questions past their promise", alarming.overdue),
            ("consult_advisors_at_capacity", "Advisors who can take no more", alarming.at_capacity),
            (
                "consult_worker_seen_seconds",
                "Time since a worker was last seen",
                age.total_seconds() if age is not None else None,
            ),
        )
        for name, text, value in gauges:
            if value is not None:
                yield GaugeMetricFamily(name, text, value=value)
