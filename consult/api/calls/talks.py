"""Talks: keep a moment, plan, move, cancel; over the same services as the pages."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask_babel import gettext

from consult import clock
from consult.activity.services import VISITOR, advisor_actor
from consult.api.callers import caller
from consult.api.calls.desk_talks import talk_to_act_on
from consult.api.naming import advisor_named, meeting_type_named, others_than, slots_of, with_whom
from consult.api.operations import ACTS, WRITES, call
from consult.api.payloads.bookings import BookingOut, Held, Planned
from consult.api.payloads.sites import Taken
from consult.api.problems import Problem, invalid, not_found
from consult.api.schemas import BookingIn, CancelIn, HoldIn, MoveIn
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
    from collections.abc import Sequence

    from consult.api.operations import Asked
    from consult.availability import Slot
    from consult.booking.models import Booking


@call(
    "POST",
    "/holds",
    tag="visitors",
    body=HoldIn,
    gives=Held,
    status=201,
    limit="60/hour",
    problems=(404, 409),
    conflict=Taken,
)
def create_hold(asked: Asked[HoldIn]) -> Held:
    """Keep a moment for ten minutes, under a key that the booking then names. The same key keeps another instead.

    Raises:
        Problem: 409 with alternatives when the moment is taken; 404 or 422 for what does not exist.
    """
    given = asked.given
    kind = meeting_type_named(given.meeting_type)
    ids = _candidates(kind, given.advisor, given.page)
    wish = Wish(kind, ids, current.settings().timezone, together=bool(kind.host_ids))
    key = given.hold or secrets.token_urlsafe(24)
    try:
        until = holds.hold(db.session, wish, given.start, key, now=clock.now())
    except SlotTaken as taken:
        raise _taken(others_than(wish, given.start, taken, given.page)) from None
    return Held(hold=key, start=given.start, until=until)


def _new(given: BookingIn) -> NewBooking:
    """What is asked for; problem 404 or 422 for what does not exist. What it hangs on is read anew to be booked."""
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


@call(
    "POST",
    "/bookings",
    tag="visitors",
    body=BookingIn,
    looks_up=_new,
    gives=Planned,
    status=201,
    limit="5/hour",
    problems=(404, 409),
    conflict=Taken,
)
def create_booking(asked: Asked[BookingIn]) -> Planned:
    """Plan a talk; ``notMailed`` names who got enough mail of us that day and is not told of this one.

    Raises:
        Problem: 409 with alternatives when the moment is taken; 404 or 422 for what does not exist or is too much.
    """
    settings, new = current.settings(), asked.found
    try:
        booked = booking.book(db.session, new, settings=settings, now=clock.now())
    except SlotTaken as taken:
        wish = new.wish(settings.timezone, VISITOR)
        raise _taken(others_than(wish, new.starts_at, taken, asked.given.page)) from None
    except NotOffered as refused:
        raise Problem(422, why_refused(refused)) from None
    link = booking_url(settings, booked.token)
    return Planned.with_link(booked.booking, link, spared(db.session, booked.booking))


@call(
    "POST",
    "/bookings/<token>/move",
    tag="visitors",
    body=MoveIn,
    gives=BookingOut,
    for_programs=WRITES | ACTS,
    limit="10/hour",
    problems=(404, 409, 410),
    conflict=Taken,
)
def move_booking(asked: Asked[MoveIn], token: str) -> BookingOut:
    """Give a talk another moment, by its private link; or, with a key of scope ``desk``, by its number.

    Raises:
        Problem: 409 with alternatives, 410 when it is too late, 404 for a link that opens nothing.
    """
    shown, actor = _talk_behind(token)
    settings, now = current.settings(), clock.now()
    try:
        booking.move(db.session, shown, asked.given.start, actor=actor, settings=settings, now=now)
    except SlotTaken as taken:
        raise _taken(taken.alternatives) from None
    except booking.TooLate:
        told = gettext("Verzetten kan tot twee uur van tevoren. Bel ons als het niet lukt.")
        if actor != VISITOR:
            told = gettext("Deze afspraak is al begonnen.")
        raise Problem(410, told) from None
    except booking.Cancelled:
        raise Problem(410, gettext("Deze afspraak is afgezegd.")) from None
    return BookingOut.of(shown)


@call(
    "POST",
    "/bookings/<token>/cancel",
    tag="visitors",
    body=CancelIn,
    body_may_be_empty=True,
    gives=BookingOut,
    for_programs=WRITES | ACTS,
    limit="10/hour",
    problems=(404, 410),
)
def cancel_booking(asked: Asked[CancelIn], token: str) -> BookingOut:
    """Cancel a talk, by its private link; or, with a key of scope ``desk``, by its number. Twice is once.

    Raises:
        Problem: 410 when it is over, 404 for a link that opens nothing.
    """
    shown, actor = _talk_behind(token)
    settings, now, reason = current.settings(), clock.now(), asked.given.reason
    try:
        booking.cancel(db.session, shown, reason=reason, actor=actor, settings=settings, now=now)
    except booking.TooLate:
        raise Problem(410, gettext("Deze afspraak is voorbij.")) from None
    return BookingOut.of(shown)


def _talk_behind(token: str) -> tuple[Booking, str]:
    """The talk and who acts: a program by number, a visitor by private link; problem 404 when it opens nothing."""
    shown = booking.by_link(db.session, token, now=clock.now())
    if shown is not None:
        return shown, VISITOR
    known = caller()
    if known is None:
        raise not_found()
    found, advisor = talk_to_act_on(known, token)
    return found, advisor_actor(advisor.id)


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


def _taken(free: Sequence[Slot]) -> Problem:
    detail = gettext("Dit moment is niet of niet meer vrij. Kies een ander moment.")
    others = [each.as_json() for each in slots_of(free)]
    return Problem(409, detail, alternatives=others)
