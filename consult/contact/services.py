"""The life of a question: found, added to, noted on, closed; each change leaves a row that tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.activity.services import VISITOR, record
from consult.contact import emails
from consult.contact.answering import NoAddress, reply
from consult.contact.handing_over import AlreadyClosed, NoReason, SameAdvisor, hand_over
from consult.contact.messages import add_message
from consult.contact.models import ContactPage, Enquiry, EnquiryState, Message, MessageKind
from consult.contact.private_link import AFTER_CLOSING
from consult.contact.promises import make_promise, take_up_promise
from consult.contact.upkeep.pages import page_once_called
from consult.links.models import Purpose
from consult.links.services import open_link, set_expiry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings

__all__ = [
    "AlreadyClosed",
    "NoAddress",
    "NoReason",
    "SameAdvisor",
    "active_pages",
    "add_note",
    "add_visitor_message",
    "by_link",
    "by_reference",
    "close",
    "hand_over",
    "page_by_slug",
    "reopen",
    "reply",
    "standing",
]


def page_by_slug(session: DbSession, slug: str) -> ContactPage | None:
    """The contact page that has this name in addresses, or once had it, if it is shown."""
    found = session.scalar(select(ContactPage).where(ContactPage.slug == slug, ContactPage.active))
    return found or page_once_called(session, slug)


def active_pages(session: DbSession) -> Sequence[ContactPage]:
    """Every contact page that is shown."""
    return session.scalars(select(ContactPage).where(ContactPage.active).order_by(ContactPage.title)).all()


def by_reference(session: DbSession, reference: str) -> Enquiry | None:
    """The question with this number."""
    return session.scalar(select(Enquiry).where(Enquiry.reference == reference))


def by_link(session: DbSession, token: str, *, now: datetime) -> Enquiry | None:
    """The question behind a private link that still works; of a merged one, the question it became part of."""
    enquiry_id = open_link(session, Purpose.ENQUIRY, token, now=now)
    enquiry = session.get(Enquiry, enquiry_id) if enquiry_id is not None else None
    return standing(session, enquiry) if enquiry is not None else None


def standing(session: DbSession, enquiry: Enquiry) -> Enquiry:
    """The question itself, or the one that it was merged into."""
    if enquiry.merged_into_id is None:
        return enquiry
    return session.get(Enquiry, enquiry.merged_into_id) or enquiry


def add_visitor_message(
    session: DbSession, enquiry: Enquiry, text: str, *, form_key: str, settings: Settings, now: datetime
) -> Message:
    """The visitor adds something: the question is ours again, and its advisor is told; spam wakes nobody."""
    enquiry = standing(session, enquiry)
    message, is_new = add_message(session, enquiry, MessageKind.VISITOR, text, form_key=form_key, now=now)
    if not is_new or enquiry.spam_at is not None:
        return message
    enquiry.snoozed_until = None
    if enquiry.state not in {EnquiryState.OPEN, EnquiryState.HELD}:
        enquiry.state, enquiry.closed_at = EnquiryState.OPEN, None
        set_expiry(session, Purpose.ENQUIRY, enquiry.id, None)
        make_promise(session, enquiry, settings=settings, now=now)
    record(session, ("enquiry", enquiry.id), "enquiry.extended", actor=VISITOR, now=now)
    if enquiry.advisor is not None:
        emails.visitor_wrote(session, enquiry, enquiry.advisor, settings=settings, now=now)
    return message


def add_note(
    session: DbSession, enquiry: Enquiry, advisor: Advisor, text: str, *, form_key: str, now: datetime
) -> Message:
    """Write something down for colleagues; the visitor never sees it."""
    message, _is_new = add_message(
        session, enquiry, MessageKind.NOTE, text, form_key=form_key, now=now, advisor=advisor
    )
    return message


def close(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> None:
    """The question is dealt with; its private links work for another week. Twice is once."""
    if enquiry.state == EnquiryState.CLOSED:
        return
    enquiry.state, enquiry.closed_at, enquiry.due_soon_at = EnquiryState.CLOSED, now, None
    enquiry.snoozed_until = None
    set_expiry(session, Purpose.ENQUIRY, enquiry.id, now + AFTER_CLOSING)
    record(session, ("enquiry", enquiry.id), "enquiry.closed", actor=actor, now=now)


def reopen(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> None:
    """The question is ours again, with its promise unless that was kept. Twice is once; a merged one stays merged."""
    if enquiry.state != EnquiryState.CLOSED or enquiry.merged_into_id is not None:
        return
    enquiry.state, enquiry.closed_at = EnquiryState.OPEN, None
    if enquiry.answered_at is None:
        take_up_promise(enquiry, now=now)
    set_expiry(session, Purpose.ENQUIRY, enquiry.id, None)
    record(session, ("enquiry", enquiry.id), "enquiry.reopened", actor=actor, now=now)
