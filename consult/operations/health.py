"""What machines ask: is the process up, is it ready, and how much waits. Tells numbers and names, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from consult import clock
from consult.contact.alarms import alarms
from consult.contact.models import Enquiry, EnquiryState
from consult.database import db
from consult.operations import schema
from consult.outbox import services as outbox
from consult.outbox.models import MailState, OutgoingMail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from prometheus_client.metrics_core import Metric

    from consult.contact.alarms import Alarms
    from consult.database import DbSession

health = Blueprint("health", __name__)

# Mail leaves within seconds; a quarter of an hour means that nobody sends it or that nobody takes it.
OLDEST_MAIL = timedelta(minutes=15)
# A worker is seen every 15 seconds; a minute and a half allows for one slow mail server.
OLDEST_HEARTBEAT = timedelta(seconds=90)
LOOPBACK = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to be right; ``detail`` says how it is, in English, for an operator."""

    name: str
    ok: bool
    detail: str


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
    unassigned: int


@health.get("/healthz")
def alive() -> Response:
    """The process answers. Asks nothing of anybody else, so that a restart is only ordered when it can help."""
    return _plain(jsonify(status="up"))


@health.get("/readyz")
def ready() -> Response:
    """Whether this process can do its work now: 200 or 503, each check with its result."""
    found = checks(clock.now())
    response = jsonify(
        ready=all(each.ok for each in found), checks={c.name: {"ok": c.ok, "detail": c.detail} for c in found}
    )
    response.status_code = 200 if all(each.ok for each in found) else 503
    return _plain(response)


@health.get("/metrics")
def metrics() -> Response:
    """Prometheus metrics, for who asks from this machine itself."""
    if (
        request.remote_addr not in LOOPBACK
        or "X-Forwarded-For" in request.headers
        or "Forwarded" in request.headers
    ):
        abort(404)
    registry = CollectorRegistry()
    now = clock.now()
    registry.register(_Waiting(count(db.session, now), alarms(db.session, now=now)))
    return _plain(Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST))


def checks(now: datetime) -> list[Check]:
    """Database, migrations, outbox and worker of the current app, in that order; later ones need the earlier."""
    state = schema.state()
    found = [Check("database", state.reason is None, state.reason or "answers")]
    if state.reason is not None:
        return found
    found.append(Check("migrations", state.at_head, state.problem or "at the newest"))
    if not state.at_head:
        return found
    try:
        counts = count(db.session, now)
    except DBAPIError as error:
        return [*found, Check("tables", ok=False, detail=type(error.orig).__name__)]
    return [*found, _outbox_check(counts), _worker_check(counts)]


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
    unassigned = session.scalar(
        select(func.count())
        .select_from(Enquiry)
        .where(Enquiry.advisor_id.is_(None), Enquiry.state.in_([EnquiryState.OPEN, EnquiryState.WAITING]))
    )
    return Counts(
        pending=states.get(MailState.PENDING, 0),
        failed=states.get(MailState.FAILED, 0),
        oldest=_since(oldest, now) or timedelta(0),
        overdue=_since(due, now) or timedelta(0),
        heartbeat_age=_since(seen, now),
        unassigned=unassigned or 0,
    )


def _since(at: datetime | None, now: datetime) -> timedelta | None:
    """How long ago; nothing for what is still to come."""
    return max(now - at, timedelta(0)) if at else None


def _outbox_check(counts: Counts) -> Check:
    waits = f"{counts.pending} waiting, the first in line for {_seconds(counts.overdue)}"
    return Check("outbox", counts.overdue <= OLDEST_MAIL, waits if counts.pending else "nothing waits")


def _worker_check(counts: Counts) -> Check:
    age = counts.heartbeat_age
    if age is None:
        return Check("worker", ok=False, detail="never seen at work")
    return Check("worker", age <= OLDEST_HEARTBEAT, f"seen {_seconds(age)} ago")


def _seconds(length: timedelta) -> str:
    return f"{round(length.total_seconds())} s"


def _plain(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


class _Waiting:
    """The counts as metrics, read once per request."""

    def __init__(self, counts: Counts, alarming: Alarms) -> None:
        self.counts = counts
        self.alarming = alarming

    def collect(self) -> Iterator[Metric]:
        """One gauge per count."""
        counts = self.counts
        gauges = {
            (
                "consult_outbox_oldest_seconds",
                "Age of the oldest mail that waits to be sent",
            ): counts.oldest.total_seconds(),
            ("consult_outbox_pending", "Mails that wait to be sent"): counts.pending,
            ("consult_outbox_failed", "Mails that were given up"): counts.failed,
            ("consult_enquiries_unassigned", "Open questions that nobody has"): counts.unassigned,
            ("consult_enquiries_overdue", "Open questions past their promise"): self.alarming.overdue,
            ("consult_advisors_at_capacity", "Advisors who can take no more"): self.alarming.at_capacity,
            (
                "consult_outbox_overdue_seconds",
                "How long the first mail in line could have been sent",
            ): counts.overdue.total_seconds(),
        }
        if counts.heartbeat_age is not None:
            age = counts.heartbeat_age.total_seconds()
            gauges["consult_worker_seen_seconds", "Time since a worker was last seen"] = age
        for (name, text), value in gauges.items():
            yield GaugeMetricFamily(name, text, value=value)
