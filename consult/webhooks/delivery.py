"""Tell other programs what is to be told: take one under a lease, post it without a transaction open, settle it.

At least once, in no promised order: between the other side's yes and our note of it a crash may come, and then the same
``webhook-id`` comes again. One that is slow or gone keeps no other waiting. Knows no loop.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from cryptography.fernet import InvalidToken
from sqlalchemy import func, or_, select

from consult.activity.services import SYSTEM
from consult.database import looking_only
from consult.web.outgoing_guard import Fault, Refused
from consult.web.outgoing_http import Outgoing, Rules, send
from consult.webhooks.models import DeliveryState, Webhook, WebhookAttempt, WebhookDelivery
from consult.webhooks.services import let_go, turn_off
from consult.webhooks.signing import headers, unseal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from threading import Event

    from sqlalchemy import ColumnElement

    from consult.database import DbSession
    from consult.outbox.delivery import Begin
    from consult.settings import Settings

log = structlog.get_logger("consult.webhooks")

SECONDS = 10.0
# Finding the address of a name has its own patience, so a lease lasts well beyond the ten seconds.
LEASE = timedelta(minutes=2)
AT_ONCE = 4
ROUND_SECONDS = 15.0
# After each failure in turn; with the first try that makes ten in just under 24 hours.
RETRY_AFTER = (
    *(timedelta(seconds=s) for s in (30, 120)),
    *(timedelta(minutes=m) for m in (10, 30)),
    *(timedelta(hours=h) for h in (1, 2, 4, 6, 10)),
)
# Nothing arrived for so long, and something was given up: then it is switched off.
FAILS_FOR = timedelta(days=3)
LET_GO_EVERY = timedelta(hours=1)
GONE = 410
UNSEALABLE = "unsealable"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery under our lease, with what posting it needs; no ``secrets`` when none can be opened."""

    id: int
    hook_id: int
    url: str
    message_id: str
    body: bytes
    secrets: tuple[str, ...]
    leased_until: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: a status, or a fault when there was no answer."""

    milliseconds: int
    status: int | None = None
    fault: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether the other side took it; a redirect is not followed and not good."""
        return self.status is not None and 200 <= self.status < 300


def as_bytes(payload: dict[str, Any]) -> bytes:
    """The body as it is sent and signed; the same payload gives the same bytes."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


class Deliverer:
    """Tells what is due, as often as ``run`` is called."""

    def __init__(self, begin: Begin, settings: Settings, *, now: Callable[[], datetime]) -> None:
        self._begin = begin
        self._settings = settings
        self._now = now
        self._rules = Rules(
            allow_hosts=settings.feed_allow_hosts, seconds=SECONDS, most_bytes=None, most_redirects=0
        )
        self._let_go_at: datetime | None = None

    def run(self, stop: Event) -> int:
        """Tell each address that has something due, several at once, for some seconds; gives how much arrived."""
        self._let_go()
        with looking_only(), self._begin() as session:
            hooks = waiting(session, now=self._now())
        if not hooks:
            return 0
        until = time.monotonic() + ROUND_SECONDS
        with ThreadPoolExecutor(min(AT_ONCE, len(hooks)), "webhooks") as together:
            return sum(together.map(partial(self._drain, until=until, stop=stop), hooks))

    def _drain(self, hook_id: int, *, until: float, stop: Event) -> int:
        """Everything for one address, up to the first failure."""
        arrived = 0
        while time.monotonic() < until and not stop.is_set():
            with self._begin() as session:
                parcel = claim(session, hook_id, settings=self._settings, now=self._now())
            if parcel is None or not self._told(parcel):
                break
            arrived += 1
        return arrived

    def _told(self, parcel: Parcel) -> bool:
        outcome = post(parcel, self._rules, now=self._now())
        with self._begin() as session:
            settle(session, parcel, outcome, now=self._now())
        told = {"status": outcome.status, "fault": outcome.fault, "took_ms": outcome.milliseconds}
        log.info("webhook told", delivery=parcel.id, webhook=parcel.hook_id, **told)
        return outcome.is_good

    def _let_go(self) -> None:
        now = self._now()
        if self._let_go_at is None or now - self._let_go_at >= LET_GO_EVERY:
            with self._begin() as session:
                let_go(session, now=now)
            self._let_go_at = now


def waiting(session: DbSession, *, now: datetime) -> Sequence[int]:
    """The addresses that have something due, who waits longest first."""
    return session.scalars(
        select(WebhookDelivery.webhook_id)
        .where(*_due(now))
        .group_by(WebhookDelivery.webhook_id)
        .order_by(func.min(WebhookDelivery.next_attempt_at))
    ).all()


def claim(session: DbSession, hook_id: int, *, settings: Settings, now: datetime) -> Parcel | None:
    """The next delivery for this address, under a lease; other workers pass it by. None when nothing is due."""
    delivery = session.scalar(
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == hook_id, *_due(now))
        .order_by(WebhookDelivery.next_attempt_at, WebhookDelivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if delivery is None:
        return None
    hook = session.get_one(Webhook, hook_id)
    delivery.leased_until = now + LEASE
    session.flush()
    return Parcel(
        delivery.id,
        hook_id,
        hook.url,
        delivery.message_id,
        as_bytes(delivery.payload),
        _secrets(hook, settings, now),
        now + LEASE,
    )


def post(parcel: Parcel, rules: Rules, *, now: datetime) -> Outcome:
    """One try. Only the status counts: what stands in the answer is not read."""
    if not parcel.secrets:
        return Outcome(0, fault=UNSEALABLE)
    began = time.monotonic()
    signed = headers(parcel.message_id, now, parcel.body, parcel.secrets)
    outgoing = Outgoing(
        url=parcel.url,
        method="POST",
        headers={"Content-Type": "application/json"} | signed,
        body=parcel.body,
    )
    status: int | None = None
    fault: Fault | None = None
    try:
        status = send(outgoing, rules).status
    except Refused as refused:
        fault = refused.fault
    return Outcome(round((time.monotonic() - began) * 1000), status, fault.value if fault else None)


def settle(session: DbSession, parcel: Parcel, outcome: Outcome, *, now: datetime) -> None:
    """Write down what came of it: it arrived, comes again later, or is given up.

    A lease that ran out meanwhile is somebody else's: then only the try is written down.
    """
    # In the order of whoever switches an address off.
    hook = session.get(Webhook, parcel.hook_id, with_for_update=True, populate_existing=True)
    delivery = session.get(WebhookDelivery, parcel.id, with_for_update=True, populate_existing=True)
    if hook is None or delivery is None:
        return
    tried = WebhookAttempt(
        delivery_id=delivery.id,
        at=now,
        milliseconds=outcome.milliseconds,
        status=outcome.status,
        fault=outcome.fault,
    )
    session.add(tried)
    if delivery.leased_until != parcel.leased_until:
        return
    delivery.leased_until = None
    tries, delivery.attempts = delivery.attempts, delivery.attempts + 1
    if outcome.is_good:
        delivery.state, delivery.settled_at, hook.failing_since = DeliveryState.DELIVERED, now, None
        return
    hook.failing_since = hook.failing_since or now
    if outcome.status != GONE and tries < len(RETRY_AFTER):
        delivery.next_attempt_at = now + RETRY_AFTER[tries]
        return
    delivery.state, delivery.settled_at = DeliveryState.DEAD, now
    if hook.off_at is None and (outcome.status == GONE or now - hook.failing_since >= FAILS_FOR):
        why = "gone" if outcome.status == GONE else "failing"
        turn_off(session, hook, why, actor=SYSTEM, now=now)


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        WebhookDelivery.state == DeliveryState.PENDING,
        WebhookDelivery.next_attempt_at <= now,
        or_(WebhookDelivery.leased_until.is_(None), WebhookDelivery.leased_until <= now),
    )


def _secrets(hook: Webhook, settings: Settings, now: datetime) -> tuple[str, ...]:
    """The secrets to sign with, the newest first; none when the installation lost the key that opens them."""
    sealed = [hook.sealed]
    if hook.sealed_former is not None and hook.former_until is not None and now < hook.former_until:
        sealed.append(hook.sealed_former)
    try:
        return tuple(unseal(settings, each) for each in sealed)
    except InvalidToken:
        return ()
