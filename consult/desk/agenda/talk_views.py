"""Talks at the desk: the own list, one talk, and moving or cancelling it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.booking import services as booking_services
from consult.booking.hosts import wish_again
from consult.booking.placing import SlotTaken
from consult.database import db
from consult.desk import items
from consult.desk.agenda import talk_acts, talk_queries
from consult.desk.agenda.mail_preview import went_back
from consult.desk.agenda.own_moment import judge
from consult.desk.agenda.talk_forms import CancelForm, MoveForm
from consult.desk.agenda.talk_page import (
    Sent,
    asked_first,
    by,
    first_days,
    href,
    show,
    shown_again,
    to_act_on,
)
from consult.desk.guard import Colleague, page
from consult.web import current, dates

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.booking.models import Booking

SEARCHED = timedelta(days=13)


@page("/afspraken")
def bookings(who: Colleague) -> str:
    """My talks: coming, or past."""
    is_past = request.args.get("weergave") == "geweest"
    number = max(1, request.args.get("bladzijde", 1, type=int))
    listed = talk_queries.past if is_past else talk_queries.coming
    size = talk_queries.PER_PAGE
    rows = listed(db.session, who, now=clock.now(), offset=(number - 1) * size)
    return render_template(
        "desk/bookings.html",
        is_past=is_past,
        items=[items.talk_item(row, with_day=True, name_advisor=who.advisor is None) for row in rows[:size]],
        previous_href=_list_href(number - 1, is_past=is_past) if number > 1 else None,
        next_href=_list_href(number + 1, is_past=is_past) if len(rows) > size else None,
    )


@page("/afspraken/<reference>")
def booking(who: Colleague, reference: str) -> ResponseReturnValue:
    """One talk: who, when, where, and who has answered the invite."""
    return show(who, reference)


@page("/afspraken/<reference>/afzeggen", methods=("POST",), keeps_text=True)
def cancel_booking(who: Colleague, reference: str) -> ResponseReturnValue:
    """Call a talk off, with a reason; or show the mail first."""
    found, advisor = to_act_on(who, reference)
    form = CancelForm()
    if went_back() or not form.validate_on_submit():
        return show(who, reference, Sent(cancelling=form))
    act = partial(booking_services.cancel, db.session, found, reason=form.reason.data or None, **by(advisor))
    try:
        if asked := asked_first(found, act, gettext("Ja, zeg de afspraak af"), kind="danger"):
            return asked
        act()
    except booking_services.TooLate:
        return redirect(href(reference), 303)
    db.session.commit()
    return shown_again(found)


@page("/afspraken/<reference>/verzetten", methods=("GET", "POST"), keeps_text=True)
def move_booking(who: Colleague, reference: str) -> ResponseReturnValue:
    """Choose another moment out of those that are free, or in person; or show the mail first."""
    found, advisor = to_act_on(who, reference)
    form = MoveForm()
    zone = current.settings().timezone
    starts_at = form.starts_at(zone) if not went_back() and form.validate_on_submit() else None
    if starts_at is None:
        return _show_moments(found, form, 422 if form.errors else 200)
    wish = wish_again(found, zone, urgent=True)
    if form.is_own and not form.agrees(judge(db.session, wish, starts_at, now=clock.now())):
        return _show_moments(found, form, 422)
    act = partial(talk_acts.move, db.session, found, starts_at, form.own_reason, **by(advisor))
    try:
        if asked := asked_first(found, act, gettext("Ja, verzet de afspraak")):
            return asked
        act()
    except SlotTaken:
        db.session.rollback()
        return _show_moments(found, form, 409)
    except (booking_services.Cancelled, booking_services.TooLate):
        return redirect(href(reference), 303)
    db.session.commit()
    return shown_again(found)


def _today() -> date:
    return dates.local_date(clock.now(), current.settings().timezone)


def _first_day(found: Booking) -> date:
    """From which day moments are shown: what the address asks for, else the day of the talk; never the past."""
    day_of_talk = dates.local_date(found.starts_at, current.settings().timezone)
    asked: date = request.args.get("vanaf", day_of_talk, type=date.fromisoformat)
    return min(max(_today(), asked), _today() + timedelta(days=found.meeting_type.horizon_days))


def _show_moments(found: Booking, form: MoveForm, status: int) -> Response:
    first = _first_day(found)
    slots = booking_services.other_moments(
        db.session, found, first, first + SEARCHED, settings=current.settings(), now=clock.now()
    )
    days, last = first_days(slots)
    after = (last or first + SEARCHED) + timedelta(days=1)
    text = render_template(
        "desk/move_booking.html",
        booking=found,
        moment=items.talk_moment(found),
        form=form,
        days=days,
        is_gone=status == 409,
        later_href=_moments_href(found, after),
        earlier_href=_moments_href(found, _today()) if first > _today() else None,
    )
    return make_response(text, status)


def _moments_href(found: Booking, first: date) -> str:
    return url_for("desk.move_booking", reference=found.reference, vanaf=first.isoformat())


def _list_href(number: int, *, is_past: bool) -> str:
    return url_for(
        "desk.bookings", weergave="geweest" if is_past else None, bladzijde=number if number > 1 else None
    )
