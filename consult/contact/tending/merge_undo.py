"""Two questions that were merged become two again: what went over goes back, and each has its own promise.

What is needed for that is written down with the merging itself. What was written after it stays where it was written.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from consult.activity.models import Activity
from consult.activity.services import record
from consult.contact.models import CallAttempt, Enquiry, Message

if TYPE_CHECKING:
    from consult.database import DbSession

STOOD = ("state", "urgent", "answer_by", "first_answer_by", "due_soon_at", "snoozed_until")


class CannotBeUndone(Exception):
    """The question was not merged, or nothing was written down of how it was before."""


def as_it_stands(enquiry: Enquiry) -> dict[str, Any]:
    """State and promise of a question, as JSON."""
    values = {name: getattr(enquiry, name) for name in STOOD}
    return {name: each.isoformat() if isinstance(each, datetime) else each for name, each in values.items()}


def what_goes_over(session: DbSession, enquiry: Enquiry) -> dict[str, list[int]]:
    """The ids of what a merging takes from a question: its messages, calls, and questions merged into it before."""
    return {
        "messages": list(session.scalars(select(Message.id).where(Message.enquiry_id == enquiry.id))),
        "calls": list(session.scalars(select(CallAttempt.id).where(CallAttempt.enquiry_id == enquiry.id))),
        "merged": list(session.scalars(select(Enquiry.id).where(Enquiry.merged_into_id == enquiry.id))),
    }


def unmerge(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> Enquiry:
    """Take this question out of the one it was merged into, and give that one back.

    The other question has its own promise again, unless somebody changed that since.

    Raises:
        CannotBeUndone: there is nothing to undo.
    """
    into, said = enquiry.merged_into, _said(session, enquiry)
    if into is None or said is None or "over" not in said:
        raise CannotBeUndone
    over = said["over"]
    session.execute(delete(Message).where(Message.form_key == merged_key(enquiry)))
    for rows, ids in ((Message, over["messages"]), (CallAttempt, over["calls"])):
        there = (rows.enquiry_id == into.id, rows.id.in_(ids))
        session.execute(update(rows).where(*there).values(enquiry_id=enquiry.id))
    there = (Enquiry.merged_into_id == into.id, Enquiry.id.in_(over["merged"]))
    session.execute(update(Enquiry).where(*there).values(merged_into_id=enquiry.id))
    if as_it_stands(into) == said["after"]:
        _let_stand(into, said["before"])
    _let_stand(enquiry, said["own"])
    enquiry.closed_at = enquiry.merged_into_id = None
    told = {"reference": into.reference, "from": enquiry.reference}
    for each in (enquiry, into):
        record(session, ("enquiry", each.id), "enquiry.unmerged", actor=actor, now=now, **told)
    session.flush()
    for each in (enquiry, into):
        session.expire(each, ["messages", "merged_into"])
    return into


def merged_key(enquiry: Enquiry) -> str:
    """The form key of the message that a merged question became in the other thread."""
    return f"merged-{enquiry.id}"


def _said(session: DbSession, enquiry: Enquiry) -> dict[str, Any] | None:
    about = (Activity.subject_kind == "enquiry", Activity.subject_id == enquiry.id)
    query = select(Activity.data).where(*about, Activity.what == "enquiry.merged")
    return session.scalar(query.order_by(Activity.id.desc()).limit(1))


def _let_stand(enquiry: Enquiry, stood: dict[str, Any]) -> None:
    for name, value in stood.items():
        is_moment = isinstance(value, str) and name != "state"
        setattr(enquiry, name, datetime.fromisoformat(value) if is_moment else value)
