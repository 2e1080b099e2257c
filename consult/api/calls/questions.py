"""Ask a question, over the same service as the form."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from consult import clock
from consult.api.naming import advisor_named
from consult.api.operations import call
from consult.api.payloads import enquiries as payloads
from consult.api.schemas import EnquiryIn
from consult.contact import intake
from consult.contact import services as contact
from consult.contact.intake import NewEnquiry
from consult.database import db
from consult.people import services as people
from consult.web import current
from consult.web.public_urls import enquiry_url

if TYPE_CHECKING:
    from consult.api.operations import Asked


@call(
    "POST",
    "/enquiries",
    tag="visitors",
    body=EnquiryIn,
    gives=payloads.Asked,
    status=201,
    limit="20/day;5/hour",
    problems=(404,),
)
def create_enquiry(asked: Asked[EnquiryIn]) -> payloads.Asked:
    """Ask a question; the answer comes to the address or number that is given."""
    given = asked.given
    page_shown = contact.page_by_slug(db.session, given.page) if given.page else None
    topic = people.topic_by_slug(db.session, given.topic) if given.topic else None
    new = NewEnquiry(
        form_key=secrets.token_urlsafe(16),
        question=given.question,
        name=given.name,
        channel=given.channel,
        email=given.email,
        phone=given.phone,
        reachable=given.reachable,
        organisation=given.organisation,
        topic_id=topic.id if topic else (page_shown.topic_id if page_shown else None),
        advisor_id=advisor_named(given.advisor).id if given.advisor else None,
        page_id=page_shown.id if page_shown else None,
        urgent=given.urgent,
        needs=given.needs,
        language=current.language(),
    )
    settings = current.settings()
    made = intake.ask(db.session, new, settings=settings, now=clock.now())
    return payloads.Asked(
        reference=made.enquiry.reference,
        assigned_to=made.enquiry.advisor.name if made.enquiry.advisor else None,
        answer_by=made.enquiry.answer_by,
        status_url=enquiry_url(settings, made.token),
    )
