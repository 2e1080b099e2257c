"""From the question form to a new question: the same on our own page and inside another site's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from consult.contact.forms import EnquiryForm
from consult.database import db
from consult.people import services as people
from consult.web import current

if TYPE_CHECKING:
    from consult.contact.intake import NewEnquiry
    from consult.contact.models import ContactPage
    from consult.database import DbSession


# Per address, wherever the form stands; a town hall is one address.
QUESTIONS = "20/day;5/hour"


def enquiry_form(page: ContactPage | None) -> EnquiryForm:
    """The form of this request; offers the advisors of the page, else everybody."""
    chosen = {"topic": request.args.get("thema", ""), "advisor": request.args.get("adviseur", "")}
    form = EnquiryForm(data=None if request.method == "POST" else chosen)
    on_page = [row.advisor for row in page.people if row.advisor.active] if page else []
    advisors = on_page or people.active_advisors(db.session)
    form.offer(people.active_topics(db.session), advisors, current.language())
    return form


def new_enquiry(session: DbSession, form: EnquiryForm, page: ContactPage | None) -> NewEnquiry:
    """What a valid form asks; a topic that nobody chose is that of the page."""
    topic = people.topic_by_slug(session, form.topic.data)
    advisor = people.advisor_by_slug(session, form.advisor.data)
    return form.enquiry(
        topic_id=topic.id if topic else (page.topic_id if page else None),
        advisor_id=advisor.id if advisor else None,
        page_id=page.id if page else None,
        language=current.language(),
    )
