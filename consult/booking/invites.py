"""A booking as the calendar objects of the people in it; titles tell no subject."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from consult.booking.hosts import HOSTING, with_whom
from consult.booking.models import BookingState, Place
from consult.booking.series.occurrence import as_occurrence
from consult.outbox.services import answer_address
from consult.scheduling import download, writer
from consult.scheduling.values import Meeting, Participation, Person
from consult.web.addresses import shown_phone
from consult.web.translating import translator

if TYPE_CHECKING:
    from consult.booking.storing import Invitee, Talk
    from consult.settings import Settings

ADVISOR_ALARM = timedelta(minutes=15)


def place_line(booking: Talk, language: str) -> str:
    """Where the talk is, in one line."""
    _ = translator(language)
    if booking.place == Place.PHONE:
        number = shown_phone(booking.phone) if booking.phone else ""
        return _("Telefonisch: wij bellen %(number)s") % {"number": number}
    named = _named(Place(booking.place), language)
    return f"{named}: {booking.location}" if booking.location else named


@lru_cache(maxsize=16)
def _named(place: Place, language: str) -> str:
    _ = translator(language)
    return {
        Place.VIDEO: _("Videogesprek"),
        Place.OFFICE: _("Bij ons op kantoor"),
        Place.VISIT: _("Bij u op locatie"),
        Place.NEUTRAL: _("Op een neutrale plek"),
    }[place]


def invite(booking: Talk, invitation: Invitee, settings: Settings, link: str | None) -> tuple[str, bytes]:
    """The method and the bytes of what one person's calendar must hear now: REQUEST, or CANCEL."""
    meeting = as_meeting(booking, invitation, settings, link)
    if booking.state == BookingState.CANCELLED:
        return "CANCEL", writer.cancel(meeting)
    return "REQUEST", writer.request(meeting)


def counter_declined(
    booking: Talk, invitation: Invitee, settings: Settings, link: str | None
) -> tuple[str, bytes]:
    """The answer to a proposal from a calendar that is not taken: the talk stands (RFC 5546 3.2.8)."""
    return "DECLINECOUNTER", writer.decline_counter(as_meeting(booking, invitation, settings, link))


def calendar_file(booking: Talk, invitation: Invitee, settings: Settings, link: str) -> bytes:
    """The file behind "Zet in mijn agenda": the same UID as the invite, so that a calendar holds one entry."""
    return download.download(as_meeting(booking, invitation, settings, link))


def as_meeting(booking: Talk, invitation: Invitee, settings: Settings, link: str | None) -> Meeting:
    """The meeting as one receiver's calendar holds it; the organizer's address carries that person's token.

    A guest has no ``link``: who planned the talk manages it.
    """
    _ = translator(invitation.language)
    for_advisor = invitation.role in HOSTING
    other = booking.name if for_advisor else with_whom(booking, invitation.language)
    organizer_name = settings.firm_name if for_advisor else booking.advisor.name
    meeting = Meeting(
        uid=booking.uid,
        sequence=booking.sequence,
        start=booking.starts_at,
        end=booking.ends_at,
        zone=booking.advisor.timezone,
        summary=_("Gesprek met %(name)s (%(firm)s)") % {"name": other, "firm": settings.firm_name},
        description=_("Verzetten of afzeggen: %(link)s") % {"link": link} if link else "",
        location=place_line(booking, invitation.language),
        private_url=link,
        created_at=booking.created_at,
        changed_at=booking.changed_at,
        organizer=Person(organizer_name, answer_address(settings, invitation.reply_token)),
        attendee=Person(invitation.name, invitation.address),
        participation=_answered(booking, invitation),
        alarm=ADVISOR_ALARM if for_advisor else None,
        language=invitation.language,
    )
    series = booking.series
    return as_occurrence(meeting, booking, series, invitation, settings) if series else meeting


def _answered(booking: Talk, invitation: Invitee) -> Participation:
    """What this person said of the talk as it is now; what was said of an earlier state stands for nothing."""
    sequence = booking.sequence + (booking.series.sequence if booking.series is not None else 0)
    if invitation.answered_sequence != sequence or invitation.participation == Participation.DELEGATED:
        return Participation.NEEDS_ACTION
    return Participation(invitation.participation)
