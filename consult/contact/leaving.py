"""What an absence hits among an advisor's questions, and giving those to who stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from consult.contact.handing_over import hand_to_stand_in
from consult.contact.models import Enquiry, EnquiryState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings
    from consult.timespan import Span


def questions_hit(session: DbSession, advisor_id: int, span: Span, *, now: datetime) -> Sequence[Enquiry]:
    """What cannot be answered before the absence begins, or may come back in it; the earliest promise first.

    A question that waits for the visitor counts too: what is written during the absence would find nobody.
    """
    begun = span.start <= now
    ours = Enquiry.state == EnquiryState.OPEN
    return session.scalars(
        select(Enquiry)
        .where(
            Enquiry.advisor_id == advisor_id,
            or_(
                Enquiry.state == EnquiryState.WAITING,
                ours if begun else ours & (Enquiry.answer_by > span.start),
            ),
        )
        .order_by(Enquiry.answer_by, Enquiry.id)
    ).all()


def give_to_stand_in(
    session: DbSession,
    questions: Sequence[Enquiry],
    stand_in: Advisor,
    *,
    by: Advisor,
    why: str,
    settings: Settings,
    now: datetime,
) -> int:
    """Let somebody else answer these while their advisor is away; gives how many were not the stand-in's already."""
    moved = 0
    for enquiry in questions:
        if enquiry.advisor_id != stand_in.id and enquiry.state != EnquiryState.CLOSED:
            hand_to_stand_in(session, enquiry, stand_in, by=by, why=why, settings=settings, now=now)
            moved += 1
    return moved
