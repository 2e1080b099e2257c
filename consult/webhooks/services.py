"""Addresses of other programs: made, given another secret, tried, switched on and off, removed; what was told to them.

Knows no page, and speaks to nobody: the worker does that.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from consult.activity.services import record
from consult.api.payloads.base import utc_text
from consult.web.outgoing_guard import target_of
from consult.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from consult.webhooks.signing import new_secret, seal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consult.database import DbSession
    from consult.settings import Settings
    from consult.webhooks.telling import EventName

SUBJECT = "webhook"
TRIAL = "webhook.tried"
# So long both secrets sign, so that the receiver can change over without missing anything.
OVERLAP = timedelta(hours=24)
KEPT = timedelta(days=14)
SHOWN = 50
AT_A_TIME = 500


class AlreadyMade(Exception):
    """The form made its webhook before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWebhook:
    """What is chosen for a new address."""

    form_key: str
    name: str
    url: str
    events: frozenset[EventName]


def make(
    session: DbSession, new: NewWebhook, *, actor: str, settings: Settings, now: datetime
) -> tuple[Webhook, str]:
    """A new address and its secret, which can be shown this once.

    Raises:
        consult.web.outgoing_guard.Refused: an address that we do not speak to, as far as its text can tell.
        AlreadyMade: this form made one before, whose secret was shown then.
    """
    target_of(new.url, settings.feed_allow_hosts)
    if session.scalar(select(Webhook.id).where(Webhook.form_key == new.form_key)) is not None:
        raise AlreadyMade
    secret = new_secret()
    made = Webhook(
        form_key=new.form_key,
        name=new.name,
        url=new.url,
        events=sorted(new.events),
        sealed=seal(settings, secret),
        made_by=actor,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise AlreadyMade from None
    record(session, (SUBJECT, made.id), "webhook.made", actor=actor, now=now, events=made.events)
    return made, secret


def rotate(session: DbSession, hook: Webhook, *, actor: str, settings: Settings, now: datetime) -> str:
    """Another secret, which can be shown this once; the one before signs along for a day."""
    secret = new_secret()
    hook.sealed_former, hook.former_until = hook.sealed, now + OVERLAP
    hook.sealed = seal(settings, secret)
    record(session, (SUBJECT, hook.id), "webhook.secret_renewed", actor=actor, now=now)
    session.flush()
    return secret


def switch(session: DbSession, hook: Webhook, *, on: bool, actor: str, now: datetime) -> None:
    """From now on tell it everything, or nothing; what happens in between is not told later. Twice is once."""
    if on == (hook.off_at is None):
        return
    if on:
        hook.off_at = hook.off_why = hook.failing_since = None
        record(session, (SUBJECT, hook.id), "webhook.switched_on", actor=actor, now=now)
        session.flush()
    else:
        turn_off(session, hook, "chosen", actor=actor, now=now)


def turn_off(session: DbSession, hook: Webhook, why: str, *, actor: str, now: datetime) -> None:
    """Tell it nothing any more; what still waited is dead, and can be told again by hand."""
    hook.off_at, hook.off_why = now, why
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == hook.id, WebhookDelivery.state == DeliveryState.PENDING)
        .values(state=DeliveryState.DEAD, settled_at=now, leased_until=None)
        .execution_options(synchronize_session=False)
    )
    record(session, (SUBJECT, hook.id), "webhook.switched_off", actor=actor, now=now, why=why)
    session.flush()
    session.expire_all()


def remove(session: DbSession, hook: Webhook, *, actor: str, now: datetime) -> None:
    """The address goes, with everything that was or is to be told to it."""
    record(session, (SUBJECT, hook.id), "webhook.removed", actor=actor, now=now)
    session.delete(hook)
    session.flush()


def try_out(session: DbSession, hook: Webhook, *, now: datetime) -> WebhookDelivery:
    """Let the worker tell it something that holds nobody's data, so that its maker sees whether it arrives."""
    trial = WebhookDelivery(
        webhook_id=hook.id,
        message_id=f"msg_{secrets.token_hex(16)}",
        event=TRIAL,
        subject_kind=SUBJECT,
        subject_id=hook.id,
        payload={"type": TRIAL, "timestamp": utc_text(now), "data": {}},
        created_at=now,
        next_attempt_at=now,
    )
    session.add(trial)
    session.flush()
    return trial


def tell_again(session: DbSession, delivery: WebhookDelivery, *, now: datetime) -> bool:
    """Send what was settled once more, under the same ``message_id``; gives whether there was anything to do."""
    if delivery.state == DeliveryState.PENDING:
        return False
    delivery.state, delivery.attempts, delivery.next_attempt_at = DeliveryState.PENDING, 0, now
    delivery.settled_at = delivery.leased_until = None
    session.flush()
    return True


def all_webhooks(session: DbSession) -> Sequence[tuple[Webhook, Mapping[str, int]]]:
    """Every address by name, each with how many of its deliveries stand in each state."""
    numbers: dict[int, dict[str, int]] = {}
    counted = select(WebhookDelivery.webhook_id, WebhookDelivery.state, func.count()).group_by(
        WebhookDelivery.webhook_id, WebhookDelivery.state
    )
    for hook_id, state, count in session.execute(counted):
        numbers.setdefault(hook_id, {})[state] = count
    hooks = session.scalars(select(Webhook).order_by(Webhook.name, Webhook.id)).all()
    return [(hook, numbers.get(hook.id, {})) for hook in hooks]


def deliveries(session: DbSession, hook: Webhook, *, state: str | None = None) -> Sequence[WebhookDelivery]:
    """The last ones to this address, the newest first, with their tries."""
    found = (
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == hook.id)
        .options(selectinload(WebhookDelivery.tries))
        .order_by(WebhookDelivery.id.desc())
        .limit(SHOWN)
    )
    return session.scalars(found if state is None else found.where(WebhookDelivery.state == state)).all()


def count_fallen(session: DbSession) -> int:
    """How many addresses were switched off because nothing arrived there."""
    fallen = select(func.count()).select_from(Webhook).where(Webhook.off_why.in_(("failing", "gone")))
    return session.scalars(fallen).one()


def let_go(session: DbSession, *, now: datetime) -> int:
    """Delete what was settled two weeks ago, with its tries; gives how many. As often as one likes."""
    old = select(WebhookDelivery.id).where(
        WebhookDelivery.state != DeliveryState.PENDING, WebhookDelivery.settled_at <= now - KEPT
    )
    ids = session.scalars(old.limit(AT_A_TIME)).all()
    if ids:
        session.execute(
            delete(WebhookDelivery)
            .where(WebhookDelivery.id.in_(ids))
            .execution_options(synchronize_session=False)
        )
    return len(ids)
