"""The visitor's pages of group sessions: what it is and how many seats are left, and the own page of a seat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.activity.services import VISITOR
from consult.booking.groups import finding as group_finding
from consult.booking.groups import invites as group_invites
from consult.booking.groups import seats as group_seats
from consult.booking.groups.emails import until
from consult.booking.groups.forms import AcceptSeatForm, GiveUpSeatForm, SeatForm
from consult.booking.groups.models import GroupState, SeatState
from consult.booking.groups.queue import is_open
from consult.booking.groups.seats import Outcome
from consult.database import db
from consult.extensions import limiter
from consult.web import current
from consult.web.limits import limit_posts
from consult.web.private import private
from consult.web.public_urls import seat_url

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from consult.booking.groups.models import GroupSession, Seat

group_sessions = Blueprint("group_sessions", __name__)


@group_sessions.route("/bijeenkomst/<slug>", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["GET"])
@limit_posts("20/hour")
def sign_up(slug: str) -> AnyResponse:
    """What the session is, how many seats are left, and the form to sign up."""
    group, now, form = _group(slug), clock.now(), SeatForm()
    if not form.validate_on_submit():
        return _session_page(group, form, 422 if form.errors else 200)
    try:
        result = group_seats.sign_up(db.session, group.id, form.seat(), settings=current.settings(), now=now)
    except group_seats.SignUpClosed:
        db.session.rollback()
        return _session_page(_group(slug), form, 409)
    db.session.commit()
    if result.outcome == Outcome.FULL:
        return _session_page(group, form, 409)
    waits = 1 if result.outcome == Outcome.WAITING else None
    return redirect(url_for("group_sessions.signed_up", slug=slug, wachtlijst=waits), 303)


@group_sessions.get("/bijeenkomsten")
def every_session() -> str:
    """The sessions that still come, each with the seats that are left."""
    coming = group_finding.upcoming(db.session, now=clock.now())
    return render_template(
        "booking/group-sessions.html", groups=coming, rooms=group_finding.rooms(db.session, coming)
    )


@group_sessions.get("/bijeenkomst/<slug>/aangemeld")
def signed_up(slug: str) -> str:
    """The confirmation. It says the same to everybody, so that nobody learns whose address is known."""
    group = _group(slug)
    return render_template(
        "booking/group-signed-up.html",
        group=group,
        waits="wachtlijst" in request.args,
        place=group_invites.place_line(group, current.language()),
    )


@group_sessions.route("/s/<token>", methods=["GET", "POST"])
@limit_posts("20/hour")
def own_page(token: str) -> AnyResponse:
    """The own page of one who signed up; sending its form takes the seat that is held."""
    seat, now, form = _seat(token), clock.now(), AcceptSeatForm()
    if form.validate_on_submit():
        try:
            group_seats.accept(db.session, seat, settings=current.settings(), now=now)
        except group_seats.OfferOver:
            db.session.rollback()
            form.form_errors.append(gettext("Deze plaats is niet meer vrij."))
            return _own_page(_seat(token), token, form, 409)
        db.session.commit()
        return redirect(url_for("group_sessions.own_page", token=token, nieuw=1), 303)
    return _own_page(seat, token, form, 422 if form.errors else 200)


@group_sessions.get("/s/<token>/bijeenkomst.ics")
def calendar_entry(token: str) -> Response:
    """The session as a file for the calendar of one who has a seat."""
    seat, settings = _seat(token), current.settings()
    group = seat.group_session
    if seat.state != SeatState.CONFIRMED or group.state != GroupState.PLANNED:
        abort(404)
    response = make_response(group_invites.calendar_file(group, seat, settings, seat_url(settings, token)))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="bijeenkomst.ics"'
    response.headers["Cache-Control"] = "no-store"
    return response


@group_sessions.route("/s/<token>/afmelden", methods=["GET", "POST"])
@limit_posts("20/hour")
def give_up(token: str) -> AnyResponse:
    """Ask once more, then give back the seat, the offer or the place in the queue."""
    seat, form = _seat(token), GiveUpSeatForm()
    if not form.validate_on_submit():
        page_text = render_template(
            "booking/group-give-up.html", group=seat.group_session, seat=seat, token=token, form=form
        )
        return private(page_text, 422 if form.errors else 200)
    try:
        group_seats.give_up(db.session, seat, actor=VISITOR, settings=current.settings(), now=clock.now())
    except group_seats.SignUpClosed:
        db.session.rollback()
    else:
        db.session.commit()
    return redirect(url_for("group_sessions.own_page", token=token), 303)


def _session_page(group: GroupSession, form: SeatForm, status: int) -> Response:
    found = group_finding.room(db.session, group)
    open_now = is_open(group, now=clock.now())
    if status == 409:
        form.form_errors.append(
            gettext("Deze bijeenkomst is net vol geraakt.")
            if open_now
            else gettext("Aanmelden kan niet meer.")
        )
    page_text = render_template(
        "booking/group-session.html",
        group=group,
        form=form,
        room=found,
        open_now=open_now,
        full=not found.left and not found.waiting_left,
        place=group_invites.place_line(group, current.language()),
    )
    return make_response(page_text, status)


def _own_page(seat: Seat, token: str, form: AcceptSeatForm, status: int) -> Response:
    group, now = seat.group_session, clock.now()
    waits = seat.state == SeatState.WAITING
    open_now = is_open(group, now=now)
    held = seat.offered_until is not None and now < seat.offered_until
    return private(
        render_template(
            "booking/group-seat.html",
            group=group,
            seat=seat,
            token=token,
            form=form,
            fresh="nieuw" in request.args and seat.state == SeatState.CONFIRMED and open_now,
            place=group_invites.place_line(group, current.language()),
            number=group_finding.place_in_queue(db.session, seat) if waits else None,
            open_now=open_now,
            until=until(seat.offered_until, current.language(), current.settings()),
            offered=seat.state == SeatState.OFFERED and held and open_now,
        ),
        status,
    )


def _group(slug: str) -> GroupSession:
    return group_finding.by_slug(db.session, slug) or abort(404)


def _seat(token: str) -> Seat:
    return group_finding.seat_by_link(db.session, token, now=clock.now()) or abort(404)
