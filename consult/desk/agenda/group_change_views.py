"""What a coordinator does to a group session: plan, change, move, call off, another host, seats."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, url_for
from flask_babel import gettext

from consult import clock
from consult.booking.groups import changing, finding, planning
from consult.booking.groups import seats as group_seats
from consult.booking.groups.details import change_details
from consult.booking.groups.hosts import HostsBusy
from consult.booking.groups.models import STANDING, GroupSession, Seat
from consult.database import db
from consult.desk import services
from consult.desk.agenda.group_forms import CallOffForm, NumbersForm, PlanGroupForm, SeatForm, WhenForm
from consult.desk.agenda.group_page import (
    SentGroup,
    about_form,
    by_coordinator,
    group_to_change,
    handouts,
    host_form,
    show_group,
)
from consult.desk.agenda.mail_preview import mail_first, went_back
from consult.desk.guard import Colleague, page
from consult.people.slugs import free_slug
from consult.web import current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Response
    from flask.typing import ResponseReturnValue


@page("/bijeenkomsten/plannen/nieuw", methods=("GET", "POST"), keeps_text=True)
def plan_group(who: Colleague) -> ResponseReturnValue:
    """Plan a session."""
    if not who.coordinator:
        abort(403)
    people = [(number, name) for number, name, active in services.colleagues(db.session) if active]
    form = PlanGroupForm(handouts(), people)
    if form.validate_on_submit():
        try:
            group = planning.create(db.session, _new(form), **by_coordinator(who))
        except HostsBusy as busy:
            db.session.rollback()
            form.hosts.errors = [_busy(busy.advisor_ids)]
        else:
            db.session.commit()
            return redirect(_href(group), 303)
    text = render_template("desk/group-plan.html", form=form)
    return make_response(text, 422 if form.errors else 200)


@page("/bijeenkomsten/<slug>/wijzigen", methods=("POST",), keeps_text=True)
def change_group(who: Colleague, slug: str) -> ResponseReturnValue:
    """Change what the session is."""
    group = group_to_change(who, slug)
    form = about_form(group)
    if went_back() or not form.validate_on_submit():
        return show_group(who, group, SentGroup(about=form), 422 if form.errors else 200)
    act = partial(change_details, db.session, group, form.details, **by_coordinator(who))
    return _done(group, act, gettext("Ja, verander de bijeenkomst"))


@page("/bijeenkomsten/<slug>/aantallen", methods=("POST",), keeps_text=True)
def number_group(who: Colleague, slug: str) -> ResponseReturnValue:
    """Let more or fewer people in."""
    group = group_to_change(who, slug)
    form = NumbersForm()
    if not form.validate_on_submit():
        return show_group(who, group, SentGroup(numbers=form), 422)
    changing.change_numbers(
        db.session,
        group,
        capacity=form.capacity.data,
        waiting_capacity=form.waiting_capacity.data,
        **by_coordinator(who),
    )
    db.session.commit()
    return redirect(_href(group), 303)


@page("/bijeenkomsten/<slug>/verzetten", methods=("GET", "POST"), keeps_text=True)
def move_group(who: Colleague, slug: str) -> ResponseReturnValue:
    """Give the session another time; or show the mail first."""
    group = group_to_change(who, slug)
    form = WhenForm()
    if not went_back() and form.validate_on_submit():
        span = form.span(current.settings().timezone)
        if span.start <= clock.now():
            form.on.errors = [gettext("Dit moment is voorbij.")]
            return _show_move(group, form)
        outside = bool(form.outside_hours.data)
        act = partial(changing.move, db.session, group, span, outside_hours=outside, **by_coordinator(who))
        try:
            return _done(group, act, gettext("Ja, verzet de bijeenkomst"))
        except HostsBusy as busy:
            db.session.rollback()
            form.on.errors = [_busy(busy.advisor_ids)]
    return _show_move(group, form)


@page("/bijeenkomsten/<slug>/afzeggen", methods=("POST",), keeps_text=True)
def cancel_group(who: Colleague, slug: str) -> ResponseReturnValue:
    """Call the session off; or show the mail first."""
    group = group_to_change(who, slug)
    form = CallOffForm()
    if went_back() or not form.validate_on_submit():
        return show_group(who, group, SentGroup(calling_off=form), 422 if form.errors else 200)
    reason = form.reason.data or None
    act = partial(changing.cancel, db.session, group, reason=reason, **by_coordinator(who))
    return _done(group, act, gettext("Ja, zeg de bijeenkomst af"), kind="danger")


@page("/bijeenkomsten/<slug>/gastheer", methods=("POST",), keeps_text=True)
def host_group(who: Colleague, slug: str) -> ResponseReturnValue:
    """Let another advisor host in the place of one who does."""
    group = group_to_change(who, slug)
    form = host_form(group)
    if went_back() or not form.validate_on_submit():
        return show_group(who, group, SentGroup(hosting=form), 422 if form.errors else 200)
    before, after = int(form.before.data), int(form.after.data)
    outside = bool(form.outside_hours.data)
    act = partial(changing.hand_over, db.session, group, before, after, outside_hours=outside)
    try:
        return _done(group, partial(act, **by_coordinator(who)), "")
    except HostsBusy:
        db.session.rollback()
        form.after.errors = [gettext("Deze collega kan dan niet.")]
    return show_group(who, group, SentGroup(hosting=form), 422)


@page("/bijeenkomsten/<slug>/aanmelden", methods=("POST",), keeps_text=True)
def add_seat(who: Colleague, slug: str) -> ResponseReturnValue:
    """Sign somebody up."""
    group = group_to_change(who, slug)
    form = SeatForm()
    if not form.validate_on_submit():
        return show_group(who, group, SentGroup(seating=form), 422)
    try:
        signed = group_seats.sign_up(db.session, group.id, form.seat, **by_coordinator(who))
    except group_seats.SignUpClosed:
        return redirect(_href(group), 303)
    if signed.seat is None:
        form.name.errors = [gettext("Alle plaatsen en de wachtlijst zijn vol.")]
        return show_group(who, group, SentGroup(seating=form), 422)
    db.session.commit()
    return redirect(_href(group), 303)


@page("/bijeenkomsten/<slug>/afmelden/<int:number>", methods=("POST",))
def remove_seat(who: Colleague, slug: str, number: int) -> ResponseReturnValue:
    """Give somebody's seat, or place on the waiting list, back; who waits is offered what comes free."""
    group = group_to_change(who, slug)
    seat = db.session.get(Seat, number)
    if seat is None or seat.group_session_id != group.id:
        abort(404)
    try:
        group_seats.give_up(db.session, seat, **by_coordinator(who))
    except group_seats.SignUpClosed:
        return redirect(_href(group), 303)
    db.session.commit()
    return redirect(_href(group), 303)


def _done(
    group: GroupSession, act: Callable[[], object], button: str, *, kind: str = "primary"
) -> ResponseReturnValue:
    """Do it, or show the mail first that the first one who signed up would get (a host, while nobody did)."""
    first = next(iter(finding.seats(db.session, group, *STANDING)), None)
    reader = (
        (first.name, first.email) if first else (group.hosts[0].advisor.name, group.hosts[0].advisor.email)
    )
    name, address = reader
    try:
        if preview := mail_first(db.session, act, name=name, address=address, button=button, kind=kind):
            return preview
        act()
    except (changing.NotPlanned, changing.AlreadyHost):
        return redirect(_href(group), 303)
    db.session.commit()
    return redirect(_href(group), 303)


def _new(form: PlanGroupForm) -> planning.NewGroupSession:
    details, span = form.details, form.span(current.settings().timezone)
    return planning.NewGroupSession(
        slug=free_slug(db.session, GroupSession.slug, details.title),
        title=details.title,
        title_en=details.title_en,
        description=details.description,
        description_en=details.description_en,
        starts_at=span.start,
        ends_at=span.end,
        host_ids=tuple(int(each) for each in form.hosts.data),
        place=details.place,
        location=details.location,
        conference_url=details.conference_url,
        capacity=form.capacity.data,
        waiting_capacity=form.waiting_capacity.data,
        handout=details.handout,
        handout_title=details.handout_title,
        outside_hours=bool(form.outside_hours.data),
    )


def _busy(advisor_ids: Iterable[int]) -> str:
    names = {number: name for number, name, _active in services.colleagues(db.session)}
    return gettext("%(names)s kan dan niet.", names=", ".join(names[each] for each in advisor_ids))


def _show_move(group: GroupSession, form: WhenForm) -> Response:
    text = render_template("desk/group-move.html", group=group, form=form)
    return make_response(text, 422 if form.errors else 200)


def _href(group: GroupSession) -> str:
    return url_for("desk.group_session", slug=group.slug)
