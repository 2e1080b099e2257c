"""What the calls that change something do, over the same services as the pages."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from consult import clock
from consult.activity.services import VISITOR
from consult.api.problems import Problem, invalid, not_found
from consult.api.schemas import utc_text
from consult.api.shapes import booking_shape, slot_shapes
from consult.booking import services as booking
from consult.booking.forms import NEEDS_LOCATION
from consult.booking.models import Place
from consult.booking.offering import bookable_advisors
from consult.booking.placing import NewBooking, NotOffered, SlotTaken
from consult.contact import intake
from consult.contact import services as contact
from consult.contact.intake import NewEnquiry
from consult.database import db
from consult.people import services as people
from consult.web import current
from consult.web.public_urls import booking_url, enquiry_url

if TYPE_CHECKING:
    from consult.api.repeats import Answer
    from consult.api.schemas import BookingIn, CancelIn, EnquiryIn, MoveIn
    from consult.booking.models import Booking, MeetingType
    from consult.people.models import Advisor


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
        advisor_id=_advisor_named(given.advisor).id if given.advisor else None,
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


def book(given: BookingIn) -> Answer:
    """Plan a talk.

    Raises:
        Problem: 409 with alternatives when the moment is taken; 404 or 422 for what does not exist.
    """
    kind = meeting_type_named(given.meeting_type)
    topic = people.topic_by_slug(db.session, given.topic) if given.topic else None
    page_shown = contact.page_by_slug(db.session, given.page) if given.page else None
    new = NewBooking(
        form_key=secrets.token_urlsafe(16),
        meeting_type=kind,
        advisor_ids=advisor_ids(given.advisor, given.page),
        starts_at=given.start,
        place=_place(given, kind),
        name=given.name,
        email=given.email,
        phone=given.phone,
        location=given.location,
        note=given.note,
        topic_id=topic.id if topic else None,
        page_id=page_shown.id if page_shown else None,
        language=current.language(),
    )
    settings = current.settings()
    try:
        booked = booking.book(db.session, new, settings=settings, now=clock.now())
    except SlotTaken as taken:
        raise _taken(taken) from None
    except NotOffered:
        raise Problem(422, "This kind of talk is not held at that place.") from None
    return {**booking_shape(booked.booking), "manageUrl": booking_url(settings, booked.token)}, 201


def _place(given: BookingIn, kind: MeetingType) -> Place:
    """Where the talk is held; the first place of its kind when none is named."""
    place = given.place or Place(kind.places[0])
    if place == Place.PHONE and given.phone is None:
        raise invalid([{"pointer": "/phone", "detail": "is needed for a talk by telephone"}])
    if place in NEEDS_LOCATION and given.location is None:
        raise invalid([{"pointer": "/location", "detail": "is needed for a talk elsewhere"}])
    return place


def move(token: str, given: MoveIn) -> Answer:
    """Give a talk another moment.

    Raises:
        Problem: 409 with alternatives, 410 when it is too late, 404 for a link that opens nothing.
    """
    shown = _booking_behind(token)
    try:
        booking.move(
            db.session, shown, given.start, actor=VISITOR, settings=current.settings(), now=clock.now()
        )
    except SlotTaken as taken:
        raise _taken(taken) from None
    except (booking.TooLate, booking.Cancelled):
        raise Problem(410, "This talk can no longer be moved.") from None
    return booking_shape(shown), 200


def cancel(token: str, given: CancelIn) -> Answer:
    """Cancel a talk; twice is once.

    Raises:
        Problem: 410 when it is over, 404 for a link that opens nothing.
    """
    shown = _booking_behind(token)
    try:
        booking.cancel(
            db.session,
            shown,
            reason=given.reason,
            actor=VISITOR,
            settings=current.settings(),
            now=clock.now(),
        )
    except booking.TooLate:
        raise Problem(410, "This talk is over.") from None
    return booking_shape(shown), 200


def _booking_behind(token: str) -> Booking:
    shown = booking.by_link(db.session, token, now=clock.now())
    if shown is None:
        raise not_found()
    return shown


def _taken(taken: SlotTaken) -> Problem:
    return Problem(409, "This moment is taken.", alternatives=slot_shapes(taken.alternatives))


def advisor_ids(advisor: str | None, page_slug: str | None) -> tuple[int, ...]:
    """With whom: the advisor named, else those of the page, else everybody."""
    if advisor:
        return (_advisor_named(advisor).id,)
    if page_slug:
        shown = contact.page_by_slug(db.session, page_slug)
        if shown is None:
            raise not_found()
        return tuple(row.advisor_id for row in shown.people if row.advisor.active)
    return bookable_advisors(db.session)


def _advisor_named(slug: str) -> Advisor:
    found = people.advisor_by_slug(db.session, slug)
    if found is None:
        raise not_found()
    return found


def meeting_type_named(slug: str) -> MeetingType:
    """The kind of talk; problem 404 when there is none."""
    found = booking.meeting_type_by_slug(db.session, slug)
    if found is None:
        raise not_found()
    return found
