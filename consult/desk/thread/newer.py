"""Whether a thread went on while somebody was writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from consult.contact.models import Enquiry, Message

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.people.models import Advisor


def newer_by_others(
    session: DbSession, enquiry: Enquiry, seen_id: int, advisor: Advisor, *, form_key: str
) -> bool:
    """Whether the visitor or a colleague added an entry after this one; a form that came before changes nothing."""
    if session.scalar(select(Message.id).where(Message.form_key == form_key)) is not None:
        return False
    by_others = or_(Message.advisor_id.is_(None), Message.advisor_id != advisor.id)
    newer = select(Message.id).where(Message.enquiry_id == enquiry.id, Message.id > seen_id, by_others)
    return session.scalar(newer.limit(1)) is not None


def newest_entry(session: DbSession, enquiry: Enquiry) -> int:
    """The number of the newest entry that somebody wrote; 0 when there is none."""
    newest = select(func.max(Message.id)).where(Message.enquiry_id == enquiry.id)
    return session.scalar(newest) or 0
