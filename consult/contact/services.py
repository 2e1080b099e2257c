"""Questions: ask, answer, add, note, hand over, close; each change leaves a row that tells it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.activity.services import SYSTEM, VISITOR, advisor_actor, record
from consult.contact import emails
from consult.contact.assignment import choose_advisor
from consult.contact.models import Channel, ContactPage, Enquiry, EnquiryState, Message, MessageKind
from consult.links.models import Purpose
from consult.links.services import issue_link, next_reference, open_link, set_expiry
from consult.people.models import Advisor
from consult.people.schedules import promised_by
from consult.people.services import organisation_named, recognise
from consult.web.dates import local_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings

LINK_AFTER_CLOSING = timedelta(days=7)


class SameAdvisor(Exception):
    """The question already belongs to this advisor."""


class AlreadyClosed(Exception):
    """The question is closed; open it again first."""


class NoAddress(Exception):
    """The visitor left no mail address: call or app instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEnquiry:
    """What a visitor asked, checked and cleaned; ``organisation`` is the name as typed."""

    form_key: str
    question: str
    name: str
    channel: Channel
    email: str | None = None
    phone: str | None = None
    reachable: str | None = None
    organisation: str | None = None
    topic_id: int | None = None
    advisor_id: int | None = None
    page_id: int | None = None
    urgent: bool = False
    needs: str | None = None
    language: str = "nl"


@dataclass(frozen=True, slots=True)
class Asked:
    """A stored question and the token of a private link to it."""

    enquiry: Enquiry
    token: str


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


def ask(session: DbSession, new: NewEnquiry, *, settings: Settings, now: datetime) -> Asked:
    """Store a question, decide who gets it, and queue the mails. The same form twice is one question, told once."""
    enquiry = _stored(session, new.form_key)
    if enquiry is None:
        try:
            with session.begin_nested():
                enquiry = _store(session, new, settings=settings, now=now)
        except IntegrityError:
            # The same form arrived twice at once: the other one was first.
            enquiry = _stored(session, new.form_key)
            if enquiry is None:
                raise
        else:
            return _announce(session, enquiry, settings=settings, now=now)
    return Asked(enquiry, _link(session, enquiry, now=now))


def _stored(session: DbSession, form_key: str) -> Enquiry | None:
    return session.scalar(select(Enquiry).where(Enquiry.form_key == form_key))


def _store(session: DbSession, new: NewEnquiry, *, settings: Settings, now: datetime) -> Enquiry:
    organisation = organisation_named(session, new.organisation, new.email)
    enquiry = Enquiry(
        reference=next_reference(session, "C", local_date(now, settings.timezone).year),
        form_key=new.form_key,
        reply_token=secrets.token_hex(16),
        state=EnquiryState.OPEN,
        channel=new.channel,
        question=new.question,
        name=new.name,
        email=new.email,
        phone=new.phone,
        reachable=new.reachable,
        organisation_name=new.organisation,
        organisation=organisation,
        contact=recognise(
            session, name=new.name, email=new.email, phone=new.phone, organisation=organisation, now=now
        ),
        topic_id=new.topic_id,
        page_id=new.page_id,
        wanted_advisor_id=new.advisor_id,
        urgent=new.urgent,
        needs=new.needs,
        language=new.language,
        decision={},
        asked_at=now,
        answer_by=now,
    )
    session.add(enquiry)
    session.flush()
    return enquiry


def _announce(session: DbSession, enquiry: Enquiry, *, settings: Settings, now: datetime) -> Asked:
    decision = choose_advisor(session, enquiry, now=now)
    enquiry.decision = decision.to_json()
    enquiry.advisor = session.get(Advisor, decision.advisor_id) if decision.advisor_id is not None else None
    enquiry.answer_by = promised_by(
        session, enquiry.advisor, urgent=enquiry.urgent, settings=settings, now=now
    )
    token = _link(session, enquiry, now=now)
    record(
        session, ("enquiry", enquiry.id), "enquiry.created", actor=VISITOR, now=now, channel=enquiry.channel
    )
    record(
        session,
        ("enquiry", enquiry.id),
        "enquiry.assigned",
        actor=SYSTEM,
        now=now,
        why=decision.reason,
        advisor=decision.advisor_id,
    )
    emails.enquiry_received(session, enquiry, token, settings=settings, now=now)
    if enquiry.advisor is not None:
        emails.enquiry_assigned(session, enquiry, enquiry.advisor, settings=settings, now=now)
    session.flush()
    return Asked(enquiry, token)


def add_visitor_message(
    session: DbSession, enquiry: Enquiry, text: str, *, form_key: str, settings: Settings, now: datetime
) -> Message:
    """The visitor adds something: the question is ours again, and its advisor is told."""
    message, is_new = _add(session, enquiry, MessageKind.VISITOR, text, form_key=form_key, now=now)
    if not is_new:
        return message
    if enquiry.state != EnquiryState.OPEN:
        enquiry.state, enquiry.closed_at = EnquiryState.OPEN, None
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
    token = _link(session, enquiry, now=now)
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
    emails.enquiry_moved_to(session, enquiry, _link(session, enquiry, now=now), settings=settings, now=now)


def close(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> None:
    """The question is dealt with; its private links work for another week. Twice is once."""
    if enquiry.state == EnquiryState.CLOSED:
        return
    enquiry.state, enquiry.closed_at = EnquiryState.CLOSED, now
    set_expiry(session, Purpose.ENQUIRY, enquiry.id, now + LINK_AFTER_CLOSING)
    record(session, ("enquiry", enquiry.id), "enquiry.closed", actor=actor, now=now)


def reopen(session: DbSession, enquiry: Enquiry, *, actor: str, now: datetime) -> None:
    """The question is ours again. Twice is once."""
    if enquiry.state != EnquiryState.CLOSED:
        return
    enquiry.state, enquiry.closed_at = EnquiryState.OPEN, None
    set_expiry(session, Purpose.ENQUIRY, enquiry.id, None)
    record(session, ("enquiry", enquiry.id), "enquiry.reopened", actor=actor, now=now)


def _link(session: DbSession, enquiry: Enquiry, *, now: datetime) -> str:
    ends = enquiry.closed_at + LINK_AFTER_CLOSING if enquiry.closed_at else None
    return issue_link(session, Purpose.ENQUIRY, enquiry.id, expires_at=ends, now=now)


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
