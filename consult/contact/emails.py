"""What is told by mail about a question: to the visitor, and to the advisor who has it.

A mail to an advisor is link only: it names the number and the promise, never what was asked or by whom.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from consult.contact.advisor_address import advisor_token
from consult.contact.models import Channel
from consult.outbox.rendering import render
from consult.outbox.services import Mailing, queue, sent_lately
from consult.outbox.texts.services import in_use
from consult.web import dates
from consult.web.public_urls import desk_enquiry_url, enquiry_url

if TYPE_CHECKING:
    from datetime import datetime

    from consult.contact.models import Enquiry
    from consult.database import DbSession
    from consult.outbox.models import OutgoingMail
    from consult.outbox.rendering import Words
    from consult.people.models import Advisor
    from consult.settings import Settings

# A stranger can type somebody else's address: that person gets no more than this many confirmations a day.
CONFIRMATIONS_A_DAY = 3


def enquiry_received(
    session: DbSession, enquiry: Enquiry, token: str, *, settings: Settings, now: datetime
) -> None:
    """Confirm to the visitor: the number, who answers by when, the own text, and the private link."""
    if (
        not enquiry.email
        or sent_lately(session, "enquiry-received", enquiry.email, since=now - timedelta(days=1))
        >= CONFIRMATIONS_A_DAY
    ):
        return
    _to_visitor(
        session,
        enquiry,
        "enquiry-received",
        {"question": enquiry.question, "by_mail": enquiry.channel == Channel.EMAIL},
        token=token,
        settings=settings,
        now=now,
    )


def enquiry_answered(
    session: DbSession,
    enquiry: Enquiry,
    answer: str,
    token: str,
    *,
    not_before: datetime | None = None,
    settings: Settings,
    now: datetime,
) -> OutgoingMail:
    """Send an advisor's answer; an answer to this mail comes back into the thread."""
    return _to_visitor(
        session,
        enquiry,
        "enquiry-answered",
        {"answer": answer},
        token=token,
        not_before=not_before,
        settings=settings,
        now=now,
    )


def enquiry_moved_to(
    session: DbSession, enquiry: Enquiry, token: str, *, settings: Settings, now: datetime
) -> None:
    """Tell the visitor who answers from now on."""
    if enquiry.email:
        _to_visitor(session, enquiry, "enquiry-handed-over", {}, token=token, settings=settings, now=now)


def enquiry_assigned(
    session: DbSession, enquiry: Enquiry, advisor: Advisor, *, settings: Settings, now: datetime
) -> None:
    """Tell an advisor that a question is theirs."""
    tell_advisor(session, enquiry, advisor, "enquiry-assigned", settings=settings, now=now)


def visitor_wrote(
    session: DbSession, enquiry: Enquiry, advisor: Advisor, *, settings: Settings, now: datetime
) -> None:
    """Tell the advisor that the visitor added something."""
    tell_advisor(session, enquiry, advisor, "enquiry-extended", settings=settings, now=now)


def due_text(enquiry: Enquiry, settings: Settings) -> str:
    """By when an answer was promised, as a colleague reads it: ``donderdag 3 december, 17.00 uur``."""
    zone, at = settings.timezone, enquiry.answer_by
    return f"{dates.day(dates.local_date(at, zone), 'nl')}, {dates.zoned_time(at, zone, 'nl')} uur"


def answer_words(session: DbSession, enquiry: Enquiry, answer: str, *, settings: Settings) -> Words:
    """An answer as the visitor will read it, but for the private link, which is made when it is sent."""
    context = {**_told(enquiry), "answer": answer, "link": enquiry_url(settings, "…")}
    return render("enquiry-answered", enquiry.language, settings, context, in_use(session))


def _told(enquiry: Enquiry) -> dict[str, object]:
    return {
        "name": enquiry.name,
        "reference": enquiry.reference,
        "advisor": enquiry.advisor,
        "answer_by": enquiry.answer_by,
    }


def _to_visitor(
    session: DbSession,
    enquiry: Enquiry,
    event: str,
    context: dict[str, object],
    *,
    token: str,
    not_before: datetime | None = None,
    settings: Settings,
    now: datetime,
) -> OutgoingMail:
    if enquiry.email is None:
        raise ValueError("there is no address to write to")
    advisor = enquiry.advisor
    mailing = Mailing(
        event=event,
        about=("enquiry", enquiry.id),
        to_name=enquiry.name,
        to_address=enquiry.email,
        from_name=f"{advisor.name} ({settings.firm_name})" if advisor else settings.firm_name,
        language=enquiry.language,
        reply_token=enquiry.reply_token,
        not_before=not_before,
        context={**_told(enquiry), "link": enquiry_url(settings, token), **context},
    )
    return queue(session, mailing, settings=settings, now=now)


def tell_advisor(
    session: DbSession,
    enquiry: Enquiry,
    advisor: Advisor,
    event: str,
    *,
    settings: Settings,
    now: datetime,
    **more: object,
) -> None:
    """Queue a mail of this event for an advisor; ``more`` is what its words need besides the usual."""
    mailing = Mailing(
        event=event,
        about=("enquiry", enquiry.id),
        to_name=advisor.name,
        to_address=advisor.email,
        from_name=settings.firm_name,
        language="nl",
        reply_token=advisor_token(settings, enquiry.id, advisor.id),
        context={
            "advisor": advisor,
            "reference": enquiry.reference,
            "answer_by": enquiry.answer_by,
            "channel": enquiry.channel,
            "urgent": enquiry.urgent,
            "link": desk_enquiry_url(settings, enquiry.reference),
            "due": due_text(enquiry, settings),
            **more,
        },
    )
    queue(session, mailing, settings=settings, now=now)
