"""Mails about a promise that is about to break or broke, and about a question that cannot wait.

Link only, as every mail to colleagues: a number and a time, never what was asked or by whom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.contact.emails import due_text, tell_advisor
from consult.outbox.services import Mailing, queue
from consult.web.public_urls import desk_enquiry_url, desk_urgent_url

if TYPE_CHECKING:
    from datetime import datetime

    from consult.contact.models import Enquiry
    from consult.database import DbSession
    from consult.people.accounts import Account
    from consult.people.models import Advisor
    from consult.settings import Settings


def due_soon(
    session: DbSession, enquiry: Enquiry, advisor: Advisor, *, settings: Settings, now: datetime
) -> None:
    """Remind an advisor that a quarter of the time is left."""
    more = _about_owner(enquiry, advisor)
    tell_advisor(session, enquiry, advisor, "enquiry-due-soon", settings=settings, now=now, **more)


def overdue(
    session: DbSession, enquiry: Enquiry, advisor: Advisor, *, settings: Settings, now: datetime
) -> None:
    """Tell an advisor, or who stands in, that the promised moment has passed."""
    more = _about_owner(enquiry, advisor)
    tell_advisor(session, enquiry, advisor, "enquiry-overdue", settings=settings, now=now, **more)


def urgent(
    session: DbSession, enquiry: Enquiry, advisor: Advisor, *, settings: Settings, now: datetime
) -> None:
    """Tell one of several people that a question cannot wait; the first to take it has it."""
    link = desk_urgent_url(settings, enquiry.reference)
    tell_advisor(session, enquiry, advisor, "enquiry-urgent", settings=settings, now=now, link=link)


def taken(
    session: DbSession,
    enquiry: Enquiry,
    advisor: Advisor,
    taker: Advisor,
    *,
    settings: Settings,
    now: datetime,
) -> None:
    """Tell the others that somebody took it."""
    tell_advisor(
        session, enquiry, advisor, "enquiry-taken", settings=settings, now=now, taker=taker.first_name
    )


def nobody_got(
    session: DbSession, enquiry: Enquiry, account: Account, *, settings: Settings, now: datetime
) -> None:
    """Tell a coordinator at once that a question came in that nobody could get."""
    _tell_coordinator(session, enquiry, account, "enquiry-nobody", settings=settings, now=now)


def coordinator_due_soon(
    session: DbSession, enquiry: Enquiry, account: Account, *, settings: Settings, now: datetime
) -> None:
    """Tell a coordinator that a question of nobody has a quarter of its time left."""
    _tell_coordinator(session, enquiry, account, "enquiry-due-soon", settings=settings, now=now)


def coordinator_overdue(
    session: DbSession, enquiry: Enquiry, account: Account, *, settings: Settings, now: datetime
) -> None:
    """Tell a coordinator that the promised moment has passed."""
    _tell_coordinator(session, enquiry, account, "enquiry-overdue", settings=settings, now=now)


def _about_owner(enquiry: Enquiry, receiver: Advisor) -> dict[str, object]:
    """Whose question it is, when not the receiver's."""
    advisor = enquiry.advisor
    owner = advisor.name if advisor is not None and advisor.id != receiver.id else None
    return {"name": receiver.first_name, "owner": owner, "unowned": False}


def _tell_coordinator(
    session: DbSession, enquiry: Enquiry, account: Account, event: str, *, settings: Settings, now: datetime
) -> None:
    name = account.advisor.first_name if account.advisor else None
    mailing = Mailing(
        event=event,
        about=("enquiry", enquiry.id),
        to_name=account.advisor.name if account.advisor else account.email,
        to_address=account.email,
        from_name=settings.firm_name,
        language="nl",
        context={
            "name": name,
            "reference": enquiry.reference,
            "due": due_text(enquiry, settings),
            "channel": enquiry.channel,
            "urgent": enquiry.urgent,
            "owner": enquiry.advisor.name if enquiry.advisor else None,
            "unowned": enquiry.advisor is None,
            "link": desk_enquiry_url(settings, enquiry.reference),
        },
    )
    queue(session, mailing, settings=settings, now=now)
