"""A question that cannot wait is told to several people at once; the first to take it has it, the others are told.

Until somebody takes it, it belongs to whom routing chose, so that it is never nobody's. Race-safe: the question's row
is held while somebody takes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.activity.services import advisor_actor, record
from consult.contact import emails, promise_emails
from consult.contact.models import Enquiry, EnquiryState
from consult.contact.private_link import enquiry_link
from consult.people.models import Advisor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings


class AlreadyTaken(Exception):
    """Somebody else was first; ``owner`` has the question."""

    def __init__(self, owner: Advisor | None) -> None:
        super().__init__("already taken")
        self.owner = owner


def is_open_to_all(enquiry: Enquiry) -> bool:
    """Whether whoever is first may take it."""
    was_told = bool(enquiry.decision.get("alert"))
    return enquiry.urgent and was_told and enquiry.taken_at is None and enquiry.state == EnquiryState.OPEN


def alert(session: DbSession, enquiry: Enquiry, *, settings: Settings, now: datetime) -> None:
    """Tell everybody whom the decision names, each with a link to take it."""
    for each in _alerted(session, enquiry):
        promise_emails.urgent(session, enquiry, each, settings=settings, now=now)


def take(session: DbSession, enquiry: Enquiry, taker: Advisor, *, settings: Settings, now: datetime) -> None:
    """Have an urgent question from now on; the visitor and the others are told. Taking it twice is once.

    Raises:
        AlreadyTaken: somebody else has it, or it is no longer open.
    """
    held = session.execute(
        select(Enquiry)
        .where(Enquiry.id == enquiry.id)
        .with_for_update(of=Enquiry)
        .execution_options(populate_existing=True)
    ).scalar_one()
    if held.taken_at is not None and held.advisor_id == taker.id:
        return
    if not is_open_to_all(held):
        raise AlreadyTaken(held.advisor)
    before, held.advisor = held.advisor_id, taker
    if before != taker.id:
        held.stand_in_for_id = None
    subject, actor = ("enquiry", held.id), advisor_actor(taker.id)
    record(session, subject, "enquiry.assigned", actor=actor, now=now, advisor=taker.id, instead_of=before)
    settle(session, held, taker, settings=settings, now=now)
    if before != taker.id:
        token = enquiry_link(session, held, now=now)
        emails.enquiry_moved_to(session, held, token, settings=settings, now=now)


def settle(
    session: DbSession, enquiry: Enquiry, taker: Advisor, *, settings: Settings, now: datetime
) -> None:
    """It is somebody's, by taking, answering or handing over: tell the others. Of any other question: nothing."""
    if not enquiry.urgent or enquiry.taken_at is not None:
        return
    enquiry.taken_at = now
    session.flush()
    for each in _alerted(session, enquiry):
        if each.id != taker.id:
            promise_emails.taken(session, enquiry, each, taker, settings=settings, now=now)


def _alerted(session: DbSession, enquiry: Enquiry) -> Sequence[Advisor]:
    """Whom the stored decision names, in its order."""
    ids = tuple(enquiry.decision.get("alert", ()))
    found = {each.id: each for each in session.scalars(select(Advisor).where(Advisor.id.in_(ids)))}
    return [found[each] for each in ids if each in found]
