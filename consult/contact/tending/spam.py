"""Say at the desk that a question is spam, and take that back: nobody is told, and nothing is answered.

It then stands among what ``consult.contact.held`` put away, so that coordinators see it there too.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.activity.models import Activity
from consult.activity.services import record
from consult.contact.models import Enquiry, EnquiryState
from consult.contact.private_link import AFTER_CLOSING
from consult.links.models import Purpose
from consult.links.services import set_expiry

if TYPE_CHECKING:
    from consult.database import DbSession


def mark_spam(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> None:
    """This is spam: out of every list, and no promise runs. Twice is once."""
    if enquiry.state == EnquiryState.HELD:
        return
    due = enquiry.due_soon_at
    before = {"state": enquiry.state, "due_soon_at": due.isoformat() if due else None}
    enquiry.state, enquiry.due_soon_at, enquiry.snoozed_until = EnquiryState.HELD, None, None
    # It had been let in: the signs that once held it are in its history.
    enquiry.spam_at, enquiry.held_for = now, None
    set_expiry(session, Purpose.ENQUIRY, enquiry.id, now + AFTER_CLOSING)
    record(session, ("enquiry", enquiry.id), "enquiry.spam", actor=actor, now=now, **before)
    session.flush()


def can_be_undone(enquiry: Enquiry) -> bool:
    """Whether somebody at the desk called it spam; what was held on its way in, coordinators let through."""
    return enquiry.spam_at is not None and enquiry.held_for is None


def not_spam(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> None:
    """It was no spam: it stands as before, with the promise that was made. Twice is once."""
    if enquiry.state != EnquiryState.HELD or enquiry.spam_at is None:
        return
    before = session.scalar(
        select(Activity.data)
        .where(
            Activity.subject_kind == "enquiry",
            Activity.subject_id == enquiry.id,
            Activity.what == "enquiry.spam",
        )
        .order_by(Activity.id.desc())
        .limit(1)
    )
    if before is None:
        # Judged by a coordinator, not here: only who let it in may let it through.
        return
    enquiry.spam_at = None
    enquiry.state = before["state"]
    due = before["due_soon_at"]
    enquiry.due_soon_at = datetime.fromisoformat(due) if due else None
    if enquiry.state != EnquiryState.CLOSED:
        set_expiry(session, Purpose.ENQUIRY, enquiry.id, None)
    record(session, ("enquiry", enquiry.id), "enquiry.not_spam", actor=actor, now=now)
    session.flush()
