"""What machines ask: is the process up, is it ready, and how much waits. Tells numbers and names, never a person."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from consult import clock
from consult.contact.alarms import alarms
from consult.database import db
from consult.operations import schema
from consult.operations.waiting import Counts, Gauges, count

if TYPE_CHECKING:
    from datetime import datetime

    from consult.settings import Settings

health = Blueprint("health", __name__)

# Mail leaves within seconds; a quarter of an hour means that nobody sends it or that nobody takes it.
OLDEST_MAIL = timedelta(minutes=15)
# A worker is seen every 15 seconds; a minute and a half allows for one slow mail server.
OLDEST_HEARTBEAT = timedelta(seconds=90)
# Room for a day of questions with their mails, and for a backup to fail on before we do.
LEAST_FREE = 200_000_000
LOOPBACK = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to be right; ``detail`` says how it is, in English, for an operator."""

    name: str
    ok: bool
    detail: str


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
    registry.register(Gauges(count(db.session, now), alarms(db.session, now=now)))
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
    return [
        *found,
        _outbox_check(counts),
        _worker_check(counts),
        _disk_check(current_app.extensions["consult"]),
    ]


def _outbox_check(counts: Counts) -> Check:
    waits = f"{counts.pending} waiting, the first in line for {_seconds(counts.overdue)}"
    return Check("outbox", counts.overdue <= OLDEST_MAIL, waits if counts.pending else "nothing waits")


def _worker_check(counts: Counts) -> Check:
    age = counts.heartbeat_age
    if age is None:
        return Check("worker", ok=False, detail="never seen at work")
    return Check("worker", age <= OLDEST_HEARTBEAT, f"seen {_seconds(age)} ago")


def _disk_check(settings: Settings) -> Check:
    """Where SQLite writes; with a database elsewhere, where our own files are."""
    url = make_url(settings.database)
    folder = Path(url.database).parent if url.drivername == "sqlite" and url.database else settings.instance
    free = shutil.disk_usage(folder if folder.exists() else Path.cwd()).free
    return Check("disk", free >= LEAST_FREE, f"{free // 1_000_000} MB free")


def _seconds(length: timedelta) -> str:
    return f"{round(length.total_seconds())} s"


def _plain(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
