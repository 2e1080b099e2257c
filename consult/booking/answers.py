"""What the calendars of invited people answer, applied to the invitations that each answer is about (RFC 5546 3.2.3).

An answer changes what its sender said and nothing else: it never moves a talk. Any order and any repetition of the
same answers ends in the same state, because the one with the latest DTSTAMP among those to the present time counts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from consult.activity.services import SYSTEM, VISITOR, advisor_actor, of_subject, record
from consult.booking.answered import Asked, asked, invitation_of, is_old
from consult.booking.emails import ADVISOR_ONLY, News, tell
from consult.booking.hosts import HOSTING
from consult.booking.models import Booking, BookingState, InviteeRole
from consult.booking.private_link import own_link
from consult.booking.proposals import BY_CALENDAR, NotPossible, propose
from consult.booking.services import Cancelled, TooLate
from consult.outbox.services import sent_lately
from consult.postbox.outcome import Judged, Verdict
from consult.scheduling.reader import Method
from consult.scheduling.values import Participation

if TYPE_CHECKING:
    from consult.booking.models import Invitation
    from consult.database import DbSession
    from consult.postbox.outcome import Arrived
    from consult.scheduling.reader import Answer, Respondent
    from consult.settings import Settings

RESENT_A_DAY = 3

_EVER = datetime.min.replace(tzinfo=UTC)
_JUDGED = {
    Participation.ACCEPTED: Judged.ACCEPTED,
    Participation.TENTATIVE: Judged.TENTATIVE,
    Participation.DECLINED: Judged.DECLINED,
    Participation.DELEGATED: Judged.DELEGATED,
}


def take_answer(
    session: DbSession, mail: Arrived, answer: Answer, *, settings: Settings, now: datetime
) -> Verdict | None:
    """Do what an answer asks. By the token it was sent to; without one, by UID and sender. None: no talk of ours."""
    invitation = invitation_of(session, mail, answer)
    if invitation is None:
        return None
    found = asked(session, invitation, answer)
    if not found:
        subject = ("booking", invitation.booking_id)
        return Verdict(subject, Judged.ANSWER, left="an answer about another meeting")
    one, who = found[0], answer.respondent
    subject = ("booking", one.booking.id)
    if who is not None and who.address.lower() != one.invitation.address.lower():
        said = str(who.participation)
        _note(session, one.booking, "booking.answer_noted", mail, now=now, participation=said)
        text = f"{who.name} <{who.address}>: {said}"
        return Verdict(subject, Judged.UNKNOWN_ATTENDEE, "\n".join(filter(None, (text, answer.comment))))
    if answer.method is Method.REPLY and who is not None:
        return _replied(session, found, mail, answer, who, settings=settings, now=now)
    if len(found) > 1 or answer.method not in {Method.REFRESH, Method.COUNTER}:
        return Verdict(subject, Judged.ANSWER, answer.comment or None, left="not to be done by itself")
    if answer.method is Method.REFRESH:
        return _resend(session, one, settings=settings, now=now)
    return _proposed(session, one, mail, answer, settings=settings, now=now)


def _replied(
    session: DbSession,
    found: tuple[Asked, ...],
    mail: Arrived,
    answer: Answer,
    who: Respondent,
    *,
    settings: Settings,
    now: datetime,
) -> Verdict:
    subject, said = ("booking", found[0].booking.id), who.participation
    text = "\n".join(filter(None, (*who.delegated_to, answer.comment))) or None
    if said not in _JUDGED:
        return Verdict(subject, Judged.ANSWER, text, left="an answer that says neither yes nor no")
    changed = []
    for one in found:
        before = one.invitation.participation
        if is_old(answer, one):
            _note(session, one.booking, "booking.answered_old", mail, now=now, participation=str(said))
        elif _apply(session, one, mail, answer, said, now=now):
            changed.append((one, before))
    if changed:
        # Of a series that is answered at once the advisor hears once.
        coming = [each for each in changed if each[0].booking.ends_at > now] or changed
        _tell_of_reply(session, *coming[0], settings=settings, now=now)
        return Verdict(subject, _JUDGED[said], text)
    old = all(is_old(answer, one) for one in found)
    return Verdict(subject, Judged.OLD_ANSWER if old else Judged.KNOWN_ANSWER, text)


def _apply(
    session: DbSession, one: Asked, mail: Arrived, answer: Answer, said: Participation, *, now: datetime
) -> bool:
    """Note what was said, unless a later answer to the same time is known; gives whether it was noted."""
    invitation = one.invitation
    rank = (answer.stamp or _EVER, str(said), answer.comment)
    if invitation.answered_sequence == one.sequence and rank <= _rank_of(invitation):
        return False
    invitation.participation, invitation.comment = said, answer.comment or None
    invitation.answered_at, invitation.answered_stamp = mail.received_at, answer.stamp
    # A client that counts further than we do has still seen nothing later than our last message.
    invitation.answered_sequence = one.sequence
    facts = {"participation": str(said), "invitation": invitation.id}
    actor = _actor(one.booking, invitation)
    _note(session, one.booking, "booking.answered", mail, now=now, actor=actor, **facts)
    return True


def _rank_of(invitation: Invitation) -> tuple[datetime, str, str]:
    """The later answer counts; of two in the same second one, always the same one."""
    return invitation.answered_stamp or _EVER, str(invitation.participation), invitation.comment or ""


def _tell_of_reply(session: DbSession, one: Asked, before: str, *, settings: Settings, now: datetime) -> None:
    """The advisor hears of a no, of somebody else who comes, and of words; a plain yes is seen at the desk."""
    booking, invitation = one.booking, one.invitation
    stands = booking.state == BookingState.CONFIRMED and booking.ends_at > now
    if not stands or invitation.role == InviteeRole.ADVISOR:
        return
    declined = invitation.role == InviteeRole.VISITOR and invitation.participation == Participation.DECLINED
    if declined and before != Participation.DECLINED:
        tell_advisor(session, booking, "invite-declined", settings=settings, now=now)
    elif invitation.comment or invitation.participation == Participation.DELEGATED:
        tell_advisor(session, booking, "booking-message", settings=settings, now=now)


def _proposed(
    session: DbSession, one: Asked, mail: Arrived, answer: Answer, *, settings: Settings, now: datetime
) -> Verdict:
    """Of several proposals the one that was made last waits, whatever the order in which they come."""
    booking, text = one.booking, answer.comment or None
    subject, starts_at = ("booking", booking.id), answer.start or booking.starts_at
    if one.invitation.role != InviteeRole.VISITOR:
        return Verdict(subject, Judged.PROPOSAL, text, left="a proposal from somebody else than the visitor")
    if is_old(answer, one):
        _note(session, booking, "booking.proposed_old", mail, now=now)
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
        _note(session, booking, "booking.proposed_old", mail, now=now)
        return Verdict(subject, Judged.OLD_ANSWER, text)
    _note(session, booking, "booking.countered", mail, now=now, actor=VISITOR, **made)
    return Verdict(subject, Judged.PROPOSAL, text)


def _resend(session: DbSession, one: Asked, *, settings: Settings, now: datetime) -> Verdict:
    """Send the present state of the talk again, to the one who asks; a calendar that keeps asking is not heard."""
    booking, invitation = one.booking, one.invitation
    subject = ("booking", booking.id)
    if invitation.role == InviteeRole.GUEST or booking.state == BookingState.PENDING:
        return Verdict(subject, Judged.REFRESH, left="not to be done by itself")
    since = now - timedelta(days=1)
    if sent_lately(session, "booking-resent", invitation.address, since=since) < RESENT_A_DAY:
        news = News(event="booking-resent", roles=frozenset({InviteeRole(invitation.role)}))
        token = own_link(session, booking, now=now) if invitation.role == InviteeRole.VISITOR else ""
        tell(session, booking, news, token, settings=settings, now=now)
        session.flush()
    return Verdict(subject, Judged.REFRESH)


def tell_advisor(
    session: DbSession, booking: Booking, event: str, *, settings: Settings, now: datetime
) -> None:
    """Tell the advisor that something came in about a talk; what it was is read at the desk."""
    news = News(event=event, roles=ADVISOR_ONLY, calendar=False)
    tell(session, booking, news, "", settings=settings, now=now)
    session.flush()


def _note(
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


def _actor(booking: Booking, invitation: Invitation) -> str:
    if invitation.role in HOSTING:
        return advisor_actor(invitation.advisor_id or booking.advisor_id)
    return VISITOR if invitation.role == InviteeRole.VISITOR else InviteeRole.GUEST
