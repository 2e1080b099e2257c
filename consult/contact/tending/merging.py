"""Two questions of one person become one: the younger thread goes into the other, and what is still written too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select, update

from consult.activity.services import record
from consult.contact.handing_over import AlreadyClosed
from consult.contact.models import CallAttempt, Enquiry, EnquiryState, Message, MessageKind
from consult.contact.promises import set_promise
from consult.contact.tending.merge_undo import as_it_stands, merged_key, what_goes_over

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession

MOST = 20


class NotTheSamePerson(Exception):
    """The two questions are not known to be of one person, or are one question."""


def mergeable(session: DbSession, enquiry: Enquiry) -> Sequence[Enquiry]:
    """The other questions of this person that this one may go into, the newest first."""
    same = _same_person(enquiry)
    if not same or not _stands(enquiry):
        return ()
    query = select(Enquiry).where(
        or_(*same),
        Enquiry.id != enquiry.id,
        Enquiry.merged_into_id.is_(None),
        Enquiry.state.in_((EnquiryState.OPEN, EnquiryState.WAITING)),
    )
    return session.scalars(query.order_by(Enquiry.id.desc()).limit(MOST)).all()


def merge(session: DbSession, enquiry: Enquiry, into: Enquiry, *, actor: str, now: datetime) -> None:
    """Put this question with its thread and calls into another; the earlier promise of the two stands. Twice is once.

    Raises:
        NotTheSamePerson: they are not known to be of one person.
        AlreadyClosed: one of them is closed, spam, or merged with something else.
    """
    if enquiry.merged_into_id == into.id:
        return
    if not _stands(enquiry) or not _stands(into):
        raise AlreadyClosed
    if enquiry.id == into.id or not _are_one(enquiry, into):
        raise NotTheSamePerson
    own, before, over = as_it_stands(enquiry), as_it_stands(into), what_goes_over(session, enquiry)
    asked = Message(
        enquiry_id=into.id,
        form_key=merged_key(enquiry),
        kind=MessageKind.VISITOR,
        body=enquiry.question,
        at=enquiry.asked_at,
    )
    session.add(asked)
    for rows in (Message, CallAttempt):
        session.execute(update(rows).where(rows.enquiry_id == enquiry.id).values(enquiry_id=into.id))
    session.execute(
        update(Enquiry).where(Enquiry.merged_into_id == enquiry.id).values(merged_into_id=into.id)
    )
    _take_over_promise(enquiry, into)
    enquiry.state, enquiry.closed_at, enquiry.due_soon_at = EnquiryState.CLOSED, now, None
    enquiry.merged_into_id, enquiry.snoozed_until = into.id, None
    told = {"reference": into.reference, "from": enquiry.reference}
    undo: dict[str, Any] = {"own": own, "before": before, "after": as_it_stands(into), "over": over}
    record(session, ("enquiry", enquiry.id), "enquiry.merged", actor=actor, now=now, **told, **undo)
    record(session, ("enquiry", into.id), "enquiry.merged_here", actor=actor, now=now, **told)
    session.flush()
    session.expire(enquiry, ["messages"])
    session.expire(into, ["messages"])


def _take_over_promise(enquiry: Enquiry, into: Enquiry) -> None:
    into.urgent = into.urgent or enquiry.urgent
    if enquiry.state != EnquiryState.OPEN:
        return
    if into.state != EnquiryState.OPEN or enquiry.answer_by < into.answer_by:
        set_promise(into, enquiry.answer_by, warn_at=enquiry.due_soon_at)
    into.state, into.snoozed_until = EnquiryState.OPEN, None


def _stands(enquiry: Enquiry) -> bool:
    return enquiry.merged_into_id is None and enquiry.state in {EnquiryState.OPEN, EnquiryState.WAITING}


def _are_one(one: Enquiry, other: Enquiry) -> bool:
    known = one.contact_id is not None and one.contact_id == other.contact_id
    address = bool(one.email) and (one.email or "").lower() == (other.email or "").lower()
    return known or address or (one.phone is not None and one.phone == other.phone)


def _same_person(enquiry: Enquiry) -> list[ColumnElement[bool]]:
    same: list[ColumnElement[bool]] = []
    if enquiry.contact_id is not None:
        same.append(Enquiry.contact_id == enquiry.contact_id)
    if enquiry.email:
        same.append(func.lower(Enquiry.email) == enquiry.email.lower())
    if enquiry.phone:
        same.append(Enquiry.phone == enquiry.phone)
    return same
