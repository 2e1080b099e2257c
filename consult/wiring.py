"""Where features on the same level meet: each gets from here the few functions of the other that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound

from consult.booking.choosing import read_choice
from consult.booking.groups.incoming import HostMail, SeatMail
from consult.booking.incoming import BookingMail
from consult.booking.moments import page_of_moments
from consult.booking.neighbours import FromEnquiry, FromPage, Neighbours
from consult.contact import services as contact
from consult.contact.assignment import rules_that_hold
from consult.contact.continuity import topic_owner_id
from consult.contact.incoming import EnquiryMail
from consult.contact.next_moments import NextMoment
from consult.desk import event_words

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


def find_moments(
    session: DbSession, advisor: str | None, token: str, now: datetime
) -> tuple[NextMoment, ...]:
    """The first three moments for a talk about the question behind a private link, as contact shows them."""
    try:
        choice = read_choice(session, advisor, {"vraag": token}, now=now)
    except NotFound:  # no kind of talk to choose, or an advisor who left
        return ()
    offered = page_of_moments(session, choice, {}, now=now) if choice.is_possible else None
    found = [(day, moment) for day in (offered.days if offered else ()) for moment in day.moments]
    return tuple(
        NextMoment(f"{day.label}, {_beginning(moment.label)}", choice.url(slot=moment.value))
        # Every other one: moments overlap, and three that begin within half an hour are hardly a choice.
        for day, moment in found[::2][:NEXT_MOMENTS]
    )


def _beginning(hours: str) -> str:
    """``13.30 uur`` of ``13.30 – 14.00 uur``: enough to choose by, and short enough for a phone."""
    start, _until, end = hours.partition(" – ")
    return f"{start} uur" if end.endswith(" uur") else start


NEXT_MOMENTS = 3
NEIGHBOURS = Neighbours(find_page, find_enquiry, rules_that_hold, topic_owner_id)
# How the office tells what was done at the desk.
TELLER = event_words.told_of
# What mail that comes in can be about.
CORRESPONDENTS = (EnquiryMail(), BookingMail(), SeatMail(), HostMail())
