"""What was said in a chat outside the house, pasted into the thread for colleagues; the visitor has it already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.activity.services import advisor_actor, record
from consult.contact import urgent
from consult.contact.continuity import keep_contact
from consult.contact.messages import add_message
from consult.contact.models import EnquiryState, Message, MessageKind

if TYPE_CHECKING:
    from datetime import datetime

    from consult.contact.models import Enquiry
    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings


def record_chat(
    session: DbSession,
    enquiry: Enquiry,
    advisor: Advisor,
    text: str,
    *,
    answered: bool,
    form_key: str,
    settings: Settings,
    now: datetime,
) -> Message:
    """Keep a chat as a note; ``answered``: it was the answer. The same form twice is one note."""
    message, is_new = add_message(
        session, enquiry, MessageKind.NOTE, text, form_key=form_key, now=now, advisor=advisor
    )
    if not is_new:
        return message
    subject, actor = ("enquiry", enquiry.id), advisor_actor(advisor.id)
    record(session, subject, "enquiry.chatted", actor=actor, now=now, answered=answered)
    if answered and enquiry.state in {EnquiryState.OPEN, EnquiryState.WAITING}:
        enquiry.state, enquiry.due_soon_at, enquiry.snoozed_until = EnquiryState.WAITING, None, None
        enquiry.answered_at = enquiry.answered_at or now
        keep_contact(session, enquiry, advisor, now=now)
        urgent.settle(session, enquiry, advisor, settings=settings, now=now)
    session.flush()
    return message
