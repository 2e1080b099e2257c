"""What is told by mail about a talk, to the visitor and to the advisor, each with an own calendar object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.booking.invites import invite, place_line
from consult.booking.models import InviteeRole
from consult.outbox.services import Mailing, queue
from consult.web.public_urls import booking_url, desk_booking_url

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.models import Booking, Invitation
    from consult.database import DbSession
    from consult.settings import Settings


def tell(
    session: DbSession,
    booking: Booking,
    event: str,
    token: str,
    *,
    settings: Settings,
    now: datetime,
    why: str | None = None,
) -> None:
    """Queue ``event`` (booking-confirmed, -moved or -cancelled) for everybody who is invited."""
    for invitation in booking.invitations:
        _tell_one(session, booking, invitation, event, token, settings=settings, now=now, why=why)


def _tell_one(
    session: DbSession,
    booking: Booking,
    invitation: Invitation,
    event: str,
    token: str,
    *,
    settings: Settings,
    now: datetime,
    why: str | None,
) -> None:
    for_visitor = invitation.role == InviteeRole.VISITOR
    link = booking_url(settings, token) if for_visitor else desk_booking_url(settings, booking.reference)
    other = booking.advisor.name if for_visitor else booking.name
    mailing = Mailing(
        event=event,
        about=("booking", booking.id),
        to_name=invitation.name,
        to_address=invitation.address,
        from_name=booking.advisor.name if for_visitor else settings.firm_name,
        language=invitation.language,
        reply_token=invitation.reply_token,
        calendar=invite(booking, invitation, settings, link),
        context={
            "name": invitation.name if for_visitor else booking.advisor.first_name,
            "starts_at": booking.starts_at,
            "ends_at": booking.ends_at,
            "other": other,
            "place": place_line(booking, invitation.language),
            "reference": booking.reference,
            "link": link,
            "for_visitor": for_visitor,
            "why": why,
        },
    )
    queue(session, mailing, settings=settings, now=now)
