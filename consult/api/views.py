"""The public calls of /api/v1, over the same services as the pages."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request, url_for

from consult import clock
from consult.activity.services import VISITOR
from consult.api.problems import Problem, not_found, problem_response
from consult.api.repeats import Answer, once
from consult.api.schemas import (
    BookingIn,
    CancelIn,
    EnquiryIn,
    MoveIn,
    SlotsQuery,
    json_object,
    read,
    utc_text,
)
from consult.booking import services as booking
from consult.booking.models import Place
from consult.booking.offering import Wish, bookable_advisors, offer
from consult.booking.placing import NewBooking, NotOffered, SlotTaken
from consult.contact import services as contact
from consult.contact.services import NewEnquiry
from consult.database import db
from consult.extensions import limiter
from consult.people import services as people
from consult.web import current
from consult.web.limits import limit_posts
from consult.web.public_urls import booking_url, enquiry_url

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

    from consult.availability import Slot
    from consult.booking.models import Booking, MeetingType
    from consult.people.models import Advisor, Topic

api = Blueprint("api", __name__, url_prefix="/api/v1")
VERSION = "1.0.0"


def init_app(app: Flask) -> None:
    """Answer every fault under /api/ as problem+json."""
    app.extensions["consult.problem"] = problem_response
    app.register_error_handler(Problem, lambda problem: problem.response())


@api.after_request
def _say_version(response: Response) -> Response:
    response.headers["API-Version"] = VERSION
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


@api.get("/advisors")
def advisors() -> Response:
    """Everyone who can be asked."""
    return jsonify({"advisors": [_advisor(each) for each in people.active_advisors(db.session)]})


@api.get("/topics")
def topics() -> Response:
    """What can be asked about."""
    shown = people.active_topics(db.session)
    return jsonify({"topics": [{"slug": each.slug, "name": _name(each)} for each in shown]})


@api.get("/meeting-types")
def meeting_types() -> Response:
    """The kinds of talk."""
    kinds = booking.active_meeting_types(db.session)
    return jsonify(
        {
            "meetingTypes": [
                {"slug": each.slug, "name": _name(each), "minutes": each.minutes, "places": each.places}
                for each in kinds
            ]
        }
    )


@api.get("/pages/<slug>")
def page(slug: str) -> Response:
    """A contact page: its texts and its advisors in order."""
    shown = contact.page_by_slug(db.session, slug)
    if shown is None:
        raise not_found()
    people_shown = [row.advisor for row in shown.people if row.advisor.active]
    return jsonify(
        {
            "slug": shown.slug,
            "title": shown.title,
            "intro": shown.intro,
            "invitation": shown.invitation,
            "topic": shown.topic.slug if shown.topic else None,
            "advisors": [_advisor(each) for each in people_shown],
            "askUrl": current.settings().base_url + url_for("contact.ask", pagina=slug),
        }
    )


@api.get("/slots")
@limiter.limit("60/minute")
def slots() -> Response:
    """The moments that can be booked on these dates."""
    query = read(SlotsQuery, request.args.to_dict())
    kind = _meeting_type(query.meeting_type)
    wish = Wish(kind, _advisor_ids(query.advisor, query.page), current.settings().timezone)
    try:
        found = offer(db.session, wish, query.first, query.last, now=clock.now())
    except ValueError:
        raise Problem(422, "Ask for at most 62 days; 'from' is not after 'to'.") from None
    response = jsonify({"slots": _slots(found)})
    response.add_etag()
    response.make_conditional(request)
    return response


@api.post("/enquiries")
@limit_posts("20/day;5/hour")
def create_enquiry() -> Response:
    """Ask a question."""
    given = read(EnquiryIn, json_object(request.get_json(silent=True)))
    return _answer(lambda: _ask(given))


@api.post("/bookings")
@limit_posts("5/hour")
def create_booking() -> Response:
    """Plan a talk."""
    given = read(BookingIn, json_object(request.get_json(silent=True)))
    return _answer(lambda: _book(given))


@api.post("/bookings/<token>/move")
@limit_posts("10/hour")
def move_booking(token: str) -> Response:
    """Give a talk another moment."""
    given = read(MoveIn, json_object(request.get_json(silent=True)))
    return _answer(lambda: _move(token, given))


@api.post("/bookings/<token>/cancel")
@limit_posts("10/hour")
def cancel_booking(token: str) -> Response:
    """Cancel a talk."""
    given = read(CancelIn, json_object(request.get_json(silent=True) or {}))
    return _answer(lambda: _cancel(token, given))


def _answer(work: Callable[[], Answer]) -> Response:
    try:
        body, status = once(db.session, work, now=clock.now())
    except Problem:
        db.session.rollback()
        raise
    db.session.commit()
    response = jsonify(body)
    response.status_code = status
    return response


def _ask(given: EnquiryIn) -> Answer:
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
    asked = contact.ask(db.session, new, settings=settings, now=clock.now())
    return {
        "reference": asked.enquiry.reference,
        "assignedTo": asked.enquiry.advisor.name if asked.enquiry.advisor else None,
        "answerBy": utc_text(asked.enquiry.answer_by),
        "statusUrl": enquiry_url(settings, asked.token),
    }, 201


def _book(given: BookingIn) -> Answer:
    kind = _meeting_type(given.meeting_type)
    topic = people.topic_by_slug(db.session, given.topic) if given.topic else None
    page_shown = contact.page_by_slug(db.session, given.page) if given.page else None
    new = NewBooking(
        form_key=secrets.token_urlsafe(16),
        meeting_type=kind,
        advisor_ids=_advisor_ids(given.advisor, given.page),
        starts_at=given.start,
        place=given.place or Place(kind.places[0]),
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
    return {**_booking(booked.booking), "manageUrl": booking_url(settings, booked.token)}, 201


def _move(token: str, given: MoveIn) -> Answer:
    shown = _booking_of(token)
    try:
        booking.move(
            db.session, shown, given.start, actor=VISITOR, settings=current.settings(), now=clock.now()
        )
    except SlotTaken as taken:
        raise _taken(taken) from None
    except (booking.TooLate, booking.Cancelled):
        raise Problem(410, "This talk can no longer be moved.") from None
    return _booking(shown), 200


def _cancel(token: str, given: CancelIn) -> Answer:
    shown = _booking_of(token)
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
    return _booking(shown), 200


def _booking_of(token: str) -> Booking:
    shown = booking.by_link(db.session, token, now=clock.now())
    if shown is None:
        raise not_found()
    return shown


def _booking(shown: Booking) -> dict[str, Any]:
    return {
        "reference": shown.reference,
        "uid": shown.uid,
        "state": shown.state,
        "start": utc_text(shown.starts_at),
        "end": utc_text(shown.ends_at),
        "advisor": _advisor(shown.advisor),
    }


def _taken(taken: SlotTaken) -> Problem:
    return Problem(409, "This moment is taken.", alternatives=_slots(taken.alternatives))


def _slots(found: Sequence[Slot]) -> list[dict[str, Any]]:
    ids = {host for slot in found for host in slot.hosts}
    slugs = {each.id: each.slug for each in people.active_advisors(db.session) if each.id in ids}
    return [
        {
            "start": utc_text(slot.start),
            "end": utc_text(slot.end),
            "advisors": [slugs[host] for host in slot.hosts if host in slugs],
        }
        for slot in found
    ]


def _advisor_ids(advisor: str | None, page_slug: str | None) -> tuple[int, ...]:
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


def _meeting_type(slug: str) -> MeetingType:
    found = booking.meeting_type_by_slug(db.session, slug)
    if found is None:
        raise not_found()
    return found


def _advisor(advisor: Advisor) -> dict[str, str]:
    role = advisor.role if current.language() == "nl" else advisor.role_en or advisor.role
    return {"slug": advisor.slug, "name": advisor.name, "role": role}


def _name(named: Topic | MeetingType) -> str:
    return named.name if current.language() == "nl" else named.name_en
