"""The visitor's way to a talk: choose a moment, which is then kept, and say who comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.booking import holds, moments, services
from consult.booking.choosing import Choice, read_choice, was_withdrawn
from consult.booking.forms import BookingForm, ChooseForm, read_moment, with_colleague
from consult.booking.groups import finding as group_finding
from consult.booking.own_views import booking
from consult.booking.placing import NotOffered, SlotTaken, TooMany, Withdrawn, taken
from consult.booking.refusals import why_refused
from consult.booking.series.planning import may_begin
from consult.database import db, looking_only
from consult.extensions import limiter
from consult.web import current, dates
from consult.web.limits import limit_posts

if TYPE_CHECKING:
    from datetime import datetime

    from werkzeug.wrappers import Response as AnyResponse

    from consult.availability import Slot

__all__ = ["booking"]


@booking.route("/afspraak", methods=["GET", "POST"], defaults={"advisor": None})
@booking.route("/afspraak/<advisor>", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["GET"])
@limit_posts("5/hour")
def plan(advisor: str | None) -> AnyResponse:
    """Step 1: the kind of talk and the moment. With a moment chosen, step 2: who comes, where, and what about."""
    now = clock.now()
    moment, colleague = with_colleague(request.form.get("slot"))
    with looking_only():
        choice = read_choice(db.session, colleague or advisor, request.args, now=now)
        form = BookingForm(formdata=request.form or request.args, data=choice.known())
        form.offer(choice.meeting_type, choice.topics, current.language())
        form.slot.data = moment or form.slot.data
        wanted = read_moment(form.slot.data)
        if wanted is None or not choice.is_possible:
            if wanted is not None and request.method == "POST" and was_withdrawn(db.session, request.args):
                return _another_talk(form, colleague or advisor, wanted)
            return _no_moment(choice, missing=request.method == "POST" or "slot" in request.args)
        if not form.validate_on_submit():
            return _second_step(form, choice, wanted, status=422 if form.errors else 200)
        new = choice.booking(form, wanted)
    # The turn to write is asked for from here on only; what the talk hangs on is read anew in that transaction.
    db.session.rollback()
    try:
        booked = services.book(db.session, new, settings=current.settings(), now=now)
    except (SlotTaken, NotOffered) as refused:
        db.session.rollback()
        with looking_only():
            return _refused(form, choice, wanted, refused)
    db.session.commit()
    if choice.in_series and may_begin(booked.booking):
        return redirect(url_for("series.choose", token=booked.token), 303)
    return redirect(url_for("booking.own_page", token=booked.token, nieuw=1), 303)


@booking.post("/afspraak/moment", defaults={"advisor": None})
@booking.post("/afspraak/<advisor>/moment")
@limit_posts("60/hour")
def keep(advisor: str | None) -> AnyResponse:
    """Keep the chosen moment for as long as step 2 takes."""
    now = clock.now()
    moment, colleague = with_colleague(request.form.get("slot"))
    choice = read_choice(db.session, colleague or advisor, request.args, now=now)
    form = ChooseForm()
    form.slot.data = moment
    wanted = read_moment(moment)
    if not choice.is_possible:
        return _no_moment(choice, missing=True)
    if not form.validate_on_submit() or wanted is None:
        return _first_step(choice, form, 422)
    key = choice.hold or form.form_key
    try:
        holds.hold(db.session, choice.wish, wanted, key, now=now)
    except SlotTaken as gone:
        db.session.rollback()
        form.slot.errors = [gettext("Dit moment is net bezet. Kies een ander moment.")]
        return _first_step(choice, form, 409, _others(choice, wanted, gone))
    db.session.commit()
    return redirect(choice.url(slot=moment, hold=key), 303)


def _no_moment(choice: Choice, *, missing: bool) -> Response:
    form = ChooseForm(formdata=None)
    if missing and not choice.is_possible:
        form.slot.errors = [gettext("Dit gesprek kunt u zo niet plannen. Kies een ander gesprek.")]
    elif missing:
        form.slot.errors = [gettext("Kies een moment.")]
    return _first_step(choice, form, 422 if missing else 200)


def _refused(
    form: BookingForm, choice: Choice, wanted: datetime, refused: SlotTaken | NotOffered
) -> Response:
    """The second step once more with what was typed, why it did not go through, and what else there is."""
    if isinstance(refused, SlotTaken):
        form.slot.errors = [
            gettext("Dit moment is net bezet. Kies een ander moment. Uw gegevens staan er nog.")
        ]
        return _second_step(form, choice, wanted, status=409, alternatives=_others(choice, wanted, refused))
    if isinstance(refused, Withdrawn):
        return _another_talk(form, choice.advisor.slug if choice.advisor else None, wanted)
    form.offer(choice.meeting_type, choice.topics, current.language())
    field = form.email if isinstance(refused, TooMany) else form.place
    field.errors = [why_refused(refused)]
    return _second_step(form, choice, wanted, status=422)


def _another_talk(form: BookingForm, advisor: str | None, wanted: datetime) -> Response:
    """The second step with another kind of talk, in place of one that visitors cannot plan any more."""
    now, args = clock.now(), {name: value for name, value in request.args.items() if name != "soort"}
    choice = read_choice(db.session, advisor, args, now=now)
    kind = choice.meeting_type
    form.offer(kind, choice.topics, current.language())
    words = gettext(
        "U kunt dit gesprek niet meer plannen. Kies een moment voor een ander gesprek: %(kind)s. "
        "Uw gegevens staan er nog.",
        kind=kind.name if current.language() == "nl" else kind.name_en,
    )
    form.slot.errors = [words]
    others = taken(db.session, choice.wish, wanted, now=now).alternatives
    return _second_step(form, choice, wanted, status=409, alternatives=others)


def _others(choice: Choice, wanted: datetime, gone: SlotTaken) -> tuple[Slot, ...]:
    """What there is in place of a moment."""
    return choice.in_place_of(db.session, wanted, gone, now=clock.now())


def _held_until(choice: Choice, wanted: datetime) -> str | None:
    """The clock time until which this visitor keeps the moment."""
    if choice.hold is None:
        return None
    until = holds.held_until(db.session, choice.hold, wanted, now=clock.now())
    return dates.zoned_time(until, choice.wish.zone, current.language()) if until else None


def _first_step(
    choice: Choice, form: ChooseForm, status: int, alternatives: tuple[Slot, ...] = ()
) -> Response:
    offered = moments.page_of_moments(db.session, choice, request.args, alternatives, now=clock.now())
    page_text = render_template(
        "booking/choose.html",
        choice=choice,
        offered=offered,
        form=form,
        sessions=group_finding.any_upcoming(db.session, now=clock.now()),
    )
    return make_response(page_text, status)


def _second_step(
    form: BookingForm, choice: Choice, wanted: datetime, *, status: int, alternatives: tuple[Slot, ...] = ()
) -> Response:
    page_text = render_template(
        "booking/details.html",
        form=form,
        held_until=_held_until(choice, wanted),
        choice=choice,
        span=(wanted, wanted + choice.length),
        days=moments.by_day(db.session, alternatives, choice),
        taken=status == 409,
    )
    return make_response(page_text, status)
