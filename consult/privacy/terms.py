"""How long things are kept, and which rows are past it: one query for each kind, read by the purge and its preview.

Open questions, talks that are still to come and what somebody still has to look at are never past their time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, or_, select

from consult.activity.models import Activity
from consult.booking.groups.models import STANDING, GroupSession, GroupState, Seat
from consult.booking.models import Booking, BookingState, BusyPeriod
from consult.booking.series.models import TalkSeries
from consult.contact.models import Enquiry, EnquiryState, Message
from consult.contact.writing.models import Draft
from consult.links.models import PersonalLink
from consult.outbox.models import MailState, OutgoingMail
from consult.people.models import Contact
from consult.people.signin.keeping import KEPT as SIGN_INS_KEPT
from consult.people.signin.models import SignIn, Ticket
from consult.postbox.models import ArrivalState, IncomingMail
from consult.privacy.models import Erasure

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import InstrumentedAttribute


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long each kind is kept (UX, Defaults); counted from its end, and always in whole days."""

    unfinished: timedelta = timedelta(days=7)
    spam: timedelta = timedelta(days=30)
    mail: timedelta = timedelta(days=90)
    closed: timedelta = timedelta(days=365)
    trail: timedelta = timedelta(days=730)


TERMS = Terms()


def enquiries(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """Closed long enough ago; or waiting for the visitor just as long, without a word from anybody."""
    before = now - terms.closed
    silent = ~exists().where(Message.enquiry_id == Enquiry.id, Message.at > before)
    waited = and_(Enquiry.state == EnquiryState.WAITING, Enquiry.asked_at <= before, silent)
    closed = and_(Enquiry.state == EnquiryState.CLOSED, Enquiry.closed_at <= before)
    return select(Enquiry.id).where(or_(closed, waited), _not_erased("enquiry", Enquiry.id))


def spam(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """Held as possible spam, and nobody took it for a question."""
    since = func.coalesce(Enquiry.spam_at, Enquiry.asked_at)
    return select(Enquiry.id).where(Enquiry.state == EnquiryState.HELD, since <= now - terms.spam)


def drafts(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """Closed questions with an answer that was never finished; while a question is open, its drafts stay with it."""
    unfinished = exists().where(Draft.enquiry_id == Enquiry.id, Draft.saved_at <= now - terms.unfinished)
    return select(Enquiry.id).where(Enquiry.state == EnquiryState.CLOSED, unfinished)


def bookings(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """Over, or cancelled, long enough ago; not while somebody plans to come back to it."""
    planned = or_(Booking.follow_up_on.is_(None), Booking.follow_up_on < now.date())
    return select(Booking.id).where(talk_is_over(now, terms), planned, _not_erased("booking", Booking.id))


def talk_is_over(now: datetime, terms: Terms = TERMS) -> ColumnElement[bool]:
    """Over, or cancelled, long enough ago."""
    before = now - terms.closed
    cancelled = and_(Booking.state == BookingState.CANCELLED, Booking.cancelled_at <= before)
    return or_(Booking.ends_at <= before, cancelled)


def seats(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """Of sessions that were held or called off, or given up by the person, long enough ago."""
    before = now - terms.closed
    over = GroupSession.ends_at <= before
    off = and_(GroupSession.state == GroupState.CANCELLED, GroupSession.cancelled_at <= before)
    left = and_(Seat.state.not_in(STANDING), Seat.changed_at <= before)
    return (
        select(Seat.id)
        .join(GroupSession, GroupSession.id == Seat.group_session_id)
        .where(or_(over, off, left), _not_erased("seat", Seat.id))
    )


def series(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """Whose last talk was erased; the series itself tells of nobody, but mail about it does."""
    due = bookings(now, terms)
    standing = exists().where(
        Booking.series_id == TalkSeries.id, Booking.id.not_in(due), _not_erased("booking", Booking.id)
    )
    return select(TalkSeries.id).where(~standing, _not_erased("series", TalkSeries.id))


def contacts(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """People of whom no question or talk is left, and who were not just written down."""
    asked = exists().where(Enquiry.contact_id == Contact.id, Enquiry.id.not_in(enquiries(now, terms)))
    talked = exists().where(Booking.contact_id == Contact.id, Booking.id.not_in(bookings(now, terms)))
    return select(Contact.id).where(Contact.created_at <= now - terms.closed, ~asked, ~talked)


def sent_bodies(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """Mail that left or was given up; what waits is kept until it is sent."""
    settled = OutgoingMail.settled_at <= now - terms.mail
    return select(OutgoingMail.id).where(
        settled, OutgoingMail.state != MailState.PENDING, func.length(OutgoingMail.raw) > 0
    )


def arrived_bodies(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """Mail that was opened; what was not is kept until it is."""
    written = or_(func.length(IncomingMail.raw) > 0, IncomingMail.text.is_not(None))
    settled = IncomingMail.settled_at <= now - terms.mail
    return select(IncomingMail.id).where(settled, IncomingMail.state != ArrivalState.RECEIVED, written)


def sent_mails(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """Mail that left so long ago that nobody needs to know to whom."""
    settled = OutgoingMail.settled_at <= now - terms.closed
    return select(OutgoingMail.id).where(settled, OutgoingMail.state != MailState.PENDING)


def arrived_mails(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """Mail that came in so long ago that nobody needs to know from whom."""
    settled = IncomingMail.settled_at <= now - terms.closed
    return select(IncomingMail.id).where(settled, IncomingMail.state != ArrivalState.RECEIVED)


def holds(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """Moments that were held for a form that was never sent."""
    return select(BusyPeriod.id).where(BusyPeriod.expires_at <= now - terms.unfinished)


def links(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """Private links that open nothing any more."""
    return select(PersonalLink.id).where(PersonalLink.expires_at <= now - terms.unfinished)


def tickets(now: datetime, _terms: Terms = TERMS) -> Select[int]:
    """What colleagues began at a sign-in, and can end no more."""
    return select(Ticket.id).where(Ticket.until <= now)


def sign_ins(now: datetime, _terms: Terms = TERMS) -> Select[int]:
    """Where colleagues signed in, of whoever did not do so since: the next sign-in would let go of it too."""
    return select(SignIn.id).where(SignIn.created_at <= now - SIGN_INS_KEPT)


def trail(now: datetime, terms: Terms = TERMS) -> Select[int]:
    """What happened too long ago to account for."""
    return select(Activity.id).where(Activity.at <= now - terms.trail)


def _not_erased(kind: str, number: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return ~exists().where(Erasure.subject_kind == kind, Erasure.subject_id == number)
