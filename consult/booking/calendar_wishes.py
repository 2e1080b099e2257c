"""What the calendar of somebody invited asks of us: the invite again (REFRESH), or another moment (COUNTER).

A visitor's other moment waits for the advisor's word. A guest did not plan the talk and cannot move it: the advisor
reads what was proposed, and the guest's calendar hears at once that the talk stands (DECLINECOUNTER, RFC 5546 3.2.8).
An advisor moves talks at the desk, so what an advisor's calendar proposes is left for a person.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from consult.activity.services import SYSTEM, VISITOR, of_subject, record
from consult.booking.answered import Asked, is_old
from consult.booking.emails import ADVISOR_ONLY, News, tell
from consult.booking.models import Booking, BookingState, Invitation, InviteeRole
from consult.booking.private_link import own_link
from consult.booking.proposals import BY_CALENDAR, NotPossible, propose
from consult.booking.series.emails import SeriesNews, coming, tell_of_series
from consult.booking.series.link import own_series_link
from consult.booking.services import Cancelled, TooLate
from consult.outbox.services import sent_lately
from consult.postbox.outcome import Judged, Verdict
from consult.web.dates import moment as shown_moment
from consult.web.translating import translator

if TYPE_CHECKING:
    from consult.booking.series.models import TalkSeries
    from consult.database import DbSession
    from consult.postbox.outcome import Arrived
    from consult.scheduling.reader import Answer
    from consult.settings import Settings

# A calendar that keeps asking is heard this often, for each address.
ANSWERED_A_DAY = 3

_EVER = datetime.min.replace(tzinfo=UTC)


def send_again(session: DbSession, found: tuple[Asked, ...], *, settings: Settings, now: datetime) -> Verdict:
    """Send what stands now once more, to the one who asks and nobody else: the talk, or the series that was named."""
    booking, invitation = found[0].booking, found[0].invitation
    subject = ("booking", booking.id)
    if booking.state == BookingState.PENDING:
        return Verdict(subject, Judged.REFRESH, left="not to be done by itself")
    if len(found) > 1 and booking.series is not None:
        return _send_series(session, booking.series, invitation, settings=settings, now=now)
    if _may_hear(session, "booking-resent", invitation, now):
        token = own_link(session, booking, now=now) if invitation.role == InviteeRole.VISITOR else ""
        news = News(event="booking-resent")
        tell(session, booking, news, token, only=invitation, settings=settings, now=now)
        session.flush()
    return Verdict(subject, Judged.REFRESH)


def _send_series(
    session: DbSession, series: TalkSeries, invitation: Invitation, *, settings: Settings, now: datetime
) -> Verdict:
    subject = ("booking", series.lead.id)
    same = (
        each
        for each in series.lead.invitations
        if (each.role, each.address) == (invitation.role, invitation.address)
    )
    own = next(same, None)
    if own is None:
        return Verdict(subject, Judged.REFRESH, left="not to be done by itself")
    if _may_hear(session, "series-resent", own, now):
        token = own_series_link(session, series, now=now) if own.role == InviteeRole.VISITOR else ""
        news = SeriesNews(event="series-resent", dates=coming(series, now))
        tell_of_series(session, series, news, token, only=own, settings=settings, now=now)
        session.flush()
    return Verdict(subject, Judged.REFRESH)


def propose_for(
    session: DbSession, one: Asked, mail: Arrived, answer: Answer, *, settings: Settings, now: datetime
) -> Verdict:
    """Do with a proposed moment what its sender may ask for."""
    subject, text = ("booking", one.booking.id), answer.comment or None
    if one.invitation.role == InviteeRole.GUEST:
        return _turned_down(session, one, mail, answer, settings=settings, now=now)
    if one.invitation.role != InviteeRole.VISITOR:
        return Verdict(subject, Judged.PROPOSAL, text, left="a proposal from somebody else than the visitor")
    return _proposed(session, one, mail, answer, settings=settings, now=now)


def _proposed(
    session: DbSession, one: Asked, mail: Arrived, answer: Answer, *, settings: Settings, now: datetime
) -> Verdict:
    """Of several proposals the one that was made last waits, whatever the order in which they come."""
    booking, text = one.booking, answer.comment or None
    subject, starts_at = ("booking", booking.id), answer.start or booking.starts_at
    if is_old(answer, one):
        note(session, booking, "booking.proposed_old", mail, now=now)
        return Verdict(subject, Judged.OLD_ANSWER, text)
    made = {"stamp": (answer.stamp or _EVER).isoformat(), "start": starts_at.isoformat()}
    known = [
        (row.data["stamp"], row.data["start"])
        for row in of_subject(session, subject)
        if row.what == "booking.countered"
    ]
    if any(each >= (made["stamp"], made["start"]) for each in known):
        return Verdict(subject, Judged.KNOWN_ANSWER, text)
    try:
        propose(session, booking, starts_at, comment=text, by=BY_CALENDAR, settings=settings, now=now)
    except (Cancelled, TooLate, NotPossible):
        note(session, booking, "booking.proposed_old", mail, now=now)
        return Verdict(subject, Judged.OLD_ANSWER, text)
    note(session, booking, "booking.countered", mail, now=now, actor=VISITOR, **made)
    return Verdict(subject, Judged.PROPOSAL, text)


def _turned_down(
    session: DbSession, one: Asked, mail: Arrived, answer: Answer, *, settings: Settings, now: datetime
) -> Verdict:
    """Tell the guest that the talk stands, and the advisor that there is something to read."""
    booking, guest = one.booking, one.invitation
    _ = translator(settings.locale)
    subject, starts_at = ("booking", booking.id), answer.start or booking.starts_at
    moment = (starts_at, answer.end or starts_at + booking.length)
    when = _("Voorstel: %(moment)s") % {
        "moment": shown_moment(*moment, booking.advisor.timezone, settings.locale)
    }
    text = "\n".join(filter(None, (when, answer.comment)))
    stands = booking.state == BookingState.CONFIRMED and booking.starts_at > now
    if is_old(answer, one) or not stands:
        note(session, booking, "booking.proposed_old", mail, now=now)
        return Verdict(subject, Judged.OLD_ANSWER, text)
    facts = {"start": starts_at.isoformat(), "invitation": guest.id, "sequence": one.sequence}
    told = [row.data for row in of_subject(session, subject) if row.what == "booking.guest_proposed"]
    if any(each.items() >= facts.items() for each in told):
        return Verdict(subject, Judged.KNOWN_ANSWER, text)
    note(session, booking, "booking.guest_proposed", mail, now=now, actor=InviteeRole.GUEST, **facts)
    if _may_hear(session, "booking-guest-proposed", guest, now):
        news = News(event="booking-guest-proposed", counter_declined=True, moment=moment)
        tell(session, booking, news, "", only=guest, settings=settings, now=now)
        tell_advisor(session, booking, "booking-message", settings=settings, now=now)
    return Verdict(subject, Judged.PROPOSAL, text)


def _may_hear(session: DbSession, event: str, invitation: Invitation, now: datetime) -> bool:
    return sent_lately(session, event, invitation.address, since=now - timedelta(days=1)) < ANSWERED_A_DAY


def tell_advisor(
    session: DbSession, booking: Booking, event: str, *, settings: Settings, now: datetime
) -> None:
    """Tell the advisor that something came in about a talk; what it was is read at the desk."""
    news = News(event=event, roles=ADVISOR_ONLY, calendar=False)
    tell(session, booking, news, "", settings=settings, now=now)
    session.flush()


def note(
    session: DbSession,
    booking: Booking,
    what: str,
    mail: Arrived,
    *,
    now: datetime,
    actor: str = SYSTEM,
    **facts: Any,
) -> None:
    """Write down what came in, once for each mail."""
    subject, facts = ("booking", booking.id), {"mail": mail.id, **facts}
    if not any(row.what == what and row.data == facts for row in of_subject(session, subject)):
        record(session, subject, what, actor=actor, now=now, **facts)
        session.flush()
