"""What happens in the sample firm right now, through the services that pages use: so its mail can be read.

Everything before it is history, and nobody is mailed about history.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.booking import offering, placing
from consult.booking import services as booking
from consult.booking.models import Place
from consult.contact import intake
from consult.contact import services as contact
from consult.contact.models import Channel, ContactPage
from consult.web.dates import local_date

if TYPE_CHECKING:
    from consult.contact.models import Enquiry
    from consult.database import DbSession
    from consult.operations.sample.shapes import PlannedContact, SamplePlan
    from consult.settings import Settings

OFFERED_DAYS = timedelta(days=30)


def do_something_now(session: DbSession, plan: SamplePlan, *, settings: Settings) -> None:
    """Two questions come in, one is answered, and one talk is planned."""
    pages = session.scalars(select(ContactPage).order_by(ContactPage.id).limit(2)).all()
    people = [one for one in plan.contacts if one.organisation][:3]
    questions = plan.content.questions
    for number, (page, person) in enumerate(zip(pages, people, strict=False)):
        topic = plan.content.pages[number].topic
        text = next((one.text for one in questions if one.topic == topic), questions[0].text)
        enquiry = _ask(session, plan, page, person, text, settings)
        if number == 0:
            _answer(session, plan, enquiry, topic, settings)
    if pages and people:
        _plan_a_talk(session, plan, pages[-1], settings)


def _ask(
    session: DbSession,
    plan: SamplePlan,
    page: ContactPage,
    person: PlannedContact,
    text: str,
    settings: Settings,
) -> Enquiry:
    new = intake.NewEnquiry(
        form_key=f"sample-live-{page.slug}",
        question=text,
        name=person.name,
        channel=Channel.EMAIL,
        email=person.email,
        topic_id=page.topic_id,
        page_id=page.id,
    )
    return intake.ask(session, new, settings=settings, now=plan.now).enquiry


def _answer(session: DbSession, plan: SamplePlan, enquiry: Enquiry, topic: str, settings: Settings) -> None:
    if enquiry.advisor is None:
        return
    texts = plan.content.replies.get(topic) or plan.content.replies["algemeen"]
    contact.reply(
        session,
        enquiry,
        enquiry.advisor,
        texts[0],
        form_key="sample-live-reply",
        settings=settings,
        now=plan.now,
    )


def _plan_a_talk(session: DbSession, plan: SamplePlan, page: ContactPage, settings: Settings) -> None:
    """A talk for who has the fewest to come; none when nothing is free, or nobody may plan one more."""
    kind = booking.active_meeting_types(session)[0]
    person, to_come = _least_busy(plan)
    if kind.per_visitor is not None and to_come >= kind.per_visitor:
        return
    advisor_ids = tuple(each.advisor_id for each in page.people)
    today = local_date(plan.now, settings.timezone)
    wish = offering.Wish(kind, advisor_ids, settings.timezone)
    offered = offering.offer(session, wish, today, today + OFFERED_DAYS, now=plan.now, at_most=1)
    if not offered:
        return
    new = placing.NewBooking(
        form_key="sample-live-booking",
        meeting_type=kind,
        advisor_ids=advisor_ids,
        starts_at=offered[0].start,
        place=Place(kind.places[0]),
        name=person.name,
        email=person.email,
        note=plan.content.talks["about"][0],
        topic_id=page.topic_id,
        page_id=page.id,
    )
    booking.book(session, new, settings=settings, now=plan.now)


def _least_busy(plan: SamplePlan) -> tuple[PlannedContact, int]:
    """The first municipality's contact with the fewest talks to come, and how many those are."""
    to_come = Counter(one.contact for one in plan.bookings if one.ends_at > plan.now)
    from_towns = (place for place, one in enumerate(plan.contacts) if one.organisation)
    place = min(from_towns, key=lambda each: to_come[each])
    return plan.contacts[place], to_come[place]
