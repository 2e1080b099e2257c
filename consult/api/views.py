"""The public calls of /api/v1, over the same services as the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request, url_for
from flask_babel import gettext

from consult import clock
from consult.api import calls, talks
from consult.api.naming import advisor_named, meeting_type_named, with_whom
from consult.api.problems import Problem, not_found, problem_response
from consult.api.repeats import Answer, once
from consult.api.schemas import BookingIn, CancelIn, EnquiryIn, HoldIn, MoveIn, SlotsQuery, json_object, read
from consult.api.shapes import advisor_shape, name_in_language, slot_shapes
from consult.booking import services as booking
from consult.booking.offering import Wish, offer
from consult.contact import services as contact
from consult.database import db
from consult.extensions import limiter
from consult.people import services as people
from consult.web import current
from consult.web.limits import limit_posts

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

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
    return jsonify({"advisors": [advisor_shape(each) for each in people.active_advisors(db.session)]})


@api.get("/topics")
def topics() -> Response:
    """What can be asked about."""
    shown = people.active_topics(db.session)
    return jsonify({"topics": [{"slug": each.slug, "name": name_in_language(each)} for each in shown]})


@api.get("/meeting-types")
def meeting_types() -> Response:
    """The kinds of talk."""
    kinds = booking.active_meeting_types(db.session)
    return jsonify(
        {
            "meetingTypes": [
                {
                    "slug": each.slug,
                    "name": name_in_language(each),
                    "minutes": each.minutes,
                    "places": each.places,
                }
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
            "advisors": [advisor_shape(each) for each in people_shown],
            "askUrl": current.settings().base_url + url_for("contact.ask", pagina=slug),
        }
    )


@api.get("/slots")
@limiter.limit("60/minute")
def slots() -> Response:
    """The moments that can be booked on these dates."""
    query = read(SlotsQuery, request.args.to_dict())
    kind = meeting_type_named(query.meeting_type)
    ids = with_whom(kind, advisor_named(query.advisor).id if query.advisor else None, query.page)
    wish = Wish(kind, ids, current.settings().timezone, together=bool(kind.host_ids))
    try:
        found = offer(db.session, wish, query.first, query.last, now=clock.now())
    except ValueError:
        raise Problem(422, gettext("Vraag ten hoogste 62 dagen; 'from' is niet later dan 'to'.")) from None
    response = jsonify({"slots": slot_shapes(found)})
    response.add_etag()
    response.make_conditional(request)
    return response


@api.post("/enquiries")
@limit_posts("20/day;5/hour")
def create_enquiry() -> Response:
    """Ask a question."""
    given = read(EnquiryIn, _body())
    return _answer(lambda: calls.ask(given))


@api.post("/holds")
@limit_posts("60/hour")
def create_hold() -> Response:
    """Keep a moment while somebody fills in the rest."""
    given = read(HoldIn, _body())
    return _answer(lambda: talks.hold(given))


@api.post("/bookings")
@limit_posts("5/hour")
def create_booking() -> Response:
    """Plan a talk."""
    given = read(BookingIn, _body())
    return _answer(lambda: talks.book(given))


@api.post("/bookings/<token>/move")
@limit_posts("10/hour")
def move_booking(token: str) -> Response:
    """Give a talk another moment."""
    given = read(MoveIn, _body())
    return _answer(lambda: talks.move(token, given))


@api.post("/bookings/<token>/cancel")
@limit_posts("10/hour")
def cancel_booking(token: str) -> Response:
    """Cancel a talk."""
    given = read(CancelIn, _body() if request.get_data() else {})
    return _answer(lambda: talks.cancel(token, given))


def _body() -> dict[str, Any]:
    try:
        return json_object(request.get_json(silent=True))
    except RecursionError:
        # Brackets within brackets, deeper than any call of ours; the parser gives up with another exception.
        return json_object(None)


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
