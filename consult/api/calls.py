"""What the calls about questions do, over the same services as the pages."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from consult import clock
from consult.api.naming import advisor_named
from consult.api.schemas import utc_text
from consult.contact import intake
from consult.contact import services as contact
from consult.contact.intake import NewEnquiry
from consult.database import db
from consult.people import services as people
from consult.web import current
from consult.web.public_urls import enquiry_url

if TYPE_CHECKING:
    from consult.api.repeats import Answer
    from consult.api.schemas import EnquiryIn


def ask(given: EnquiryIn) -> Answer:
    """Ask a question."""
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
    asked = intake.ask(db.session, new, settings=settings, now=clock.now())
    return {
        "reference": asked.enquiry.reference,
        "assignedTo": asked.enquiry.advisor.name if asked.enquiry.advisor else None,
        "answerBy": utc_text(asked.enquiry.answer_by),
        "statusUrl": enquiry_url(settings, asked.token),
    }, 201
