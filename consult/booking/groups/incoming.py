"""Mail about group sessions: a calendar that says no gives the seat back; words are left for a person to read.

Only an answer to the address with a person's own token changes anything: who merely writes that name could be anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from consult.activity.services import SYSTEM, VISITOR, record
from consult.booking.groups.finding import seat_by_reply_token
from consult.booking.groups.models import GroupSession, Seat, SessionHost
from consult.booking.groups.seats import SignUpClosed, give_up
from consult.postbox.outcome import Judged, Verdict
from consult.scheduling.reader import Method
from consult.scheduling.values import Participation

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.outbox.models import OutgoingMail
    from consult.postbox.bounces import Bounce
    from consult.postbox.outcome import Arrived
    from consult.scheduling.reader import Answer
    from consult.settings import Settings

JUDGED = {
    Participation.ACCEPTED: Judged.ACCEPTED,
    Participation.TENTATIVE: Judged.TENTATIVE,
    Participation.DECLINED: Judged.DECLINED,
    Participation.DELEGATED: Judged.DELEGATED,
}


class SeatMail:
    """The postbox's correspondent for those who come."""

    kind = "seat"

    def locate(self, session: DbSession, token: str, *, settings: Settings) -> int | None:  # noqa: ARG002 (a Correspondent's signature)
        """The seat with this token."""
        return session.scalar(select(Seat.id).where(Seat.reply_token == token))

    def take_answer(
        self, session: DbSession, mail: Arrived, answer: Answer, *, settings: Settings, now: datetime
    ) -> Verdict | None:
        """Give the seat back when its own calendar says no to the session as it now is; note anything else."""
        seat = seat_by_reply_token(session, mail.token or "")
        if seat is None:
            return None
        subject, group, who = (self.kind, seat.id), seat.group_session, answer.respondent
        text = answer.comment or None
        if answer.uid != group.uid or answer.method is not Method.REPLY or who is None:
            return Verdict(subject, Judged.ANSWER, text, left="not to be done by itself")
        if who.address.lower() != seat.address_key:
            return Verdict(subject, Judged.UNKNOWN_ATTENDEE, f"{who.name} <{who.address}>")
        if who.participation not in JUDGED:
            return Verdict(subject, Judged.ANSWER, text, left="an answer that says neither yes nor no")
        if answer.sequence < group.sequence + seat.sequence:
            return Verdict(subject, Judged.OLD_ANSWER, text)
        if who.participation is Participation.DECLINED:
            try:
                give_up(session, seat, actor=VISITOR, settings=settings, now=now)
            except SignUpClosed:
                return Verdict(subject, Judged.OLD_ANSWER, text)
        return Verdict(subject, JUDGED[who.participation], text)

    def take_text(
        self, session: DbSession, mail: Arrived, text: str, *, settings: Settings, now: datetime
    ) -> Verdict | None:
        """Leave the words of one who comes to a person."""
        del settings, now
        seat = seat_by_reply_token(session, mail.token or "")
        if seat is None:
            return None
        return Verdict(
            (self.kind, seat.id), Judged.VISITOR_TEXT, text, left="a message about a group session"
        )

    def take_bounce(
        self, session: DbSession, lost: OutgoingMail, bounce: Bounce, *, settings: Settings, now: datetime
    ) -> None:
        """Mark the seat: this person hears nothing from us."""
        del settings
        facts: dict[str, Any] = {"mail": lost.id, "status": bounce.status}
        record(session, (self.kind, lost.subject_id), "seat.bounced", actor=SYSTEM, now=now, **facts)


class HostMail:
    """The postbox's correspondent for hosts: what they write or answer is for the coordinator to read."""

    kind = "group_session"

    def locate(self, session: DbSession, token: str, *, settings: Settings) -> int | None:  # noqa: ARG002 (a Correspondent's signature)
        """The session of the host with this token."""
        return session.scalar(select(SessionHost.group_session_id).where(SessionHost.reply_token == token))

    def take_answer(
        self, session: DbSession, mail: Arrived, answer: Answer, *, settings: Settings, now: datetime
    ) -> Verdict | None:
        """A plain yes needs nobody; anything else does."""
        del now
        found = self.locate(session, mail.token or "", settings=settings)
        if found is None:
            return None
        said = answer.respondent.participation if answer.respondent else None
        judged = JUDGED.get(said, Judged.ANSWER) if said else Judged.ANSWER
        plain = judged is Judged.ACCEPTED and answer.uid == session.get_one(GroupSession, found).uid
        left = None if plain else "an answer of a host"
        return Verdict((self.kind, found), judged, answer.comment or None, left)

    def take_text(
        self, session: DbSession, mail: Arrived, text: str, *, settings: Settings, now: datetime
    ) -> Verdict | None:
        """Leave the words of a host to a person."""
        del now
        found = self.locate(session, mail.token or "", settings=settings)
        if found is None:
            return None
        return Verdict((self.kind, found), Judged.ADVISOR_NOTE, text, left="a message of a host")

    def take_bounce(
        self, session: DbSession, lost: OutgoingMail, bounce: Bounce, *, settings: Settings, now: datetime
    ) -> None:
        """Mark the session: this host hears nothing from us."""
        del settings
        facts: dict[str, Any] = {"mail": lost.id, "status": bounce.status}
        subject = (self.kind, lost.subject_id)
        record(session, subject, "group_session.bounced", actor=SYSTEM, now=now, **facts)
