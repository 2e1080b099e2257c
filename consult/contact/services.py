"""The life of a question: answer, add, note, hand over, close; each change leaves a row that tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.activity.services import VISITOR, advisor_actor, record
from consult.contact import emails
from consult.contact.models import ContactPage, Enquiry, EnquiryState, Message, MessageKind
from consult.contact.private_link import AFTER_CLOSING, enquiry_link
from consult.links.models import Purpose
from consult.links.services import open_link, set_expiry
from consult.people.schedules import promised_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.models import Advisor
    from consult.settings import Settings


class SameAdvisor(Exception):
    """The question already belongs to this advisor."""


class AlreadyClosed(Exception):
    """The question is closed; open it again first."""


class NoAddress(Exception):
    """The visitor left no mail address: call or app instead."""


def page_by_slug(session: DbSession, slug: str) -> ContactPage | None:
    """The contact page with this name in addresses, if it is shown."""
    return session.scalar(select(ContactPage).where(ContactPage.slug == slug, ContactPage.active))


def active_pages(session: DbSession) -> Sequence[ContactPage]:
    """Every contact page that is shown."""
    return session.scalars(select(ContactPage).where(ContactPage.active).order_by(ContactPage.title)).all()


def by_reference(session: DbSession, reference: str) -> Enquiry | None:
    """The question with this number."""
    return session.scalar(select(Enquiry).where(Enquiry.reference == reference))


def by_link(session: DbSession, token: str, *, now: datetime) -> Enquiry | None:
    """The question behind a private link that still works."""
    enquiry_id = open_link(session, Purpose.ENQUIRY, token, now=now)
    return session.get(Enquiry, enquiry_id) if enquiry_id is not None else None


def add_visitor_message(
    session: DbSession, enquiry: Enquiry, text: str, *, form_key: str, settings: Settings, now: datetime
) -> Message:
    """The visitor adds something: the question is ours again, and its advisor is told."""
    message, is_new = _add(session, enquiry, MessageKind.VISITOR, text, form_key=form_key, now=now)
    if not is_new:
        return message
    if enquiry.state != EnquiryState.OPEN:
        enquiry.state, enquiry.closed_at = EnquiryState.OPEN, None
        set_expiry(session, Purpose.ENQUIRY, enquiry.id, None)
        enquiry.answer_by = promised_by(
            session, enquiry.advisor, urgent=enquiry.urgent, settings=settings, now=now
        )
    record(session, ("enquiry", enquiry.id), "enquiry.extended", actor=VISITOR, now=now)
    if enquiry.advisor is not None:
        emails.visitor_wrote(session, enquiry, enquiry.advisor, settings=settings, now=now)
    return message


def reply(
    session: DbSession,
    enquiry: Enquiry,
    advisor: Advisor,
    text: str,
    *,
    form_key: str,
    settings: Settings,
    now: datetime,
) -> Message:
    """Answer the visitor by mail; from then on it is the visitor's move.

    Raises:
        NoAddress: the visitor left no mail address.
    """
    if enquiry.email is None:
        raise NoAddress
    message, is_new = _add(
        session, enquiry, MessageKind.REPLY, text, form_key=form_key, now=now, advisor=advisor
    )
    if not is_new:
        return message
    token = enquiry_link(session, enquiry, now=now)
    mail = emails.enquiry_answered(session, enquiry, text, token, settings=settings, now=now)
    session.flush()
    message.mail_id = mail.id
    enquiry.state = EnquiryState.WAITING
    enquiry.answered_at = enquiry.answered_at or now
    record(session, ("enquiry", enquiry.id), "enquiry.answered", actor=advisor_actor(advisor.id), now=now)
    return message


def add_note(
    session: DbSession, enquiry: Enquiry, advisor: Advisor, text: str, *, form_key: str, now: datetime
) -> Message:
    """Write something down for colleagues; the visitor never sees it."""
    message, _is_new = _add(
        session, enquiry, MessageKind.NOTE, text, form_key=form_key, now=now, advisor=advisor
    )
    return message


def hand_over(
    session: DbSession,
    enquiry: Enquiry,
    to_advisor: Advisor,
    *,
    by: Advisor,
    why: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Give the question to another advisor, with the reason; that advisor and the visitor are told.

    Raises:
        SameAdvisor: it already belongs to that advisor.
        AlreadyClosed: there is nothing left to hand over.
    """
    if enquiry.advisor_id == to_advisor.id:
        raise SameAdvisor
    if enquiry.state == EnquiryState.CLOSED:
        raise AlreadyClosed
    before, enquiry.advisor = enquiry.advisor_id, to_advisor
    session.flush()
    record(
        session,
        ("enquiry", enquiry.id),
        "enquiry.assigned",
        actor=advisor_actor(by.id),
        now=now,
        why=why,
        advisor=to_advisor.id,
        before=before,
    )
    if to_advisor.id != by.id:
        emails.enquiry_assigned(session, enquiry, to_advisor, settings=settings, now=now)
    emails.enquiry_moved_to(
        session, enquiry, enquiry_link(session, enquiry, now=now), settings=settings, now=now
    )


def close(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> None:
    """The question is dealt with; its private links work for another week. Twice is once."""
    if enquiry.state == EnquiryState.CLOSED:
        return
    enquiry.state, enquiry.closed_at = EnquiryState.CLOSED, now
    set_expiry(session, Purpose.ENQUIRY, enquiry.id, now + AFTER_CLOSING)
    record(session, ("enquiry", enquiry.id), "enquiry.closed", actor=actor, now=now)


def reopen(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> None:
    """The question is ours again. Twice is once."""
    if enquiry.state != EnquiryState.CLOSED:
        return
    enquiry.state, enquiry.closed_at = EnquiryState.OPEN, None
    set_expiry(session, Purpose.ENQUIRY, enquiry.id, None)
    record(session, ("enquiry", enquiry.id), "enquiry.reopened", actor=actor, now=now)


def _add(
    session: DbSession,
    enquiry: Enquiry,
    kind: MessageKind,
    text: str,
    *,
    form_key: str,
    now: datetime,
    advisor: Advisor | None = None,
) -> tuple[Message, bool]:
    """The entry that this form made, and whether it is new."""
    known = session.scalar(select(Message).where(Message.form_key == form_key))
    if known is not None:
        return known, False
    message = Message(
        enquiry_id=enquiry.id,
        form_key=form_key,
        kind=kind,
        body=text,
        at=now,
        advisor_id=advisor.id if advisor else None,
    )
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:
        return session.scalars(select(Message).where(Message.form_key == form_key)).one(), False
    return message, True
