"""Questions that look like spam: held until a coordinator lets them through or puts them away; both can be undone.

Nothing is deleted here and nobody is told; what is let through goes the way of every question, with the promise
that its visitor already read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from consult.activity.models import Activity
from consult.activity.services import record
from consult.contact.intake import announce, know_visitor
from consult.contact.models import Enquiry, EnquiryState
from consult.contact.private_link import enquiry_link
from consult.contact.tending.spam import mark_spam, not_spam

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from consult.database import DbSession
    from consult.settings import Settings

MOST_SHOWN = 50
# So long what was let through is listed, to be put back.
LATELY = timedelta(days=7)


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


def take_back_judgement(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> None:
    """It was put away too soon: it waits for a look again. Twice is once.

    What was called spam at the desk stands as before: it had been let in.
    """
    if enquiry.state != EnquiryState.HELD or enquiry.spam_at is None:
        return
    if enquiry.decision:
        not_spam(session, enquiry, actor=actor, now=now)
        return
    enquiry.spam_at = None
    record(session, ("enquiry", enquiry.id), "enquiry.held_again", actor=actor, now=now)
    session.flush()


def take_back_release(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> None:
    """It was let through too soon, in the last week: out of every list again, as spam. Twice is once.

    Who was told meanwhile stays told.
    """
    if enquiry in let_through_lately(session, now=now):
        mark_spam(session, enquiry, actor=actor, now=now)


def let_through_lately(session: DbSession, *, now: datetime) -> Sequence[Enquiry]:
    """What was let through in the last seven days and is still open, the newest first; at most fifty."""
    lately = exists().where(
        Activity.subject_kind == "enquiry",
        Activity.subject_id == Enquiry.id,
        Activity.what == "enquiry.let_through",
        Activity.at > now - LATELY,
    )
    query = select(Enquiry).where(Enquiry.state == EnquiryState.OPEN, lately)
    return session.scalars(query.order_by(Enquiry.id.desc()).limit(MOST_SHOWN)).all()


def _held() -> Select[Enquiry]:
    return select(Enquiry).where(Enquiry.state == EnquiryState.HELD)
