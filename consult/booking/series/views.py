"""The visitor's own page of a series: see all talks, move or cancel one, end the series, cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from wtforms.fields import SelectChoice

from consult import clock
from consult.activity.services import VISITOR
from consult.booking import services
from consult.booking.changing_views import Shown, cancel_page, move_page
from consult.booking.invites import place_line
from consult.booking.series import services as series_services
from consult.booking.series.dates import left_out
from consult.booking.series.forms import CancelSeriesForm, EndForm
from consult.booking.series.pages import find_series, how_often, in_words, to_come
from consult.database import db
from consult.web import current, dates
from consult.web.limits import limit_posts
from consult.web.private import private

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from consult.booking.models import Booking

series = Blueprint("series", __name__)


@series.get("/r/<token>")
def own_page(token: str) -> Response:
    """All talks of a series; right after planning it starts with the confirmation."""
    shown, now = find_series(token), clock.now()
    coming = to_come(shown, now)
    page_text = render_template(
        "booking/series.html",
        series=shown,
        token=token,
        talks=sorted(shown.talks, key=lambda talk: talk.starts_at),
        coming=coming,
        movable={talk.id for talk in coming if now < talk.starts_at - services.MOVE_UNTIL},
        rhythm=how_often(shown.frequency, shown.starts_at, shown.zone),
        skipped=in_words(left_out(shown), shown.advisor),
        place=place_line(shown.lead, current.language()),
        fresh="nieuw" in request.args and bool(coming),
    )
    return private(page_text)


@series.route("/r/<token>/<reference>/verzetten", methods=["GET", "POST"])
@limit_posts("30/hour")
def move(token: str, reference: str) -> AnyResponse:
    """Choose another moment for one talk of a series; the others stay where they are."""
    return move_page(Shown(_talk(token, reference), token, of_series=True))


@series.route("/r/<token>/<reference>/afzeggen", methods=["GET", "POST"])
@limit_posts("30/hour")
def cancel_one(token: str, reference: str) -> AnyResponse:
    """Ask once more, then cancel one talk of a series."""
    return cancel_page(Shown(_talk(token, reference), token, of_series=True))


@series.route("/r/<token>/stoppen", methods=["GET", "POST"])
@limit_posts("10/hour")
def end(token: str) -> AnyResponse:
    """Choose the last talk of a series; what comes after it is cancelled."""
    shown, now, form = find_series(token), clock.now(), EndForm()
    coming = to_come(shown, now)
    form.last.choices = [SelectChoice(talk.reference, _moment(talk)) for talk in coming[:-1]]
    if form.validate_on_submit():
        last = next(talk for talk in coming if talk.reference == form.last.data)
        series_services.end_after(
            db.session, shown, last, actor=VISITOR, settings=current.settings(), now=now
        )
        db.session.commit()
        return redirect(url_for("series.own_page", token=token), 303)
    page_text = render_template("booking/series-end.html", series=shown, token=token, form=form)
    return private(page_text, 422 if form.errors else 200)


@series.route("/r/<token>/afzeggen", methods=["GET", "POST"])
@limit_posts("10/hour")
def cancel(token: str) -> AnyResponse:
    """Ask once more, then cancel every talk that is still to come."""
    shown, now, form = find_series(token), clock.now(), CancelSeriesForm()
    if form.validate_on_submit():
        reason = form.reason.data or None
        series_services.cancel_all(
            db.session, shown, reason=reason, actor=VISITOR, settings=current.settings(), now=now
        )
        db.session.commit()
        return redirect(url_for("series.own_page", token=token), 303)
    page_text = render_template(
        "booking/series-cancel.html", series=shown, token=token, form=form, coming=to_come(shown, now)
    )
    return private(page_text, 422 if form.errors else 200)


def _talk(token: str, reference: str) -> Booking:
    """The talk of this series with this number, or a page that does not exist."""
    talks = find_series(token).talks
    return next((talk for talk in talks if talk.reference == reference), None) or abort(404)


def _moment(talk: Booking) -> str:
    zone = current.settings().timezone
    return dates.moment(talk.starts_at, talk.ends_at, zone, current.language())
