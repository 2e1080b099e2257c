"""A group session as the calendar objects of those who come; each names its receiver and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.booking.invites import ADVISOR_ALARM
from consult.booking.models import Place
from consult.outbox.services import answer_address
from consult.scheduling import download, writer
from consult.scheduling.values import Meeting, Person
from consult.web.translating import translator

if TYPE_CHECKING:
    from consult.booking.groups.models import GroupSession, Seat, SessionHost
    from consult.settings import Settings


def place_line(group: GroupSession, language: str) -> str:
    """Where the session is, in one line."""
    _ = translator(language)
    named = {
        Place.PHONE: _("Telefonisch"),
        Place.VIDEO: _("Videogesprek"),
        Place.OFFICE: _("Bij ons op kantoor"),
        Place.VISIT: _("Op locatie"),
        Place.NEUTRAL: _("Op locatie"),
    }[Place(group.place)]
    return f"{named}: {group.location}" if group.location else named


def for_seat(group: GroupSession, seat: Seat, settings: Settings, link: str) -> Meeting:
    """The session in the calendar of one who comes; ``link`` is that person's own page."""
    _ = translator(seat.language)
    return Meeting(
        uid=group.uid,
        sequence=group.sequence + seat.sequence,
        start=group.starts_at,
        end=group.ends_at,
        zone=settings.timezone,
        summary=group.title_in(seat.language),
        description=_("Bekijken of afmelden: %(link)s") % {"link": link},
        location=place_line(group, seat.language),
        conference_url=group.conference_url,
        private_url=link,
        created_at=min(group.created_at, seat.created_at),
        changed_at=max(group.changed_at, seat.changed_at),
        organizer=Person(settings.firm_name, answer_address(settings, seat.reply_token)),
        attendee=Person(seat.name, seat.email),
        language=seat.language,
    )


def for_host(group: GroupSession, host: SessionHost, settings: Settings, link: str) -> Meeting:
    """The session in the calendar of one of its hosts, in the language of the firm."""
    _ = translator(settings.locale)
    return Meeting(
        uid=group.uid,
        sequence=group.sequence,
        start=group.starts_at,
        end=group.ends_at,
        zone=host.advisor.timezone,
        summary=group.title_in(settings.locale),
        description=_("Alles over deze bijeenkomst: %(link)s") % {"link": link},
        location=place_line(group, settings.locale),
        conference_url=group.conference_url,
        private_url=link,
        created_at=group.created_at,
        changed_at=group.changed_at,
        organizer=Person(settings.firm_name, answer_address(settings, host.reply_token)),
        attendee=Person(host.advisor.name, host.advisor.email),
        alarm=ADVISOR_ALARM,
        language=settings.locale,
    )


def invitation(meeting: Meeting) -> tuple[str, bytes]:
    """The method and the bytes of an invite, new or changed."""
    return "REQUEST", writer.request(meeting)


def withdrawal(meeting: Meeting) -> tuple[str, bytes]:
    """The method and the bytes of what takes the session out of the receiver's calendar."""
    return "CANCEL", writer.cancel(meeting)


def calendar_file(group: GroupSession, seat: Seat, settings: Settings, link: str) -> bytes:
    """The file behind "Zet in mijn agenda": the same UID as the invite, so that a calendar holds one entry."""
    return download.download(for_seat(group, seat, settings, link))
