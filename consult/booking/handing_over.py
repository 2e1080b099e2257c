"""Change what a talk is without changing when it is: another advisor, or another place.

The visitor's calendar keeps its entry (same UID, same ORGANIZER address, higher SEQUENCE). The advisor who gives the
talk away gets a CANCEL, the one who takes it over a REQUEST.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from consult.activity.services import advisor_actor, record
from consult.booking import reminders
from consult.booking.emails import News, heard_of, tell
from consult.booking.ending import changed
from consult.booking.hosts import host_ids, invitation_of
from consult.booking.invites import as_meeting, place_line
from consult.booking.models import Booking, BookingState, Invitation, InviteeRole, Place
from consult.booking.offering import Wish
from consult.booking.placing import NotOffered, free_advisors
from consult.booking.private_link import own_link
from consult.booking.series.occurrence import organizing
from consult.booking.services import Cancelled, TooLate
from consult.booking.taking import is_overlap, lock_advisors, pass_on_booking
from consult.outbox.services import Mailing, queue
from consult.people.models import Advisor
from consult.scheduling import writer
from consult.scheduling.values import Participation
from consult.web.public_urls import desk_booking_url

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings


class SameAdvisor(Exception):
    """The talk already belongs to that advisor."""


class NotFree(Exception):
    """The other advisor cannot take the talk at its moment."""


class LeadsSeries(Exception):
    """It is the first talk of a series, whose invites name its advisor as the one who answers."""


def hand_over(
    session: DbSession,
    booking: Booking,
    to: Advisor,
    *,
    by: Advisor,
    why: str,
    settings: Settings,
    now: datetime,
    freely: bool = False,
) -> None:
    """Give a talk to another advisor: the place of who hands over if that one holds it, else of the leading one."""
    place = invitation_of(booking, by.id) or invitation_of(booking, booking.advisor_id)
    if place is not None:
        give_place(session, place, to, by=by, why=why, settings=settings, now=now, freely=freely)


def give_place(
    session: DbSession,
    place: Invitation,
    to: Advisor,
    *,
    by: Advisor,
    why: str,
    settings: Settings,
    now: datetime,
    freely: bool = False,
) -> None:
    """Let another advisor hold a talk in the place of who has this invitation, at the same moment; tell everybody.

    ``why`` is for colleagues only. ``freely`` is for who agreed on it in person: working hours and limits do not count
    then, but nothing may overlap.

    Raises:
        SameAdvisor: that advisor holds it already.
        LeadsSeries: it is the first talk of a series.
        Cancelled: there is nothing left to hand over.
        TooLate: the talk has begun.
        NotFree: the other advisor is busy then, away or at the most talks of a day, or does not work here any more.
    """
    booking = session.get_one(Booking, place.booking_id)
    lock_advisors(session, (*host_ids(booking), to.id))
    session.refresh(booking, with_for_update=True)
    _check(booking, to, now)
    wish = Wish(
        booking.meeting_type, (to.id,), settings.timezone, urgent=True, far=booking.series_id is not None
    )
    free = free_advisors(session, wish, booking.starts_at, now=now, to_take=True)
    if not to.active or not (free or freely):
        raise NotFree
    before = session.get_one(Advisor, place.advisor_id or booking.advisor_id)
    stood = booking.state == BookingState.CONFIRMED
    try:
        with session.begin_nested():
            pass_on_booking(session, booking, before.id, to.id)
            changed(booking, now)
    except IntegrityError as error:
        session.refresh(booking)
        if not is_overlap(error):
            raise
        raise NotFree from None
    if stood:
        queue(session, _taken_from(booking, place, before, why, settings), settings=settings, now=now)
    _invite_instead(booking, place, to)
    reminders.withdraw(session, booking, now=now)
    subject = ("booking", booking.id)
    told = {"advisor": to.id, "before": before.id}
    record(session, subject, "booking.handed_over", actor=advisor_actor(by.id), now=now, why=why, **told)
    session.flush()
    token = own_link(session, booking, now=now)
    news = News(event="booking-handed-over", calendar=stood)
    for each in booking.invitations:
        told_of = replace(news, why=why, took_over=True) if each is place else news
        if each is place or each.role in heard_of(stood=stood):
            tell(session, booking, told_of, token, only=each, settings=settings, now=now)


def change_place(
    session: DbSession,
    booking: Booking,
    place: Place,
    location: str | None,
    *,
    actor: str,
    settings: Settings,
    now: datetime,
) -> None:
    """Hold a talk somewhere else, at the same moment, and tell everybody. Where it is already: nothing happens.

    Raises:
        Cancelled: there is nothing left to change.
        TooLate: the talk has begun.
        NotOffered: this kind of talk is not held at such a place, or nobody knows the number to call.
    """
    session.refresh(booking, with_for_update=True)
    if booking.state == BookingState.CANCELLED:
        raise Cancelled
    if now >= booking.starts_at:
        raise TooLate
    if (booking.place, booking.location) == (place, location):
        return
    if place not in booking.meeting_type.places or (place == Place.PHONE and not booking.phone):
        raise NotOffered
    before = booking.place
    booking.place, booking.location = place, location
    changed(booking, now)
    reminders.withdraw(session, booking, now=now)
    record(session, ("booking", booking.id), "booking.place_changed", actor=actor, now=now, before=before)
    session.flush()
    stood = booking.state == BookingState.CONFIRMED
    news = News(event="booking-place-changed", calendar=stood, roles=heard_of(stood=stood))
    tell(session, booking, news, own_link(session, booking, now=now), settings=settings, now=now)


def _check(booking: Booking, to: Advisor, now: datetime) -> None:
    if booking.state == BookingState.CANCELLED:
        raise Cancelled
    if to.id in host_ids(booking):
        raise SameAdvisor
    if booking.series is not None and booking.series.lead.id == booking.id:
        raise LeadsSeries
    if now >= booking.starts_at:
        raise TooLate


def _taken_from(
    booking: Booking, invitation: Invitation, before: Advisor, why: str, settings: Settings
) -> Mailing:
    """The mail with which the talk leaves the calendar of the advisor who had it."""
    link = desk_booking_url(settings, booking.reference)
    meeting = as_meeting(booking, invitation, settings, link)
    return Mailing(
        event="booking-passed-on",
        about=("booking", booking.id),
        to_name=invitation.name,
        to_address=invitation.address,
        from_name=settings.firm_name,
        language=invitation.language,
        reply_token=organizing(booking, invitation).reply_token,
        calendar=("CANCEL", writer.cancel(meeting)),
        context={
            "name": before.first_name,
            "starts_at": booking.starts_at,
            "ends_at": booking.ends_at,
            "other": booking.name,
            "visitor": booking.name,
            "place": place_line(booking, invitation.language),
            "reference": booking.reference,
            "link": link,
            "role": str(InviteeRole.ADVISOR),
            "why": why,
        },
    )


def _invite_instead(booking: Booking, invitation: Invitation, to: Advisor) -> None:
    """The one's own invitation is the other's from here on; an answer to the old one changes nothing more."""
    if invitation.role == InviteeRole.HOST:
        invitation.advisor_id = to.id
    else:
        booking.advisor = to
    invitation.name, invitation.address = to.name, to.email
    invitation.reply_token = secrets.token_hex(16)
    invitation.participation = Participation.NEEDS_ACTION
    invitation.answered_at = invitation.answered_sequence = invitation.answered_stamp = None
    invitation.comment = None
