"""Mail about talks: whom a token names, what is done with a text, and what when a mail of ours comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from consult.activity.services import SYSTEM, VISITOR, advisor_actor, of_subject, record
from consult.booking import answers
from consult.booking.calendar_wishes import tell_advisor
from consult.booking.hosts import HOSTING
from consult.booking.models import Booking, Invitation
from consult.postbox.emails import Loss, mail_bounced
from consult.postbox.outcome import Judged, Verdict
from consult.web.public_urls import desk_booking_url

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.outbox.models import OutgoingMail
    from consult.postbox.bounces import Bounce
    from consult.postbox.outcome import Arrived
    from consult.scheduling.reader import Answer
    from consult.settings import Settings


class BookingMail:
    """The postbox's correspondent for talks."""

    kind = "booking"

    def locate(self, session: DbSession, token: str, *, settings: Settings) -> int | None:  # noqa: ARG002 (a Correspondent's signature)
        """The talk of the invitation with this token."""
        return session.scalar(select(Invitation.booking_id).where(Invitation.reply_token == token))

    def take_answer(
        self, session: DbSession, mail: Arrived, answer: Answer, *, settings: Settings, now: datetime
    ) -> Verdict | None:
        """Apply what a calendar answered."""
        return answers.take_answer(session, mail, answer, settings=settings, now=now)

    def take_text(
        self, session: DbSession, mail: Arrived, text: str, *, settings: Settings, now: datetime
    ) -> Verdict | None:
        """A note for the advisor: kept with the mail, to be read at the desk. The advisor's own words go to nobody."""
        invitation = session.scalar(select(Invitation).where(Invitation.reply_token == (mail.token or "")))
        if invitation is None:
            return None
        booking = session.get_one(Booking, invitation.booking_id)
        subject = (self.kind, booking.id)
        if any(
            row.what == "booking.message" and row.data.get("mail") == mail.id
            for row in of_subject(session, subject)
        ):
            return Verdict(subject, Judged.VISITOR_TEXT, text)
        by_advisor = invitation.role in HOSTING
        actor = advisor_actor(invitation.advisor_id or booking.advisor_id) if by_advisor else VISITOR
        record(session, subject, "booking.message", actor=actor, now=now, mail=mail.id)
        if by_advisor:
            return Verdict(subject, Judged.ADVISOR_NOTE, text)
        tell_advisor(session, booking, "booking-message", settings=settings, now=now)
        return Verdict(subject, Judged.VISITOR_TEXT, text)

    def take_bounce(
        self, session: DbSession, lost: OutgoingMail, bounce: Bounce, *, settings: Settings, now: datetime
    ) -> None:
        """Mark the talk and the person, and tell the advisor."""
        booking = session.get(Booking, lost.subject_id)
        if booking is None:
            return
        facts: dict[str, Any] = {"mail": lost.id, "status": bounce.status}
        record(session, (self.kind, booking.id), "booking.bounced", actor=SYSTEM, now=now, **facts)
        if booking.contact_id is not None and lost.recipient == booking.email:
            subject = ("contact", booking.contact_id)
            record(session, subject, "contact.bounced", actor=SYSTEM, now=now, **facts)
        loss = Loss(lost, booking.reference, desk_booking_url(settings, booking.reference))
        mail_bounced(session, loss, booking.advisor, settings=settings, now=now)
