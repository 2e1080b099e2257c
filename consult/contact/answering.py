"""Answer the visitor by mail, and take that back while the mail has not left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from consult.activity.models import Activity
from consult.activity.services import advisor_actor, record
from consult.contact import emails, urgent
from consult.contact.continuity import keep_contact
from consult.contact.messages import add_message
from consult.contact.models import Enquiry, EnquiryState, Message, MessageKind
from consult.contact.private_link import enquiry_link
from consult.outbox.services import withdraw

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings

AT_ONCE = timedelta(0)


class NoAddress(Exception):
    """The visitor left no mail address: call or app instead."""


class TooLate(Exception):
    """The mail has left, or a worker is about to send it."""


def reply(
    session: DbSession,
    enquiry: Enquiry,
    advisor: Advisor,
    text: str,
    *,
    form_key: str,
    wait: timedelta = AT_ONCE,
    settings: Settings,
    now: datetime,
) -> Message:
    """Answer the visitor by mail; from then on it is the visitor's move. For ``wait`` it can be taken back.

    Raises:
        NoAddress: the visitor left no mail address.
    """
    if enquiry.email is None:
        raise NoAddress
    message, is_new = add_message(
        session, enquiry, MessageKind.REPLY, text, form_key=form_key, now=now, advisor=advisor
    )
    if not is_new:
        return message
    token = enquiry_link(session, enquiry, now=now)
    mail = emails.enquiry_answered(
        session, enquiry, text, token, not_before=now + wait, settings=settings, now=now
    )
    session.flush()
    message.mail_id = mail.id
    before: dict[str, Any] = {"message": message.id, "state": enquiry.state} | {
        name: at.isoformat() if (at := getattr(enquiry, name)) else None for name in RESTORED
    }
    enquiry.state, enquiry.due_soon_at, enquiry.snoozed_until = EnquiryState.WAITING, None, None
    enquiry.answered_at = enquiry.answered_at or now
    keep_contact(session, enquiry, advisor, now=now)
    urgent.settle(session, enquiry, advisor, settings=settings, now=now)
    subject, actor = ("enquiry", enquiry.id), advisor_actor(advisor.id)
    record(session, subject, "enquiry.answered", actor=actor, now=now, **before)
    return message


# What taking back an answer gives back to the question; who knows the contact stays.
RESTORED = ("due_soon_at", "answered_at", "snoozed_until")


def can_take_back(message: Message, mail_leaves_at: datetime | None, *, now: datetime) -> bool:
    """Whether this answer still waits."""
    return message.kind == MessageKind.REPLY and mail_leaves_at is not None and mail_leaves_at > now


def take_back(session: DbSession, enquiry: Enquiry, message: Message, *, actor: str, now: datetime) -> str:
    """Undo an answer that has not left: the mail and the entry go, the question stands as before. Gives the text.

    Raises:
        TooLate: the mail has left, or may be leaving now.
    """
    if message.mail_id is None or not withdraw(session, message.mail_id, now=now):
        raise TooLate
    done = session.scalars(
        select(Activity)
        .where(
            Activity.subject_kind == "enquiry",
            Activity.subject_id == enquiry.id,
            Activity.what == "enquiry.answered",
        )
        .order_by(Activity.id.desc())
    )
    before = next((row.data for row in done if row.data.get("message") == message.id), None)
    text = message.body
    session.delete(message)
    if before is not None and enquiry.state == EnquiryState.WAITING:
        enquiry.state = before["state"]
        for name in RESTORED:
            at = before[name]
            setattr(enquiry, name, datetime.fromisoformat(at) if at else None)
    record(session, ("enquiry", enquiry.id), "enquiry.answer_withdrawn", actor=actor, now=now)
    session.flush()
    return text
