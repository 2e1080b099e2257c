"""The loop beside the web: sends mail, says that it is there, and does what has its time.

Knows when each step is due and how to stop; what a step does stands in its own module. Any number of workers may run
at once: steps take their work from the database under a lease.
"""

from __future__ import annotations

import os
import socket
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import delete

from consult import clock
from consult.booking import talk_round
from consult.booking.groups import round as group_round
from consult.calendars.refreshing import refresh
from consult.calendars.writing.round import write_talks
from consult.contact import escalation
from consult.contact.article import round as article_round
from consult.database import db
from consult.desk.today import digest
from consult.office.statistics import weekly
from consult.outbox.connection import SmtpConnection
from consult.outbox.delivery import Delivery, mail_server
from consult.outbox.models import Heartbeat
from consult.outbox.services import beat
from consult.postbox.doors import Doors
from consult.postbox.intake import Postbox
from consult.postbox.watching import Watch
from consult.privacy import nightly
from consult.webhooks.delivery import Deliverer
from consult.wiring import CORRESPONDENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from threading import Event

    from flask import Flask

    from consult.database import DbSession
    from consult.settings import Settings

log = structlog.get_logger("consult.worker")

POLL_SECONDS = 2.0
HEARTBEAT_SECONDS = 15.0
DOOR_SECONDS = 15.0
GROUP_SECONDS = 30.0
TALK_SECONDS = 30.0
PROMISE_SECONDS = 30.0
DIGEST_SECONDS = 60.0
RETENTION_SECONDS = 600.0
CALENDAR_SECONDS = 10.0
ARTICLE_SECONDS = 30.0
WEBHOOK_SECONDS = 2.0
# A failing step waits this long at least, so that a broken database does not fill the log.
AFTER_FAILURE_SECONDS = 10.0
FORGET_WORKER_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do every ``every`` seconds; ``act`` does it in transactions of its own."""

    name: str
    every: float
    act: Callable[[], None]


class Worker:
    """Runs its steps for ``app`` until it is told to stop. ``poll`` is how often it looks for mail, in seconds."""

    def __init__(self, app: Flask, *, poll: float = POLL_SECONDS) -> None:
        self.app = app
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.stop: Event | None = None
        settings: Settings = app.extensions["consult"]
        self._settings = settings
        server = mail_server(settings)
        self._delivery = Delivery(self.begin, lambda: SmtpConnection(server), now=clock.now)
        self._calendars = Watch("calendars", self._look_after_calendars, every=CALENDAR_SECONDS)
        self._articles = Watch("articles", self._look_at_articles, every=ARTICLE_SECONDS)
        deliverer = Deliverer(self.begin, settings, now=clock.now)
        self._webhooks = Watch("webhooks", deliverer.run, every=WEBHOOK_SECONDS)
        self._doors = Doors(Postbox(self.begin, CORRESPONDENTS, settings, now=clock.now), settings)
        self.steps: Sequence[Step] = (
            Step("heartbeat", HEARTBEAT_SECONDS, self._beat),
            Step("deliver", poll, self._deliver),
            Step("doors", DOOR_SECONDS, self._doors.open),
            Step("open mail", poll, self._open_mail),
            Step("calendars", CALENDAR_SECONDS, self._calendars.begin),
            Step("articles", ARTICLE_SECONDS, self._articles.begin),
            Step("webhooks", poll, self._webhooks.begin),
            Step("group sessions", GROUP_SECONDS, self._pass_seats_on),
            Step("talks", TALK_SECONDS, self._look_after_talks),
            Step("promises", PROMISE_SECONDS, self._keep_promises),
            Step("morning mail", DIGEST_SECONDS, self._tell_morning),
            Step("weekly figures", DIGEST_SECONDS, self._tell_figures),
            Step("retention", RETENTION_SECONDS, self._let_go),
        )

    def run(self, stop: Event) -> None:
        """Do every step when its time has come, until ``stop`` is set; a mail that is being sent is settled first."""
        self.stop = stop
        due = dict.fromkeys(self.steps, 0.0)
        try:
            while not stop.is_set():
                for step in self.steps:
                    if due[step] <= time.monotonic() and not stop.is_set():
                        due[step] = time.monotonic() + self._wait_after(step)
                stop.wait(max(0.0, min(due.values()) - time.monotonic()))
        finally:
            self._calendars.end()
            self._articles.end()
            self._webhooks.end()
            self._doors.close()

    @contextmanager
    def begin(self) -> Iterator[DbSession]:
        """One transaction, committed at the end."""
        with self.app.app_context():
            yield db.session
            db.session.commit()

    def _wait_after(self, step: Step) -> float:
        """Do a step, and say how long to wait before the next time. A failure is told and never ends the loop."""
        try:
            step.act()
        except Exception as error:  # noqa: BLE001 (whatever it is, the other steps go on)
            last = traceback.extract_tb(error.__traceback__)[-1]
            told = {"error": type(error).__name__, "raised_at": f"{last.filename}:{last.lineno}"}
            log.error("step failed", step=step.name, **told)  # noqa: TRY400 (the text of a database error holds the row)
            return max(step.every, AFTER_FAILURE_SECONDS)
        return step.every

    def _deliver(self) -> None:
        assert self.stop is not None  # noqa: S101 (run sets it)
        self._delivery.run(self.stop)

    def _open_mail(self) -> None:
        assert self.stop is not None  # noqa: S101 (run sets it)
        self._doors.open_waiting(self.stop)

    def _look_after_calendars(self, stop: Event) -> None:
        refresh(self.begin, self._settings, now=clock.now, stop=stop)
        write_talks(self.begin, self._settings, now=clock.now, stop=stop)

    def _look_at_articles(self, stop: Event) -> None:
        article_round.look(self.begin, self._settings, now=clock.now, stop=stop)

    def _pass_seats_on(self) -> None:
        group_round.run_round(self.begin, self._settings, now=clock.now())

    def _look_after_talks(self) -> None:
        talk_round.run_round(self.begin, self._settings, now=clock.now())

    def _tell_morning(self) -> None:
        digest.run_round(self.begin, self._settings, now=clock.now())

    def _tell_figures(self) -> None:
        weekly.run_round(self.begin, self._settings, now=clock.now())

    def _keep_promises(self) -> None:
        escalation.run_round(self.begin, self._settings, now=clock.now())

    def _let_go(self) -> None:
        with self.app.app_context():
            engine = db.engine
        nightly.run_round(self.begin, engine, zone=self._settings.timezone, now=clock.now())

    def _beat(self) -> None:
        now = clock.now()
        with self.begin() as session:
            beat(session, self.name, now=now)
            session.execute(delete(Heartbeat).where(Heartbeat.seen_at < now - FORGET_WORKER_AFTER))
