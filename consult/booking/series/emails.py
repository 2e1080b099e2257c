"""What is told by mail about a whole series: to the visitor, the advisor and guests, each in a mail of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consult.booking.emails import EVERYBODY
from consult.booking.invites import place_line
from consult.booking.models import BookingState, InviteeRole
from consult.booking.series.invites import series_invite
from consult.booking.series.words import rhythm_words, skipped_words
from consult.outbox.services import Mailing, queue
from consult.web.public_urls import desk_booking_url, series_extend_url, series_url

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.booking.models import Invitation
    from consult.booking.series.dates import Skipped
    from consult.booking.series.models import TalkSeries
    from consult.database import DbSession
    from consult.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesNews:
    """What happened to a series: the folder of the mail, who hears of it, and whether their calendars do.

    ``dates`` are the starts and ends of the talks that the mail names; ``why`` is the reason that somebody gave.
    """

    event: str
    roles: frozenset[InviteeRole] = EVERYBODY
    calendar: bool = True
    dates: Sequence[tuple[datetime, datetime]] = ()
    skipped: Sequence[Skipped] = ()
    why: str | None = None
    expires_at: datetime | None = None


def tell_of_series(
    session: DbSession,
    series: TalkSeries,
    news: SeriesNews,
    token: str,
    *,
    only: Invitation | None = None,
    settings: Settings,
    now: datetime,
) -> None:
    """Queue the mails. ``token`` opens the visitor's own page of the series, and stands in the visitor's mail only.

    ``only`` is the one invitation to the first talk that hears of it, whatever the role.
    """
    for invitation in series.lead.invitations:
        if invitation is only or (only is None and invitation.role in news.roles):
            mailing = _mailing(series, invitation, news, token, settings)
            queue(session, mailing, settings=settings, now=now)


def coming(series: TalkSeries, now: datetime) -> list[tuple[datetime, datetime]]:
    """When the talks are that are still to come."""
    return [
        (talk.starts_at, talk.ends_at)
        for talk in sorted(series.talks, key=lambda each: each.starts_at)
        if talk.state == BookingState.CONFIRMED and talk.starts_at > now
    ]


def _mailing(
    series: TalkSeries, invitation: Invitation, news: SeriesNews, token: str, settings: Settings
) -> Mailing:
    lead, for_advisor = series.lead, invitation.role == InviteeRole.ADVISOR
    link = _link(series, invitation, token, settings)
    return Mailing(
        event=news.event,
        # A mail that comes back, and what is answered, is seen at the desk with the first talk.
        about=("booking", lead.id),
        to_name=invitation.name,
        to_address=invitation.address,
        from_name=settings.firm_name if for_advisor else series.advisor.name,
        language=invitation.language,
        reply_token=invitation.reply_token,
        calendar=series_invite(series, invitation, settings, link) if news.calendar else None,
        expires_at=news.expires_at,
        context=_context(series, invitation, news)
        | {"link": link, "extend_link": series_extend_url(settings, token) if token else None},
    )


def _context(series: TalkSeries, invitation: Invitation, news: SeriesNews) -> dict[str, Any]:
    lead, for_advisor = series.lead, invitation.role == InviteeRole.ADVISOR
    language, zone = invitation.language, series.zone
    return {
        "name": series.advisor.first_name if for_advisor else invitation.name,
        "other": lead.name if for_advisor else series.advisor.name,
        "visitor": lead.name,
        "rhythm": rhythm_words(series.frequency, series.starts_at, zone, language),
        "until_at": series.until_at,
        "place": place_line(lead, language),
        "dates": news.dates,
        "skipped": [skipped_words(each, zone, series.advisor.first_name, language) for each in news.skipped],
        "why": news.why,
        "role": str(invitation.role),
    }


def _link(series: TalkSeries, invitation: Invitation, token: str, settings: Settings) -> str | None:
    """The visitor's own page, or the advisor's of the first talk; a guest manages nothing and gets no link."""
    if invitation.role == InviteeRole.GUEST:
        return None
    if invitation.role == InviteeRole.ADVISOR:
        return desk_booking_url(settings, series.lead.reference)
    return series_url(settings, token)
