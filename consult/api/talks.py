"""What the calls about talks do, over the same services as the pages: keep a moment, plan, move, cancel, repeat."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask_babel import gettext

from consult import clock
from consult.activity.services import VISITOR
from consult.api.naming import advisor_named, meeting_type_named, with_whom
from consult.api.problems import Problem, invalid, not_found
from consult.api.schemas import utc_text
from consult.api.shapes import booking_shape, slot_shapes
from consult.booking import holds
from consult.booking import services as booking
from consult.booking.emails import spared
from consult.booking.forms import NEEDS_LOCATION
from consult.booking.hosts import held_with
from consult.booking.models import MeetingType, Place
from consult.booking.offering import Wish
from consult.booking.placing import NewBooking, NotOffered, SlotTaken
from consult.booking.refusals import why_refused
from consult.contact import services as contact
from consult.database import db
from consult.people import services as people
from consult.web import current
from consult.web.public_urls import booking_url

if TYPE_CHECKING:
    from consult.api.repeats import Answer
    from consult.api.schemas import BookingIn, CancelIn, HoldIn, MoveIn
    from consult.booking.models import Booking


def hold(given: HoldIn) -> Answer:
    """Keep a moment for ten minutes, under a key that the booking then names. The same key keeps another instead.

    Raises:
        Problem: 409 with alternatives when the moment is taken; 404 or 422 for what does not exist.
    """
    kind = meeting_type_named(given.meeting_type)
    ids = _candidates(kind, given.advisor, given.page)
    wish = Wish(kind, ids, current.settings().timezone, together=bool(kind.host_ids))
    key = given.hold or secrets.token_urlsafe(24)
    try:
        until = holds.hold(db.session, wish, given.start, key, now=clock.now())
    except SlotTaken as taken:
        raise _taken(taken) from None
    return {"hold": key, "start": utc_text(given.start), "until": utc_text(until)}, 201


def book(given: BookingIn) -> Answer:
    """Plan a talk; ``notMailed`` names who got enough mail of us that day and is not told of this one.

    Raises:
        Problem: 409 with alternatives when the moment is taken; 404 or 422 for what does not exist or is too much.
    """
    settings = current.settings()
    try:
        booked = booking.book(db.session, _new(given), settings=settings, now=clock.now())
    except SlotTaken as taken:
        raise _taken(taken) from None
    except NotOffered as refused:
        raise Problem(422, why_refused(refused)) from None
    return {
        **booking_shape(booked.booking),
        "manageUrl": booking_url(settings, booked.token),
        "notMailed": spared(db.session, booked.booking),
    }, 201


def move(token: str, given: MoveIn) -> Answer:
    """Give a talk another moment.

    Raises:
        Problem: 409 with alternatives, 410 when it is too late, 404 for a link that opens nothing.
    """
    shown = booking_behind(token)
    try:
        booking.move(
            db.session, shown, given.start, actor=VISITOR, settings=current.settings(), now=clock.now()
        )
    except SlotTaken as taken:
        raise _taken(taken) from None
    except booking.TooLate:
        raise Problem(
            410, gettext("Verzetten kan tot twee uur van tevoren. Bel ons als het niet lukt.")
        ) from None
    except booking.Cancelled:
        raise Problem(410, gettext("Deze afspraak is afgezegd.")) from None
    return booking_shape(shown), 200


def cancel(token: str, given: CancelIn) -> Answer:
    """Cancel a talk; twice is once.

    Raises:
        Problem: 410 when it is over, 404 for a link that opens nothing.
    """
    shown = booking_behind(token)
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
        raise Problem(410, gettext("Deze afspraak is voorbij.")) from None
    return booking_shape(shown), 200


def booking_behind(token: str) -> Booking:
    """The talk that a private link opens; problem 404 when it opens nothing."""
    shown = booking.by_link(db.session, token, now=clock.now())
    if shown is None:
        raise not_found()
    return shown


def _new(given: BookingIn) -> NewBooking:
    kind = meeting_type_named(given.meeting_type)
    topic = people.topic_by_slug(db.session, given.topic) if given.topic else None
    page_shown = contact.page_by_slug(db.session, given.page) if given.page else None
    own = given.email.lower()
    guests = {each.lower(): each for each in given.guests if each.lower() != own}
    return NewBooking(
        form_key=secrets.token_urlsafe(16),
        meeting_type=kind,
        advisor_ids=_candidates(kind, given.advisor, given.page),
        starts_at=given.start,
        place=_place(given, kind),
        name=given.name,
        email=given.email,
        phone=given.phone,
        location=given.location,
        note=given.note,
        organisation=given.organisation,
        topic_id=topic.id if topic else None,
        page_id=page_shown.id if page_shown else None,
        language=current.language(),
        guests=tuple(guests.values()),
        hold_key=given.hold,
    )


def _candidates(kind: MeetingType, advisor: str | None, page: str | None) -> tuple[int, ...]:
    """With whom; problem 422 when this kind of talk is not held with the advisor who is named."""
    named = advisor_named(advisor).id if advisor else None
    if not held_with((kind,), named):
        raise invalid([{"pointer": "/advisor", "detail": gettext("Deze adviseur houdt dit gesprek niet.")}])
    return with_whom(kind, named, page)


def _place(given: BookingIn, kind: MeetingType) -> Place:
    """Where the talk is held; the first place of its kind when none is named."""
    place = given.place or Place(kind.places[0])
    if place not in kind.places:
        raise invalid([{"pointer": "/place", "detail": gettext("Dit gesprek kan niet op die plek.")}])
    if place == Place.PHONE and given.phone is None:
        detail = gettext("Vul uw telefoonnummer in. Wij bellen u.")
        raise invalid([{"pointer": "/phone", "detail": detail}])
    if place in NEEDS_LOCATION and given.location is None:
        raise invalid([{"pointer": "/location", "detail": gettext("Vul in waar wij afspreken.")}])
    return place


def _taken(taken: SlotTaken) -> Problem:
    detail = gettext("Dit moment is niet of niet meer vrij. Kies een ander moment.")
    return Problem(409, detail, alternatives=slot_shapes(taken.alternatives))
