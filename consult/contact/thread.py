"""A question's thread: what was asked, answered, noted, called and done, in the order in which it happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, literal, null, select, union_all

from consult.activity.services import of_subject
from consult.contact.models import CallAttempt, Enquiry, Message, MessageKind
from consult.database import UtcDateTime
from consult.outbox.models import MailState, OutgoingMail
from consult.people.models import Advisor

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession

# What the other entries themselves already show, or what only the trail is for.
TOLD_BY_ENTRIES = frozenset(
    {"enquiry.created", "enquiry.extended", "enquiry.answered", "enquiry.called", "enquiry.read"}
)
CALL = "call"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: ``kind`` is question, reply, note, call or event; ``mail_state`` that of the mail with a reply.

    ``message_id`` is that of a message; ``leaves_at`` is when the mail of a reply leaves that has not left. Of a call,
    ``data`` holds its ``result`` and, of ``later``, the window. Of an event, ``text`` is its code
    (``enquiry.assigned``), ``why`` its reason and ``data`` its facts.
    """

    kind: str
    at: datetime
    text: str
    author: str | None = None
    mail_state: str | None = None
    why: str | None = None
    data: dict[str, Any] | None = None
    message_id: int | None = None
    leaves_at: datetime | None = None


def thread(session: DbSession, enquiry: Enquiry) -> list[Entry]:
    """Everything an advisor may see, oldest first; two statements."""
    entries = [*_written(session, enquiry, calls=True), *_events(session, enquiry)]
    return [_question(enquiry), *sorted(entries, key=lambda entry: entry.at)]


def visitor_thread(session: DbSession, enquiry: Enquiry) -> list[Entry]:
    """What the visitor wrote and was answered, oldest first; no notes, no calls, no events."""
    return [
        _question(enquiry),
        *(entry for entry in _written(session, enquiry, calls=False) if entry.kind != MessageKind.NOTE),
    ]


def _question(enquiry: Enquiry) -> Entry:
    return Entry("question", enquiry.asked_at, enquiry.question, enquiry.name)


def _written(session: DbSession, enquiry: Enquiry, *, calls: bool) -> list[Entry]:
    waits = (OutgoingMail.state == MailState.PENDING) & (OutgoingMail.attempts == 0)
    messages = (
        select(
            Message.id.label("id"),
            Message.kind.label("kind"),
            Message.at.label("at"),
            Message.body.label("body"),
            Advisor.name.label("author"),
            OutgoingMail.state.label("mail_state"),
            case((waits, OutgoingMail.next_attempt_at)).label("leaves_at"),
            null().cast(CallAttempt.result.type).label("result"),
            null().cast(UtcDateTime).label("window_from"),
            null().cast(UtcDateTime).label("window_until"),
        )
        .outerjoin(Advisor, Advisor.id == Message.advisor_id)
        .outerjoin(OutgoingMail, OutgoingMail.id == Message.mail_id)
        .where(Message.enquiry_id == enquiry.id)
    )
    attempts = (
        select(
            CallAttempt.id,
            literal(CALL).cast(Message.kind.type),
            CallAttempt.at,
            CallAttempt.note,
            Advisor.name,
            null().cast(OutgoingMail.state.type),
            null().cast(UtcDateTime),
            CallAttempt.result,
            CallAttempt.window_from,
            CallAttempt.window_until,
        )
        .outerjoin(Advisor, Advisor.id == CallAttempt.advisor_id)
        .where(CallAttempt.enquiry_id == enquiry.id)
    )
    rows = (union_all(messages, attempts) if calls else messages).subquery()
    query = select(rows).order_by(rows.c.at, rows.c.kind, rows.c.id)
    return [_entry(row, enquiry) for row in session.execute(query)]


def _entry(row: Any, enquiry: Enquiry) -> Entry:
    if row.kind == CALL:
        window = (row.window_from, row.window_until) if row.window_from else None
        return Entry(CALL, row.at, row.body or "", row.author, data={"result": row.result, "window": window})
    kind = "question" if row.kind == MessageKind.VISITOR else row.kind
    return Entry(
        kind,
        row.at,
        row.body,
        row.author or enquiry.name,
        row.mail_state,
        message_id=row.id,
        leaves_at=row.leaves_at,
    )


def _events(session: DbSession, enquiry: Enquiry) -> list[Entry]:
    return [
        Entry("event", row.at, row.what, row.actor, why=row.why, data=row.data)
        for row in of_subject(session, ("enquiry", enquiry.id))
        if row.what not in TOLD_BY_ENTRIES
    ]
