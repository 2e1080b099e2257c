"""Questions that look like spam: held until a coordinator lets them through or puts them away; both can be undone.

Nothing is deleted here and nobody is told; what is let through goes the way of every question, with the promise
that its visitor already read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from consult.activity.services import record
from consult.contact.intake import announce, know_visitor
from consult.contact.models import Enquiry, EnquiryState
from consult.contact.private_link import enquiry_link
from consult.contact.tending.spam import not_spam

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from consult.database import DbSession
    from consult.settings import Settings

MOST_SHOWN = 50


def to_review(session: DbSession) -> Sequence[Enquiry]:
    """Held questions that nobody judged yet, the earliest promise first; at most fifty."""
    query = _held().where(Enquiry.spam_at.is_(None)).order_by(Enquiry.answer_by).limit(MOST_SHOWN)
    return session.scalars(query).all()


def put_away(session: DbSession) -> Sequence[Enquiry]:
    """What was judged to be spam, the latest first; at most fifty."""
    query = _held().where(Enquiry.spam_at.is_not(None)).order_by(Enquiry.spam_at.desc()).limit(MOST_SHOWN)
    return session.scalars(query).all()


def count_to_review(session: DbSession) -> int:
    """How many held questions wait for a look."""
    waiting = select(func.count()).where(Enquiry.state == EnquiryState.HELD, Enquiry.spam_at.is_(None))
    return session.scalar(waiting) or 0


def to_judge(session: DbSession, reference: str) -> Enquiry | None:
    """The question with this number, whatever was judged; nobody else changes it until the transaction ends."""
    return session.scalar(select(Enquiry).where(Enquiry.reference == reference).with_for_update())


def release(session: DbSession, enquiry: Enquiry, *, actor: str, settings: Settings, now: datetime) -> None:
    """Let it through: somebody gets it, and both sides are told; who had it before has it again. Twice is once."""
    if enquiry.state != EnquiryState.HELD:
        return
    if enquiry.decision:
        not_spam(session, enquiry, actor=actor, now=now)
        return
    enquiry.state, enquiry.spam_at = EnquiryState.OPEN, None
    know_visitor(session, enquiry, now=now)
    record(session, ("enquiry", enquiry.id), "enquiry.let_through", actor=actor, now=now)
    token = enquiry_link(session, enquiry, now=now)
    announce(session, enquiry, token, promised=True, settings=settings, now=now)


def judge_spam(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> None:
    """Put it away as spam; it can still be let through. Twice is once."""
    if enquiry.state != EnquiryState.HELD or enquiry.spam_at is not None:
        return
    enquiry.spam_at = now
    record(session, ("enquiry", enquiry.id), "enquiry.judged_spam", actor=actor, now=now)
    session.flush()


def _held() -> Select[Enquiry]:
    return select(Enquiry).where(Enquiry.state == EnquiryState.HELD)
