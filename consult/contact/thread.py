"""A question's thread: what was asked, answered, noted and done, in the order in which it happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.activity.services import of_subject
from consult.contact.models import Enquiry, Message, MessageKind
from consult.outbox.models import OutgoingMail
from consult.people.models import Advisor

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession

# What the messages themselves already show, or what only matters to machines.
TOLD_BY_MESSAGES = frozenset({"enquiry.created", "enquiry.extended", "enquiry.answered"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: ``kind`` is question, reply, note or event; ``mail_state`` that of the mail that carried a reply.

    Of an event, ``text`` is its code (``enquiry.assigned``), ``why`` its reason and ``data`` its facts.
    """

    kind: str
    at: datetime
    text: str
    author: str | None = None
    mail_state: str | None = None
    why: str | None = None
    data: dict[str, object] | None = None


def thread(session: DbSession, enquiry: Enquiry) -> list[Entry]:
    """Everything an advisor may see, oldest first."""
    entries = [*_messages(session, enquiry), *_events(session, enquiry)]
    return [_question(enquiry), *sorted(entries, key=lambda entry: entry.at)]


def visitor_thread(session: DbSession, enquiry: Enquiry) -> list[Entry]:
    """What the visitor wrote and was answered, oldest first; no notes, no events."""
    return [
        _question(enquiry),
        *(entry for entry in _messages(session, enquiry) if entry.kind != MessageKind.NOTE),
    ]


def _question(enquiry: Enquiry) -> Entry:
    return Entry("question", enquiry.asked_at, enquiry.question, enquiry.name)


def _messages(session: DbSession, enquiry: Enquiry) -> list[Entry]:
    rows = session.execute(
        select(Message.kind, Message.at, Message.body, Advisor.name, OutgoingMail.state)
        .outerjoin(Advisor, Advisor.id == Message.advisor_id)
        .outerjoin(OutgoingMail, OutgoingMail.id == Message.mail_id)
        .where(Message.enquiry_id == enquiry.id)
        .order_by(Message.at, Message.id)
    )
    return [
        Entry("question" if kind == MessageKind.VISITOR else kind, at, body, author or enquiry.name, state)
        for kind, at, body, author, state in rows
    ]


def _events(session: DbSession, enquiry: Enquiry) -> list[Entry]:
    return [
        Entry("event", row.at, row.what, row.actor, why=row.why, data=row.data)
        for row in of_subject(session, ("enquiry", enquiry.id))
        if row.what not in TOLD_BY_MESSAGES
    ]
