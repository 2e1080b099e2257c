"""What is told by mail about a talk: to the visitor, to the advisor and to guests, each in a mail of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consult.activity.services import SYSTEM, of_subject, record
from consult.booking.hosts import HOSTING, with_whom
from consult.booking.invites import counter_declined, invite, place_line
from consult.booking.models import InviteeRole
from consult.booking.series.occurrence import organizing
from consult.outbox.services import Mailing, queue_all
from consult.web.public_urls import booking_url, desk_booking_url

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from consult.booking.models import Booking, Invitation
    from consult.booking.storing import Invitee, Talk
    from consult.database import DbSession
    from consult.outbox.texts.speaking import Own
    from consult.settings import Settings

EVERYBODY = frozenset(InviteeRole)
VISITOR_ONLY = frozenset({InviteeRole.VISITOR})
ADVISOR_ONLY = frozenset({InviteeRole.ADVISOR})
VISITOR_AND_ADVISOR = VISITOR_ONLY | ADVISOR_ONLY
VISITOR_AND_GUESTS = VISITOR_ONLY | {InviteeRole.GUEST}

SPARED = "booking.unmailed"


def heard_of(*, stood: bool) -> frozenset[InviteeRole]:
    """Who has heard of a talk: everybody once it stood; of one that waits for approval, not the guests."""
    return EVERYBODY if stood else VISITOR_AND_ADVISOR


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened to a talk: the folder of the mail, who hears of it, and whether their calendars do.

    ``counter_declined`` answers a proposal that came from a calendar in that calendar's own words. ``planned_by``
    names the colleague who planned the talk for the visitor; ``moment`` is one that was proposed. ``took_over`` is for
    the advisor who holds the talk in the place of another from now on. ``but``: the invitations (by id) of whom nobody
    mails this, whatever the role.
    """

    event: str
    roles: frozenset[InviteeRole] = EVERYBODY
    calendar: bool = True
    counter_declined: bool = False
    why: str | None = None
    planned_by: str | None = None
    moment: tuple[datetime, datetime] | None = None
    took_over: bool = False
    expires_at: datetime | None = None
    but: frozenset[int] = frozenset()


def tell(
    session: DbSession,
    booking: Talk,
    news: News,
    token: str,
    *,
    only: Invitation | None = None,
    own: Own | None = None,
    settings: Settings,
    now: datetime,
) -> None:
    """Queue the mails. ``token`` opens the visitor's own page, and stands in the visitor's mail only.

    ``only`` is the one person who hears of it, whatever the role. ``own`` are the firm's own texts, when the caller
    knows them.
    """
    mailings = (
        _mailing(booking, invitation, news, token, settings)
        for invitation in booking.invitations
        if invitation is only or (only is None and _hears(invitation, news))
    )
    queue_all(session, mailings, own, settings=settings, now=now)


def sparing(
    session: DbSession, booking: Booking, news: News, told_enough: Collection[str], now: datetime
) -> News:
    """The news of a new talk without whoever was told of enough today (addresses in lower case); writes down who."""
    spared = [
        each.id
        for each in booking.invitations
        if each.role in news.roles & VISITOR_AND_GUESTS and each.address.lower() in told_enough
    ]
    if spared:
        record(session, ("booking", booking.id), SPARED, actor=SYSTEM, now=now, invitations=spared)
    return replace(news, but=frozenset(spared))


def spared(session: DbSession, booking: Booking) -> list[str]:
    """The addresses that were not told of this talk when it was planned, because they were told of enough that day."""
    happened = of_subject(session, ("booking", booking.id))
    ids = {number for each in happened if each.what == SPARED for number in each.data["invitations"]}
    return [each.address for each in booking.invitations if each.id in ids]


def _hears(invitation: Invitee, news: News) -> bool:
    return invitation.role in news.roles and invitation.id not in news.but


def _mailing(booking: Talk, invitation: Invitee, news: News, token: str, settings: Settings) -> Mailing:
    for_advisor = invitation.role in HOSTING
    names = with_whom(booking, invitation.language)
    link = _link(booking, invitation, token, settings)
    return Mailing(
        event=news.event,
        about=("booking", booking.id),
        to_name=invitation.name,
        to_address=invitation.address,
        from_name=settings.firm_name if for_advisor else booking.advisor.name,
        language=invitation.language,
        reply_token=(organizing(booking, invitation) if news.calendar else invitation).reply_token,
        calendar=_calendar(booking, invitation, news, settings, link),
        expires_at=news.expires_at,
        context={
            "name": _called(booking, invitation),
            "starts_at": booking.starts_at,
            "ends_at": booking.ends_at,
            "other": booking.name if for_advisor else names,
            "advisors": names,
            "took_over": news.took_over,
            "visitor": booking.name,
            "place": place_line(booking, invitation.language),
            "reference": booking.reference,
            "link": link,
            "role": str(invitation.role),
            "why": news.why,
            "planned_by": news.planned_by,
            "moment": news.moment,
            "answer_by": booking.approve_by,
        },
    )


def _called(booking: Talk, invitation: Invitee) -> str:
    """How the mail addresses its receiver: a colleague by the first name."""
    if invitation.role == InviteeRole.ADVISOR:
        return booking.advisor.first_name
    return invitation.name.partition(" ")[0] if invitation.role in HOSTING else invitation.name


def _calendar(
    booking: Talk, invitation: Invitee, news: News, settings: Settings, link: str | None
) -> tuple[str, bytes] | None:
    """What the receiver's calendar must hear, if anything."""
    if not news.calendar:
        return None
    if news.counter_declined:
        return counter_declined(booking, invitation, settings, link)
    return invite(booking, invitation, settings, link)


def _link(booking: Talk, invitation: Invitee, token: str, settings: Settings) -> str | None:
    """The visitor's own page, or the advisor's; a guest manages nothing and gets no link."""
    if invitation.role == InviteeRole.GUEST:
        return None
    if invitation.role in HOSTING:
        return desk_booking_url(settings, booking.reference)
    return booking_url(settings, token)
