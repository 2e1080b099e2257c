"""The visitor's own page of a talk: see it, move it, cancel it, propose another moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.booking import moments, proposals, services
from consult.booking.changing_views import Shown, cancel_page, move_page
from consult.booking.emails import spared
from consult.booking.forms import ProposeForm
from consult.booking.hosts import with_whom
from consult.booking.invites import calendar_file, place_line
from consult.booking.models import BookingState, InviteeRole
from consult.booking.series.planning import may_begin
from consult.database import db
from consult.web import current
from consult.web.limits import limit_posts
from consult.web.private import private
from consult.web.public_urls import booking_url

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from consult.booking.models import Booking

booking = Blueprint("booking", __name__)


@booking.get("/a/<token>")
def own_page(token: str) -> Response:
    """The visitor's own page of a talk; right after booking it starts with the confirmation."""
    shown = _booking(token)
    fresh = "nieuw" in request.args and shown.state != BookingState.CANCELLED
    return private(
        render_template(
            "booking/booking.html",
            booking=shown,
            token=token,
            fresh=fresh,
            unmailed=spared(db.session, shown) if fresh else [],
            place=place_line(shown, current.language()),
            whom=with_whom(shown, current.language()),
            links=moments.calendar_links(shown, current.settings()),
            movable=clock.now() < shown.starts_at - services.MOVE_UNTIL,
            over=clock.now() >= shown.ends_at,
            guests=[each.address for each in shown.invitations if each.role == InviteeRole.GUEST],
            proposed=next(iter(proposals.open_proposals(db.session, shown)), None),
            may_repeat=may_begin(shown),
        )
    )


@booking.get("/a/<token>/afspraak.ics")
def calendar_entry(token: str) -> Response:
    """The talk as a file for the visitor's calendar."""
    shown = _booking(token)
    if shown.state != BookingState.CONFIRMED:
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
    return move_page(Shown(_booking(token), token))


@booking.route("/a/<token>/afzeggen", methods=["GET", "POST"])
@limit_posts("10/hour")
def cancel(token: str) -> AnyResponse:
    """Ask once more, then cancel a talk."""
    return cancel_page(Shown(_booking(token), token))


@booking.route("/a/<token>/voorstellen", methods=["GET", "POST"])
@limit_posts("10/hour")
def propose(token: str) -> AnyResponse:
    """Ask for a moment that is not on offer; the talk stands until the advisor has answered."""
    shown, now = _booking(token), clock.now()
    form = ProposeForm()
    if form.validate_on_submit():
        try:
            proposals.propose(
                db.session,
                shown,
                form.starts_at(current.settings().timezone),
                comment=form.comment.data or None,
                settings=current.settings(),
                now=now,
            )
        except proposals.NotPossible:
            form.day.errors = [gettext("Kies een moment dat nog moet komen, binnen een jaar.")]
        except (services.TooLate, services.Cancelled):
            return redirect(url_for("booking.own_page", token=token), 303)
        else:
            db.session.commit()
            return redirect(url_for("booking.own_page", token=token), 303)
    page_text = render_template("booking/propose.html", shown=Shown(shown, token), form=form)
    return private(page_text, 422 if form.errors else 200)


def _booking(token: str) -> Booking:
    return services.by_link(db.session, token, now=clock.now()) or abort(404)
