"""Mail about questions: what a visitor writes goes into the thread, what an advisor answers goes to the visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from consult.activity.services import SYSTEM, record
from consult.contact.advisor_address import read_advisor_token
from consult.contact.models import Enquiry, Message
from consult.contact.services import NoAddress, add_note, add_visitor_message, reply
from consult.people.models import Advisor
from consult.postbox.emails import Loss, answer_not_sent, mail_bounced
from consult.postbox.outcome import Judged, Verdict
from consult.web.public_urls import desk_enquiry_url

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.outbox.models import OutgoingMail
    from consult.postbox.bounces import Bounce
    from consult.postbox.outcome import Arrived
    from consult.scheduling.reader import Answer
    from consult.settings import Settings


class EnquiryMail:
    """The postbox's correspondent for questions."""

    kind = "enquiry"

    def locate(self, session: DbSession, token: str, *, settings: Settings) -> int | None:
        """The question that a visitor's token or an advisor's names."""
        found = read_advisor_token(settings, token)
        if found is not None:
            return session.scalar(select(Enquiry.id).where(Enquiry.id == found[0]))
        return session.scalar(select(Enquiry.id).where(Enquiry.reply_token == token))

    def take_answer(
        self, session: DbSession, mail: Arrived, answer: Answer, *, settings: Settings, now: datetime
    ) -> Verdict | None:
        """There is nothing to answer with a calendar: it is not about a question."""

    def take_text(
        self, session: DbSession, mail: Arrived, text: str, *, settings: Settings, now: datetime
    ) -> Verdict | None:
        """Put a visitor's text into the thread, or send an advisor's to the visitor."""
        if mail.token is None:
            return None
        found = read_advisor_token(settings, mail.token)
        if found is not None:
            return self._from_advisor(session, mail, text, found, settings=settings, now=now)
        enquiry = session.scalar(select(Enquiry).where(Enquiry.reply_token == mail.token).with_for_update())
        if enquiry is None:
            return None
        # A colleague who was sent a copy may answer; then the thread says who.
        told = text if mail.sender == (enquiry.email or "").lower() else f"{mail.sender}:\n\n{text}"
        add_visitor_message(session, enquiry, told, form_key=mail.key, settings=settings, now=now)
        return Verdict((self.kind, enquiry.id), Judged.VISITOR_TEXT)

    def take_bounce(
        self, session: DbSession, lost: OutgoingMail, bounce: Bounce, *, settings: Settings, now: datetime
    ) -> None:
        """Mark the question and the person, and tell the advisor."""
        enquiry = session.get(Enquiry, lost.subject_id)
        if enquiry is None:
            return
        facts: dict[str, Any] = {"mail": lost.id, "status": bounce.status}
        record(session, (self.kind, enquiry.id), "enquiry.bounced", actor=SYSTEM, now=now, **facts)
        if enquiry.contact_id is not None and lost.recipient == enquiry.email:
            subject = ("contact", enquiry.contact_id)
            record(session, subject, "contact.bounced", actor=SYSTEM, now=now, **facts)
        if enquiry.advisor is not None:
            loss = Loss(lost, enquiry.reference, desk_enquiry_url(settings, enquiry.reference))
            mail_bounced(session, loss, enquiry.advisor, settings=settings, now=now)

    def _from_advisor(
        self,
        session: DbSession,
        mail: Arrived,
        text: str,
        ids: tuple[int, int],
        *,
        settings: Settings,
        now: datetime,
    ) -> Verdict | None:
        enquiry = session.get(Enquiry, ids[0], with_for_update=True)
        advisor = session.get(Advisor, ids[1])
        if enquiry is None or advisor is None:
            return None
        subject = (self.kind, enquiry.id)
        # Nothing goes to a visitor in somebody's name unless that person's own address sent it.
        if mail.sender != advisor.email.lower() or not advisor.active:
            return Verdict(
                subject, Judged.ADVISOR_TEXT, text, left="not from the address of the advisor it was sent to"
            )
        if session.scalar(select(Message.id).where(Message.form_key == mail.key)) is not None:
            return Verdict(subject, Judged.ADVISOR_TEXT)
        why = "not-yours"
        if enquiry.advisor_id in {advisor.id, None}:
            try:
                reply(session, enquiry, advisor, text, form_key=mail.key, settings=settings, now=now)
            except NoAddress:
                why = "no-address"
            else:
                return Verdict(subject, Judged.ADVISOR_TEXT)
        add_note(session, enquiry, advisor, text, form_key=mail.key, now=now)
        context = {
            "reference": enquiry.reference,
            "link": desk_enquiry_url(settings, enquiry.reference),
            "why": why,
        }
        answer_not_sent(session, subject, advisor, context, settings=settings, now=now)
        return Verdict(subject, Judged.ADVISOR_NOTE)
