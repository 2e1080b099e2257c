"""The pages that plan talks of a series: from one talk to a rhythm, and on with a series that ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.activity.services import VISITOR
from consult.booking import services
from consult.booking.forms import moment_value
from consult.booking.series import planning as series_planning
from consult.booking.series import services as series_services
from consult.booking.series.forms import ExtendForm, RhythmForm
from consult.booking.series.pages import find_series, how_often, shown_dates
from consult.booking.series.planning import DatesChanged, HasSeries, NewSeries, NotPossible, TooFewFree
from consult.booking.series.rhythm import FEWEST_TALKS
from consult.booking.series.views import series
from consult.database import db
from consult.extensions import limiter
from consult.web import current
from consult.web.limits import limit_posts
from consult.web.private import private

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from werkzeug.wrappers import Response as AnyResponse

    from consult.booking.models import Booking
    from consult.booking.series.dates import Alternative, Dates
    from consult.booking.series.models import TalkSeries
    from consult.booking.series.rhythm import Rhythm

__all__ = ["series"]


@series.route("/reeks/<token>", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["GET"])
@limit_posts("5/hour")
def choose(token: str) -> AnyResponse:
    """From one talk to a series: choose the rhythm, see its dates, plan them. ``token`` opens the talk."""
    now = clock.now()
    booking = services.by_link(db.session, token, now=now) or abort(404)
    if booking.series_id is not None:
        return redirect(url_for("series.own_page", token=token), 303)
    if not series_planning.may_begin(booking):
        abort(404)
    form = RhythmForm(formdata=request.form or request.args)
    form.offer(FEWEST_TALKS)
    rhythm = form.rhythm(booking, now=now)
    if rhythm is None:
        missing = request.method == "POST" or "count" in request.args
        return _ask_rhythm(form, booking, token, missing=missing)
    if form.validate_on_submit():
        return _plan(form, booking, token, rhythm, now=now)
    status = 422 if form.errors else 200
    try:
        found = series_planning.dates_for(db.session, booking, rhythm, settings=current.settings(), now=now)
    except TooFewFree as few:
        return _rhythm_page(form, booking, token, rhythm, few.dates, few.alternatives, status=status)
    return _rhythm_page(form, booking, token, rhythm, found, status=status)


@series.route("/r/<token>/verlengen", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["GET"])
@limit_posts("10/hour")
def extend(token: str) -> AnyResponse:
    """Go on with a series: choose how many talks, see the dates, plan them."""
    shown, now, form = find_series(token), clock.now(), ExtendForm(formdata=request.form or request.args)
    form.offer(1)
    if form.wanted is not None and form.validate_on_submit():
        return _extend(form, shown, token, form.wanted, now=now)
    found = None
    if form.wanted is not None and "count" in request.values:
        found = series_services.more_dates(
            db.session, shown, form.wanted, settings=current.settings(), now=now
        )
    return _extend_page(form, shown, token, found, status=422 if form.errors else 200)


def _plan(form: RhythmForm, booking: Booking, token: str, rhythm: Rhythm, *, now: datetime) -> AnyResponse:
    new = NewSeries(form_key=form.form_key, rhythm=rhythm, mark=form.mark.data or None)
    try:
        planned = series_planning.plan(
            db.session, booking, new, actor=VISITOR, settings=current.settings(), now=now
        )
    except TooFewFree as few:
        db.session.rollback()
        return _rhythm_page(form, booking, token, rhythm, few.dates, few.alternatives, status=409)
    except DatesChanged as changed:
        db.session.rollback()
        return _rhythm_page(form, booking, token, rhythm, changed.dates, status=409)
    except HasSeries:
        db.session.rollback()
        form.form_errors.append(
            gettext("U heeft al een reeks gesprekken. Ga daarmee door of stop die eerst.")
        )
        return _ask_rhythm(form, booking, token, status=409)
    except NotPossible:
        db.session.rollback()
        return redirect(url_for("booking.own_page", token=token), 303)
    db.session.commit()
    return redirect(url_for("series.own_page", token=planned.token, nieuw=1), 303)


def _extend(form: ExtendForm, shown: TalkSeries, token: str, count: int, *, now: datetime) -> AnyResponse:
    try:
        series_services.extend(
            db.session,
            shown,
            count,
            form_key=form.form_key,
            mark=form.mark.data or None,
            actor=VISITOR,
            settings=current.settings(),
            now=now,
        )
    except (TooFewFree, DatesChanged) as other:
        db.session.rollback()
        return _extend_page(form, shown, token, other.dates, status=409)
    except NotPossible:
        db.session.rollback()
        return redirect(url_for("series.own_page", token=token), 303)
    db.session.commit()
    return redirect(url_for("series.own_page", token=token, nieuw=1), 303)


def _ask_rhythm(
    form: RhythmForm, booking: Booking, token: str, *, missing: bool = False, status: int = 200
) -> Response:
    if missing and not form.until.errors:
        form.frequency.errors = [gettext("Kies hoe vaak u elkaar wilt spreken.")]
    page_text = render_template("booking/series-choose.html", booking=booking, token=token, form=form)
    return private(page_text, 422 if missing else status)


def _rhythm_page(
    form: RhythmForm,
    booking: Booking,
    token: str,
    rhythm: Rhythm,
    found: Dates,
    alternatives: Sequence[Alternative] = (),
    *,
    status: int = 200,
) -> Response:
    others = [
        (how_often(rhythm.frequency, each.first, rhythm.zone), moment_value(each.first), each)
        for each in alternatives
    ]
    page_text = render_template(
        "booking/series-choose.html",
        booking=booking,
        token=token,
        form=form,
        rhythm=how_often(rhythm.frequency, rhythm.first, rhythm.zone),
        first=moment_value(rhythm.first),
        dates=shown_dates(found, booking),
        alternatives=others,
        changed=status == 409 and found.enough,
    )
    return private(page_text, status)


def _extend_page(
    form: ExtendForm, shown: TalkSeries, token: str, found: Dates | None, *, status: int
) -> Response:
    page_text = render_template(
        "booking/series-extend.html",
        series=shown,
        token=token,
        form=form,
        rhythm=how_often(shown.frequency, shown.starts_at, shown.zone),
        dates=shown_dates(found, shown.lead) if found is not None else None,
        changed=status == 409,
    )
    return private(page_text, status)
