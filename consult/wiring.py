"""Where features on the same level meet: each gets from here the few functions of the other that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.booking.groups.incoming import HostMail, SeatMail
from consult.booking.incoming import BookingMail
from consult.booking.neighbours import FromEnquiry, FromPage, Neighbours
from consult.contact import services as contact
from consult.contact.incoming import EnquiryMail

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession


def find_page(session: DbSession, slug: str) -> FromPage | None:
    """The contact page with this name, as booking needs it."""
    page = contact.page_by_slug(session, slug)
    if page is None:
        return None
    advisors = tuple(row.advisor_id for row in page.people if row.advisor.active)
    return FromPage(page.id, page.slug, page.topic_id, advisors)


def find_enquiry(session: DbSession, token: str, now: datetime) -> FromEnquiry | None:
    """The question behind a private link, as booking needs it."""
    enquiry = contact.by_link(session, token, now=now)
    if enquiry is None:
        return None
    return FromEnquiry(
        enquiry.id,
        enquiry.name,
        enquiry.email,
        enquiry.phone,
        enquiry.topic_id,
        enquiry.page_id,
        urgent=enquiry.urgent,
    )


NEIGHBOURS = Neighbours(find_page, find_enquiry)
# What mail that comes in can be about.
CORRESPONDENTS = (EnquiryMail(), BookingMail(), SeatMail(), HostMail())
