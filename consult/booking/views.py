"""The visitor's pages for talks: choose a moment, say who comes, and the own page of a talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.activity.services import VISITOR
from consult.booking import moments, services
from consult.booking.choosing import Choice, read_choice
from consult.booking.forms import BookingForm, CancelForm, MoveForm, read_moment
from consult.booking.invites import calendar_file, place_line
from consult.booking.models import BookingState, InviteeRole
from consult.booking.placing import SlotTaken
from consult.database import db
from consult.extensions import limiter
from consult.web import current
from consult.web.limits import limit_posts
from consult.web.public_urls import booking_url

if TYPE_CHECKING:
    from datetime import datetime

    from werkzeug.wrappers import Response as AnyResponse

    from consult.availability import Slot
    from consult.booking.models import Booking

booking = Blueprint("booking", __name__)


@booking.route("/afspraak", methods=["GET", "POST"], defaults={"advisor": None})
@booking.route("/afspraak/<advisor>", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["GET"])
@limit_posts("5/hour")
def plan(advisor: str | None) -> AnyResponse:
    """Step 1: the kind of talk and the moment. With a moment chosen, step 2: who comes, where, and what about."""
    now = clock.now()
    choice = read_choice(db.session, advisor, request.args, now=now)
    form = BookingForm(formdata=request.form or request.args, data=choice.known())
    form.offer(choice.meeting_type, choice.topics, current.language())
    wanted = read_moment(form.slot.data)
    if wanted is None:
        return _first_step(choice, missing=request.method == "POST" or "slot" in request.args)
    if not form.validate_on_submit():
        return _second_step(form, choice, wanted, status=422 if form.errors else 200)
    try:
        booked = services.book(db.session, choice.booking(form, wanted), settings=current.settings(), now=now)
    except SlotTaken as taken:
        db.session.rollback()
        form.slot.errors = [
            gettext("Dit moment is net bezet. Kies een ander moment. Uw gegevens staan er nog.")
        ]
        return _second_step(form, choice, wanted, status=409, alternatives=taken.alternatives)
    db.session.commit()
    return redirect(url_for("booking.own_page", token=booked.token, nieuw=1), 303)


@booking.get("/a/<token>")
def own_page(token: str) -> Response:
    """The visitor's own page of a talk; right after booking it starts with the confirmation."""
    shown = _booking(token)
    return _private(
        render_template(
            "booking/booking.html",
            booking=shown,
            token=token,
            fresh="nieuw" in request.args and shown.state == BookingState.CONFIRMED,
            place=place_line(shown, current.language()),
            links=moments.calendar_links(shown, current.settings()),
            movable=clock.now() < shown.starts_at - services.MOVE_UNTIL,
            over=clock.now() >= shown.ends_at,
        )
    )


@booking.get("/a/<token>/afspraak.ics")
def calendar_entry(token: str) -> Response:
    """The talk as a file for the visitor's calendar."""
    shown = _booking(token)
    if shown.state == BookingState.CANCELLED:
        abort(404)
    visitor = next(each for each in shown.invitations if each.role == InviteeRole.VISITOR)
    settings = current.settings()
    response = make_response(calendar_file(shown, visitor, settings, booking_url(settings, token)))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="afspraak.ics"'
    response.headers["Cache-Control"] = "no-store"
    return response


@booking.route("/a/<token>/verzetten", methods=["GET", "POST"])
@limit_posts("10/hour")
def move(token: str) -> AnyResponse:
    """Choose another moment for a talk."""
    shown, now = _booking(token), clock.now()
    form = MoveForm()
    status = 200
    alternatives: tuple[Slot, ...] = ()
    if form.validate_on_submit():
        try:
            services.move(
                db.session,
                shown,
                read_moment(form.slot.data) or now,
                actor=VISITOR,
                settings=current.settings(),
                now=now,
            )
        except SlotTaken as taken:
            db.session.rollback()
            form.slot.errors = [gettext("Dit moment is net bezet. Kies een ander moment.")]
            status, alternatives = 409, taken.alternatives
        except (services.TooLate, services.Cancelled):
            db.session.rollback()
            return redirect(url_for("booking.own_page", token=token), 303)
        else:
            db.session.commit()
            return redirect(url_for("booking.own_page", token=token, nieuw=1), 303)
    status = 422 if form.errors and status == 200 else status
    offered = moments.page_for_move(db.session, shown, request.args, alternatives, now=now)
    return _private(
        render_template("booking/move.html", booking=shown, token=token, form=form, offered=offered), status
    )


@booking.route("/a/<token>/afzeggen", methods=["GET", "POST"])
@limit_posts("10/hour")
def cancel(token: str) -> AnyResponse:
    """Ask once more, then cancel a talk."""
    shown = _booking(token)
    form = CancelForm()
    if form.validate_on_submit():
        try:
            services.cancel(
                db.session,
                shown,
                reason=form.reason.data or None,
                actor=VISITOR,
                settings=current.settings(),
                now=clock.now(),
            )
        except services.TooLate:
            db.session.rollback()
        else:
            db.session.commit()
        return redirect(url_for("booking.own_page", token=token), 303)
    page_text = render_template("booking/cancel.html", booking=shown, token=token, form=form)
    return _private(page_text, 422 if form.errors else 200)


def _first_step(choice: Choice, *, missing: bool) -> Response:
    form = BookingForm(formdata=None)
    if missing:
        form.slot.errors = [gettext("Kies een moment.")]
    offered = moments.page_of_moments(db.session, choice, request.args, now=clock.now())
    page_text = render_template("booking/choose.html", choice=choice, offered=offered, form=form)
    return make_response(page_text, 422 if missing else 200)


def _second_step(
    form: BookingForm, choice: Choice, wanted: datetime, *, status: int, alternatives: tuple[Slot, ...] = ()
) -> Response:
    page_text = render_template(
        "booking/details.html",
        form=form,
        choice=choice,
        span=(wanted, wanted + choice.length),
        days=moments.by_day(db.session, alternatives, choice),
        taken=status == 409,
    )
    return make_response(page_text, status)


def _booking(token: str) -> Booking:
    return services.by_link(db.session, token, now=clock.now()) or abort(404)


def _private(page_text: str, status: int = 200) -> Response:
    response = make_response(page_text, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
