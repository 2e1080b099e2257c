"""A visitor's own data: a link that proves who reads the mail, and what may be done behind it. Knows no page.

The link to a question proves no more than that somebody typed an address in a form. What hangs on that address opens
only to who reads its mail: so the way in is mailed there, and ends after a day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from consult.contact.models import Enquiry
from consult.links.models import Purpose
from consult.links.services import issue_link, open_link
from consult.outbox.services import Mailing, queue, sent_lately
from consult.web.public_urls import own_data_url

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings

EVENT = "own-data-link"
OPEN_FOR = timedelta(days=1)
MAILS_A_DAY = 3


def mail_way_in(session: DbSession, enquiry: Enquiry, *, settings: Settings, now: datetime) -> bool:
    """Mail a link to whoever has the address of this question; gives whether there is an address.

    Somebody else may have typed the address: it gets three of these mails a day at most.
    """
    if not enquiry.email:
        return False
    if sent_lately(session, EVENT, enquiry.email, since=now - timedelta(days=1)) < MAILS_A_DAY:
        token = issue_link(session, Purpose.OWN_DATA, enquiry.id, expires_at=now + OPEN_FOR, now=now)
        mailing = Mailing(
            event=EVENT,
            about=("enquiry", enquiry.id),
            to_name=enquiry.name,
            to_address=enquiry.email,
            from_name=settings.firm_name,
            language=enquiry.language,
            reply_token=enquiry.reply_token,
            context={"name": enquiry.name, "link": own_data_url(settings, token)},
        )
        queue(session, mailing, settings=settings, now=now)
    session.flush()
    return True


def address_behind(session: DbSession, token: str, *, now: datetime) -> str | None:
    """The mail address that this link was sent to; None for a link that opens nothing, or nothing any more."""
    enquiry_id = open_link(session, Purpose.OWN_DATA, token, now=now)
    enquiry = session.get(Enquiry, enquiry_id) if enquiry_id is not None else None
    return enquiry.email or None if enquiry else None
