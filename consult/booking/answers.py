"""What the calendars of invited people answer, applied to the invitations that each answer is about (RFC 5546 3.2.3).

An answer changes what its sender said and nothing else: it never moves a talk. Any order and any repetition of the
same answers ends in the same state, because the one with the latest DTSTAMP among those to the present time counts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from consult.activity.services import VISITOR, advisor_actor
from consult.booking.answered import Asked, asked, invitation_of, is_old
from consult.booking.calendar_wishes import note, propose_for, send_again, tell_advisor
from consult.booking.hosts import HOSTING
from consult.booking.models import Booking, BookingState, InviteeRole
from consult.postbox.outcome import Judged, Verdict
from consult.scheduling.reader import Method
from consult.scheduling.values import Participation

if TYPE_CHECKING:
    from consult.booking.models import Invitation
    from consult.database import DbSession
    from consult.postbox.outcome import Arrived
    from consult.scheduling.reader import Answer, Respondent
    from consult.settings import Settings

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
        note(session, one.booking, "booking.answer_noted", mail, now=now, participation=said)
        text = f"{who.name} <{who.address}>: {said}"
        return Verdict(subject, Judged.UNKNOWN_ATTENDEE, "\n".join(filter(None, (text, answer.comment))))
    if answer.method is Method.REPLY and who is not None:
        return _replied(session, found, mail, answer, who, settings=settings, now=now)
    if answer.method is Method.REFRESH:
        return send_again(session, found, settings=settings, now=now)
    if len(found) > 1 or answer.method is not Method.COUNTER:
        return Verdict(subject, Judged.ANSWER, answer.comment or None, left="not to be done by itself")
    return propose_for(session, one, mail, answer, settings=settings, now=now)


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
            note(session, one.booking, "booking.answered_old", mail, now=now, participation=str(said))
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
    note(session, one.booking, "booking.answered", mail, now=now, actor=actor, **facts)
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


def _actor(booking: Booking, invitation: Invitation) -> str:
    if invitation.role in HOSTING:
        return advisor_actor(invitation.advisor_id or booking.advisor_id)
    return VISITOR if invitation.role == InviteeRole.VISITOR else InviteeRole.GUEST
