"""A question comes in: it is stored, somebody gets it, a promise is made, and both sides are told.

What looks like spam is stored and promised just the same, but nobody is told until a person has looked.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from consult.activity.services import SYSTEM, VISITOR, record
from consult.contact import emails, promise_emails, urgent
from consult.contact.assignment import choose_advisor
from consult.contact.models import Channel, Enquiry, EnquiryState
from consult.contact.private_link import enquiry_link
from consult.contact.promises import make_promise, take_up_promise
from consult.links.services import next_reference
from consult.people.coordinators import coordinators
from consult.people.models import Advisor
from consult.people.services import organisation_named, recognise
from consult.web.dates import local_date
from consult.web.spam_signs import ALONE, Sign, are_enough, signs_of

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings

FLOOD_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEnquiry:
    """What a visitor asked, checked and cleaned; ``organisation`` is the name as typed.

    ``pot`` is what stood in the field that people leave empty.
    """

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
    pot: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A stored question and the token of a private link to it."""

    enquiry: Enquiry
    token: str


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
            return _receive(session, enquiry, settings=settings, now=now)
    return Asked(enquiry, enquiry_link(session, enquiry, now=now))


def _stored(session: DbSession, form_key: str) -> Enquiry | None:
    return session.scalar(select(Enquiry).where(Enquiry.form_key == form_key))


def _store(session: DbSession, new: NewEnquiry, *, settings: Settings, now: datetime) -> Enquiry:
    held_for = _held_for(session, new, settings=settings, now=now)
    enquiry = Enquiry(
        reference=next_reference(session, "C", local_date(now, settings.timezone).year),
        form_key=new.form_key,
        reply_token=secrets.token_hex(16),
        state=EnquiryState.HELD if held_for else EnquiryState.OPEN,
        held_for=held_for,
        channel=new.channel,
        question=new.question,
        name=new.name,
        email=new.email,
        phone=new.phone,
        reachable=new.reachable,
        organisation_name=new.organisation,
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
    if not held_for:
        know_visitor(session, enquiry, now=now)
    session.add(enquiry)
    session.flush()
    return enquiry


def know_visitor(session: DbSession, enquiry: Enquiry, *, now: datetime) -> None:
    """Tie the question to the person and the organisation it came from; not done for what looks like spam."""
    enquiry.organisation = organisation_named(session, enquiry.organisation_name, enquiry.email)
    enquiry.contact = recognise(
        session,
        name=enquiry.name,
        email=enquiry.email,
        phone=enquiry.phone,
        organisation=enquiry.organisation,
        now=now,
    )


def _held_for(session: DbSession, new: NewEnquiry, *, settings: Settings, now: datetime) -> str | None:
    signs = signs_of(f"{new.question}\n{new.needs or ''}", new.name, pot=new.pot)
    if _is_flood(session, settings.flood_limit, now=now):
        signs[Sign.FLOOD] = ALONE
    return " ".join(signs) if are_enough(signs) else None


def _is_flood(session: DbSession, most: int, *, now: datetime) -> bool:
    """Whether everybody together asked as much in the last ten minutes as people do on a very busy day."""
    since = now - FLOOD_WINDOW
    recent = select(Enquiry.id).where(Enquiry.asked_at > since, Enquiry.asked_at <= now).limit(most)
    return (session.scalar(select(func.count()).select_from(recent.subquery())) or 0) >= most


def _receive(session: DbSession, enquiry: Enquiry, *, settings: Settings, now: datetime) -> Asked:
    subject, token = ("enquiry", enquiry.id), enquiry_link(session, enquiry, now=now)
    record(session, subject, "enquiry.created", actor=VISITOR, now=now, channel=enquiry.channel)
    if enquiry.state == EnquiryState.HELD:
        make_promise(session, enquiry, settings=settings, now=now)
        enquiry.due_soon_at = None
        record(session, subject, "enquiry.held", actor=SYSTEM, now=now, why=enquiry.held_for)
        session.flush()
    else:
        announce(session, enquiry, token, settings=settings, now=now)
    return Asked(enquiry, token)


def announce(
    session: DbSession,
    enquiry: Enquiry,
    token: str,
    *,
    settings: Settings,
    now: datetime,
    promised: bool = False,
) -> None:
    """Decide who gets a question and queue the mails; ``promised``: its visitor read a promise before, which stands."""
    decision = choose_advisor(session, enquiry, now=now)
    enquiry.decision = decision.to_json()
    enquiry.advisor = session.get(Advisor, decision.advisor_id) if decision.advisor_id is not None else None
    enquiry.stand_in_for_id = decision.stand_in_for
    if promised:
        take_up_promise(enquiry, now=now)
    else:
        make_promise(session, enquiry, settings=settings, now=now)
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
    if decision.alert:
        urgent.alert(session, enquiry, settings=settings, now=now)
    elif enquiry.advisor is not None:
        emails.enquiry_assigned(session, enquiry, enquiry.advisor, settings=settings, now=now)
    else:
        for account in coordinators(session):
            promise_emails.nobody_got(session, enquiry, account, settings=settings, now=now)
    session.flush()
