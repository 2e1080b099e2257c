"""The private links to a question: they last until a week after it was closed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from consult.links.models import Purpose
from consult.links.services import issue_link

if TYPE_CHECKING:
    from datetime import datetime

    from consult.contact.models import Enquiry
    from consult.database import DbSession

AFTER_CLOSING = timedelta(days=7)


def enquiry_link(session: DbSession, enquiry: Enquiry, *, now: datetime) -> str:
    """A new link to the question; returns its token."""
    ends = enquiry.closed_at + AFTER_CLOSING if enquiry.closed_at else None
    return issue_link(session, Purpose.ENQUIRY, enquiry.id, expires_at=ends, now=now)
