"""What is told by mail about a group session: one receiver a mail, with an own private link and calendar object."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from consult.booking.groups import invites as group_invites
from consult.booking.groups.models import SeatState
from consult.links.models import Purpose
from consult.links.services import issue_link
from consult.outbox.services import Mailing, queue
from consult.web import dates
from consult.web.public_urls import desk_session_url, seat_url, session_url

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.groups.models import GroupSession, Seat, SessionHost
    from consult.database import DbSession
    from consult.settings import Settings

LINK_AFTER_SESSION = timedelta(days=7)
# After these the receiver's calendar holds the session as it now is; after a withdrawal, not any more.
WITH_INVITE = frozenset({"seat-confirmed", "seat-moved", "seat-changed", "seat-known"})
CLASH = "seat-clash"


def tell_seat(
    session: DbSession,
    group: GroupSession,
    seat: Seat,
    event: str,
    *,
    settings: Settings,
    now: datetime,
    withdraw: bool = False,
    why: str | None = None,
) -> None:
    """Queue ``event`` (a folder ``seat-…``) for one who signed up; ``withdraw`` takes it out of the calendar."""
    ends = group.ends_at + LINK_AFTER_SESSION
    token = issue_link(
        session, Purpose.SEAT, seat.id, expires_at=max(ends, now + LINK_AFTER_SESSION), now=now
    )
    link = seat_url(settings, token)
    meeting = group_invites.for_seat(group, seat, settings, link)
    calendar = None
    if withdraw:
        calendar = group_invites.withdrawal(meeting)
    elif event in WITH_INVITE and seat.state == SeatState.CONFIRMED:
        calendar = group_invites.invitation(meeting)
    mailing = Mailing(
        event=event,
        about=("seat", seat.id),
        to_name=seat.name,
        to_address=seat.email,
        from_name=settings.firm_name,
        language=seat.language,
        reply_token=seat.reply_token,
        calendar=calendar,
        expires_at=seat.offered_until if event == "seat-offered" else None,
        context=_context(group, seat.language, settings, why)
        | {
            "name": seat.name,
            "link": link,
            "state": seat.state,
            "offered_until": until(seat.offered_until, seat.language, settings),
            "for_host": False,
        },
    )
    queue(session, mailing, settings=settings, now=now)


def tell_host(
    session: DbSession,
    group: GroupSession,
    host: SessionHost,
    event: str,
    *,
    settings: Settings,
    now: datetime,
    withdraw: bool = False,
    why: str | None = None,
) -> None:
    """Queue ``event`` for one of the hosts, with an invite, or with what takes it out of the calendar again.

    Of a clash with that calendar the mail tells in words only, and never after the session began.
    """
    link = desk_session_url(settings, group.slug)
    meeting, warns = group_invites.for_host(group, host, settings, link), event == CLASH
    in_calendar = group_invites.withdrawal if withdraw else group_invites.invitation
    mailing = Mailing(
        event=event,
        about=("group_session", group.id),
        to_name=host.advisor.name,
        to_address=host.advisor.email,
        from_name=settings.firm_name,
        language=settings.locale,
        reply_token=host.reply_token,
        calendar=None if warns else in_calendar(meeting),
        expires_at=group.starts_at if warns else None,
        context=_context(group, settings.locale, settings, why)
        | {
            "name": host.advisor.first_name,
            "link": link,
            "state": SeatState.CONFIRMED,
            "offered_until": "",
            "for_host": True,
        },
    )
    queue(session, mailing, settings=settings, now=now)


def _context(group: GroupSession, language: str, settings: Settings, why: str | None) -> dict[str, Any]:
    return {
        "title": group.title_in(language),
        "starts_at": group.starts_at,
        "ends_at": group.ends_at,
        "place": group_invites.place_line(group, language),
        "called_off": group.cancelled_at is not None,
        "session_link": session_url(settings, group.slug),
        "handout": f"{settings.base_url}/static/{group.handout}" if group.handout else None,
        "handout_title": group.handout_title,
        "why": why,
    }


def until(at: datetime | None, language: str, settings: Settings) -> str:
    """A day and a time in words: ``donderdag 3 december, 14.00 uur``."""
    if at is None:
        return ""
    zone = settings.timezone
    day = dates.day(dates.local_date(at, zone), language)
    hour = dates.zoned_time(at, zone, language)
    return f"{day}, {hour} uur" if language == "nl" else f"{day}, {hour}"
