"""What a coordinator must hear of: questions of nobody, broken promises, advisors who can take no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, select

from consult.contact.models import Enquiry, EnquiryState
from consult.people.models import Advisor

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession


@dataclass(frozen=True, slots=True)
class Alarms:
    """How many questions belong to nobody, how many are past their promise, how many advisors are at capacity.

    What belongs to somebody who works here no more belongs to nobody.
    """

    unrouted: int
    overdue: int
    at_capacity: int


def is_nobodys() -> ColumnElement[bool]:
    """The condition that nobody who works here has the question."""
    left = select(Advisor.id).where(~Advisor.active)
    return Enquiry.advisor_id.is_(None) | Enquiry.advisor_id.in_(left)


def alarms(session: DbSession, *, now: datetime) -> Alarms:
    """The three counts, in two statements."""
    unfinished = Enquiry.state.in_((EnquiryState.OPEN, EnquiryState.WAITING))
    late = (Enquiry.state == EnquiryState.OPEN) & Enquiry.due_soon_at.is_not(None) & (Enquiry.answer_by < now)
    unrouted, overdue = session.execute(
        select(func.count().filter(is_nobodys()), func.count().filter(late))
        .select_from(Enquiry)
        .where(unfinished)
    ).one()
    load = (
        select(func.count())
        .where(Enquiry.advisor_id == Advisor.id, unfinished)
        .correlate(Advisor)
        .scalar_subquery()
    )
    full = session.scalar(
        select(func.count())
        .select_from(Advisor)
        .where(Advisor.active, Advisor.capacity.is_not(None), load >= Advisor.capacity)
    )
    return Alarms(unrouted, overdue, full or 0)
