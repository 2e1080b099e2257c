"""From what was written down to what is told: which event it is, and what it says, stored with the change itself.

The payload is what the API would answer at that moment. What waits for a look at spam is not told.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask import g
from sqlalchemy import delete, select

from consult.api.payloads.base import utc_text
from consult.api.payloads.bookings import BookingFull
from consult.api.payloads.enquiries import EnquiryOut
from consult.booking.models import Booking
from consult.contact.models import CallResult, Enquiry, EnquiryState
from consult.web import current
from consult.webhooks.models import DeliveryState, Webhook, WebhookDelivery

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from consult.activity.hearing import Told
    from consult.database import DbSession


class EventName(StrEnum):
    """What another program can hear of."""

    ENQUIRY_CREATED = "enquiry.created"
    ENQUIRY_ASSIGNED = "enquiry.assigned"
    ENQUIRY_ANSWERED = "enquiry.answered"
    ENQUIRY_CLOSED = "enquiry.closed"
    BOOKING_CREATED = "booking.created"
    BOOKING_MOVED = "booking.moved"
    BOOKING_CANCELLED = "booking.cancelled"
    BOOKING_ANSWERED = "booking.answered"


# What is written down → what that is to others. An answer to an invitation, or the advisor's yes: both are an answer.
EVENTS: Mapping[str, EventName] = {
    **{each.value: each for each in EventName},
    "enquiry.let_through": EventName.ENQUIRY_CREATED,
    "enquiry.called": EventName.ENQUIRY_ANSWERED,
    "enquiry.chatted": EventName.ENQUIRY_ANSWERED,
    "enquiry.merged": EventName.ENQUIRY_CLOSED,
    "booking.approved": EventName.BOOKING_ANSWERED,
    "booking.declined": EventName.BOOKING_CANCELLED,
    "booking.released": EventName.BOOKING_CANCELLED,
}
WITHDRAWN = "enquiry.answer_withdrawn"
# An answer by mail can be taken back for a quarter of a minute; that it was given is told when that is over.
PATIENCE = timedelta(seconds=20)


def event_of(told: Told) -> EventName | None:
    """The event that this is to others; None when it is none. A call counts when somebody was spoken to."""
    if told.what == "enquiry.called" and told.data.get("result") != CallResult.SPOKE:
        return None
    if told.what == "enquiry.chatted" and not told.data.get("answered"):
        return None
    return EVENTS.get(told.what)


def store(session: DbSession, told: Sequence[Told]) -> None:
    """Store what each address is to hear, once for each event; for ``consult.activity.hearing``."""
    happened = {(event, each.subject): each for each in told if (event := event_of(each)) is not None}
    withdrawn = [each.subject[1] for each in told if each.what == WITHDRAWN]
    if withdrawn:
        _take_back(session, withdrawn)
    if not happened:
        return
    hooks = session.scalars(select(Webhook).where(Webhook.off_at.is_(None)).order_by(Webhook.id)).all()
    for (event, subject), each in happened.items():
        listening = [hook for hook in hooks if event in hook.events]
        payload = _payload(session, event, subject, each.at) if listening else None
        if payload is not None:
            session.add_all(_row(hook, event, each, payload) for hook in listening)


def _take_back(session: DbSession, enquiries: Sequence[int]) -> None:
    session.execute(
        delete(WebhookDelivery).where(
            WebhookDelivery.subject_kind == "enquiry",
            WebhookDelivery.subject_id.in_(enquiries),
            WebhookDelivery.event == EventName.ENQUIRY_ANSWERED,
            WebhookDelivery.state == DeliveryState.PENDING,
            WebhookDelivery.attempts == 0,
            WebhookDelivery.leased_until.is_(None),
        )
    )


def _row(hook: Webhook, event: EventName, told: Told, payload: dict[str, Any]) -> WebhookDelivery:
    can_be_undone = told.what == EventName.ENQUIRY_ANSWERED
    return WebhookDelivery(
        webhook_id=hook.id,
        message_id=f"msg_{secrets.token_hex(16)}",
        event=event,
        subject_kind=told.subject[0],
        subject_id=told.subject[1],
        payload=payload,
        created_at=told.at,
        next_attempt_at=told.at + PATIENCE if can_be_undone else told.at,
    )


def _payload(
    session: DbSession, event: EventName, subject: tuple[str, int], at: datetime
) -> dict[str, Any] | None:
    session.flush()
    with _firms_language():
        data = _data(session, *subject)
    return None if data is None else {"type": event.value, "timestamp": utc_text(at), "data": data}


def _data(session: DbSession, kind: str, number: int) -> dict[str, Any] | None:
    if kind == "booking":
        booking = session.get(Booking, number, populate_existing=True)
        return None if booking is None else BookingFull.of(booking).as_json()
    enquiry = session.get(Enquiry, number, populate_existing=True)
    if enquiry is None or enquiry.state == EnquiryState.HELD:
        return None
    return EnquiryOut.of(enquiry).as_json()


@contextmanager
def _firms_language() -> Iterator[None]:
    """What programs hear does not follow the browser of whoever acted."""
    before = g.get("language")
    g.language = current.settings().locale
    try:
        yield
    finally:
        if before is None:
            g.pop("language")
        else:
            g.language = before
