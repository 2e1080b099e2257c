"""Calling somebody back: each attempt is kept with what came of it, and what was agreed becomes the promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.activity.services import advisor_actor, record
from consult.contact import urgent
from consult.contact.continuity import keep_contact
from consult.contact.handing_over import AlreadyClosed
from consult.contact.models import CallAttempt, CallResult, Enquiry, EnquiryState
from consult.contact.promises import agree_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings
    from consult.timespan import Span


class NoWindow(Exception):
    """Who asks to be called later says when; that window is still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCall:
    """An attempt to call; ``window`` is when to call again, of ``LATER`` only."""

    form_key: str
    result: CallResult
    note: str | None = None
    window: Span | None = None


def record_call(
    session: DbSession,
    enquiry: Enquiry,
    advisor: Advisor,
    call: NewCall,
    *,
    settings: Settings,
    now: datetime,
) -> CallAttempt:
    """Keep what came of calling back. The same form twice is one attempt.

    Spoken: the visitor was answered and it is the visitor's move. No answer: the promise stands. Later: the promise is
    from now on to call within the agreed window.

    Raises:
        AlreadyClosed: the question is closed; open it again first.
        NoWindow: later, and no window that ends after now; or a window with another result.
    """
    known = session.scalar(select(CallAttempt).where(CallAttempt.form_key == call.form_key))
    if known is not None:
        return known
    if enquiry.state == EnquiryState.CLOSED:
        raise AlreadyClosed
    if (call.result == CallResult.LATER) != (call.window is not None and call.window.end > now):
        raise NoWindow
    attempt = CallAttempt(
        enquiry_id=enquiry.id,
        advisor_id=advisor.id,
        form_key=call.form_key,
        at=now,
        result=call.result,
        note=call.note,
        window_from=call.window.start if call.window else None,
        window_until=call.window.end if call.window else None,
    )
    try:
        with session.begin_nested():
            session.add(attempt)
    except IntegrityError:
        # The same form arrived twice at once: the other one was first.
        return session.scalars(select(CallAttempt).where(CallAttempt.form_key == call.form_key)).one()
    actor = advisor_actor(advisor.id)
    subject = ("enquiry", enquiry.id)
    record(session, subject, "enquiry.called", actor=actor, now=now, why=call.note, result=call.result)
    if call.window is not None:
        enquiry.state = EnquiryState.OPEN
        agree_on(enquiry, call.window.start, call.window.end)
    if call.result == CallResult.SPOKE:
        enquiry.state, enquiry.due_soon_at = EnquiryState.WAITING, None
        enquiry.answered_at = enquiry.answered_at or now
        keep_contact(session, enquiry, advisor, now=now)
        urgent.settle(session, enquiry, advisor, settings=settings, now=now)
    session.flush()
    return attempt


def calls(session: DbSession, enquiry: Enquiry) -> Sequence[CallAttempt]:
    """The attempts to call, oldest first."""
    query = select(CallAttempt).where(CallAttempt.enquiry_id == enquiry.id)
    return session.scalars(query.order_by(CallAttempt.at, CallAttempt.id)).all()
