"""Put a question off until a day: out of sight until then, by the clock alone.

What was promised is not put off: it runs on, and ``consult.contact.escalation`` brings the question back in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.activity.services import record
from consult.contact.handing_over import AlreadyClosed
from consult.contact.models import Enquiry, EnquiryState

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession

OURS_OR_THEIRS = (EnquiryState.OPEN, EnquiryState.WAITING)


class NotToCome(Exception):
    """The moment to look again lies in the past."""


def snooze(session: DbSession, enquiry: Enquiry, until: datetime, *, actor: str, now: datetime) -> None:
    """Take the question out of sight until then, or until the visitor writes.

    Raises:
        NotToCome: that moment is over.
        AlreadyClosed: there is nothing to put off.
    """
    if until <= now:
        raise NotToCome
    if enquiry.state not in OURS_OR_THEIRS:
        raise AlreadyClosed
    enquiry.snoozed_until = until
    record(session, ("enquiry", enquiry.id), "enquiry.snoozed", actor=actor, now=now, until=until.isoformat())
    session.flush()


def wake(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> None:
    """Have the question in sight again. Twice is once."""
    if enquiry.snoozed_until is None or enquiry.snoozed_until <= now:
        return
    enquiry.snoozed_until = None
    record(session, ("enquiry", enquiry.id), "enquiry.woken", actor=actor, now=now)
    session.flush()
