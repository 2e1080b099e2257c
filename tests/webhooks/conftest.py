"""A firm, somebody else's program that listens, and a worker that tells it, one round at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Event as Stop
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from consult import clock
from consult.webhooks import services
from consult.webhooks.delivery import Deliverer
from consult.webhooks.models import Webhook, WebhookDelivery
from consult.webhooks.telling import EventName
from tests.desk.conftest import NOW, Office, office
from tests.webhooks.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from consult.settings import Settings

__all__ = ["Listening", "office", "settings"]
ACTOR = "account:1"


@pytest.fixture
def settings(make_settings: Any) -> Settings:
    """The clock starts on a working morning, and the operator allows programs on this very machine."""
    settings: Settings = make_settings(clock=NOW, feed_allow_hosts=("127.0.0.1",))
    return settings


@dataclass
class Listening:
    """A program that hears of everything, and the worker that tells it."""

    office: Office
    receiver: Receiver
    hook_id: int
    secret: str

    def worker(self, **changed: Any) -> Deliverer:
        """A worker of its own."""
        deliverer = Deliverer(self.office.transaction, self.office.settings, now=clock.now)
        deliverer._rules = replace(deliverer._rules, **changed)  # noqa: SLF001 (ten seconds are long for a test)
        return deliverer

    def tell(self, after: timedelta | None = None, **changed: Any) -> int:
        """Let the worker tell what is due, ``after`` so long; gives how much arrived."""
        if after is not None:
            clock.start_at(clock.now() + after)
        return self.worker(**changed).run(Stop())

    def events(self) -> list[str]:
        """What the program heard, in the order in which it did."""
        return [each.told["type"] for each in self.receiver.heard]

    def deliveries(self) -> list[tuple[str, str, list[int | str | None]]]:
        """Each delivery: event, state, and what came of its tries."""
        with self.office.transaction() as session:
            return [
                (each.event, each.state, [tried.status or tried.fault for tried in each.tries])
                for each in session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id))
            ]

    def hook(self) -> Webhook:
        """The address as it is stored."""
        with self.office.transaction() as session:
            found = session.get_one(Webhook, self.hook_id)
            session.refresh(found)
            session.expunge(found)
            return found


@pytest.fixture
def listening(office: Office) -> Iterator[Listening]:
    """Somebody made a webhook for everything."""
    with Receiver() as receiver:
        new = services.NewWebhook(
            form_key="webhook", name="Zaaksysteem", url=receiver.url, events=frozenset(EventName)
        )
        with office.transaction() as session:
            hook, secret = services.make(session, new, actor=ACTOR, settings=office.settings, now=clock.now())
            hook_id = hook.id
        yield Listening(office, receiver, hook_id, secret)
