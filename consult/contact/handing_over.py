"""A question changes hands: for good, with the contact; or for as long as somebody is away, without."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from consult.activity.services import advisor_actor, record
from consult.contact import emails, urgent
from consult.contact.continuity import pass_contact_on
from consult.contact.messages import add_message
from consult.contact.models import Enquiry, EnquiryState, MessageKind
from consult.contact.private_link import enquiry_link

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings


class SameAdvisor(Exception):
    """The question already belongs to this advisor."""


class AlreadyClosed(Exception):
    """The question is closed; open it again first."""


class NoReason(Exception):
    """A question that somebody has is given away without saying why."""


class NoNote(Exception):
    """A question that somebody has is given away without what the next one must know."""


def is_somebodys(enquiry: Enquiry) -> bool:
    """Whether somebody who works here has the question; what a colleague left behind is for whoever takes it."""
    return enquiry.advisor is not None and enquiry.advisor.active


def hand_over(
    session: DbSession,
    enquiry: Enquiry,
    to_advisor: Advisor,
    *,
    by: Advisor,
    why: str,
    note: str = "",
    settings: Settings,
    now: datetime,
) -> None:
    """Give the question to another advisor, with the reason; that advisor and the visitor are told.

    ``note`` is what a colleague must know to go on; it stands in the thread, and only who was stood in for does
    without. The contact goes along, but not when a
    stand-in passes the question on: then it stays with who is away.

    Raises:
        SameAdvisor: it already belongs to that advisor.
        AlreadyClosed: there is nothing left to hand over.
        NoReason: somebody has it, and no reason was given.
        NoNote: somebody has it, and nothing was said of what the next one must know.
    """
    _check(enquiry, to_advisor)
    if is_somebodys(enquiry) and not why.strip():
        raise NoReason
    gets_back = enquiry.stand_in_for_id == to_advisor.id
    if is_somebodys(enquiry) and not gets_back and not note.strip():
        raise NoNote
    if note.strip():
        add_message(session, enquiry, MessageKind.NOTE, note, form_key=token_hex(16), now=now, advisor=by)
    if gets_back:
        enquiry.stand_in_for_id = None
    elif enquiry.stand_in_for_id is None and enquiry.advisor_id is not None:
        actor = advisor_actor(by.id)
        pass_contact_on(session, enquiry, enquiry.advisor_id, to_advisor, actor=actor, why=why, now=now)
    _give(session, enquiry, to_advisor, by=by, why=why, settings=settings, now=now)


def hand_to_stand_in(
    session: DbSession,
    enquiry: Enquiry,
    stand_in: Advisor,
    *,
    by: Advisor,
    why: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Let somebody answer while the advisor is away, who keeps the contact; both sides are told.

    Raises:
        SameAdvisor: it already belongs to the stand-in.
        AlreadyClosed: there is nothing left to hand over.
    """
    _check(enquiry, stand_in)
    enquiry.stand_in_for_id = enquiry.stand_in_for_id or enquiry.advisor_id
    _give(session, enquiry, stand_in, by=by, why=why, settings=settings, now=now)


def _check(enquiry: Enquiry, to: Advisor) -> None:
    if enquiry.advisor_id == to.id:
        raise SameAdvisor
    if enquiry.state == EnquiryState.CLOSED:
        raise AlreadyClosed


def _give(
    session: DbSession,
    enquiry: Enquiry,
    to: Advisor,
    *,
    by: Advisor,
    why: str,
    settings: Settings,
    now: datetime,
) -> None:
    before, enquiry.advisor = enquiry.advisor_id, to
    session.flush()
    urgent.settle(session, enquiry, to, settings=settings, now=now)
    told = {"advisor": to.id, "before": before}
    subject = ("enquiry", enquiry.id)
    record(session, subject, "enquiry.assigned", actor=advisor_actor(by.id), now=now, why=why, **told)
    if to.id != by.id:
        emails.enquiry_assigned(session, enquiry, to, settings=settings, now=now)
    token = enquiry_link(session, enquiry, now=now)
    emails.enquiry_moved_to(session, enquiry, token, settings=settings, now=now)
