"""Absence at the desk: plan it, see what it hits, move that in one step, end it early."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.activity.services import SYSTEM, advisor_actor
from consult.database import db
from consult.desk import services
from consult.desk.guard import Colleague, NotYours, page
from consult.desk.schedule import absences
from consult.desk.schedule.absence_forms import AbsenceForm
from consult.people.absences import AlreadyOver, Overlapping, StandInAway, coming
from consult.people.models import Absence, Advisor
from consult.people.services import active_advisors
from consult.web import current, dates

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@page("/afwezig", methods=("GET", "POST"), keeps_text=True)
def absent(who: Colleague) -> ResponseReturnValue:
    """The absences to come, and a form to plan one."""
    form = _form(who)
    if request.method == "POST" and form.validate():
        absence = _planned(who, form)
        if absence is not None:
            db.session.commit()
            return redirect(url_for("desk.absence", number=absence.id), 303)
    everybody = (
        [each.id for each in active_advisors(db.session)] if who.coordinator else [who.advisor_id or 0]
    )
    text = render_template(
        "desk/absences.html",
        form=form,
        listed=coming(db.session, everybody, now=clock.now()),
        over=absences.lately(db.session, who.advisor_id or 0, now=clock.now()),
        for_others=who.coordinator,
    )
    return make_response(text, 422 if form.errors else 200)


@page("/afwezig/<number>")
def absence(who: Colleague, number: str) -> ResponseReturnValue:
    """One absence and what it hits; one that is over, and what was taken over in it."""
    held = _own(who, number)
    if held.ends_at > clock.now():
        return _show(who, held)
    return render_template(
        "desk/absence_over.html",
        absence=held,
        is_mine=held.advisor_id == who.advisor_id,
        person=db.session.get_one(Advisor, held.advisor_id),
        covered=absences.covered(db.session, held),
    )


@page("/afwezig/<number>/overdragen", methods=("POST",))
def move_absence(who: Colleague, number: str) -> ResponseReturnValue:
    """Give everything it hits to the stand-in."""
    held = _still(_own(who, number))
    if who.advisor is None or held.stand_in is None:
        abort(403)
    person = db.session.get_one(Advisor, held.advisor_id)
    why = gettext("%(name)s is afwezig.", name=person.first_name)
    absences.move_all(
        db.session,
        held,
        held.stand_in,
        by=who.advisor,
        why=why,
        settings=current.settings(),
        now=clock.now(),
    )
    db.session.commit()
    return redirect(url_for("desk.absence", number=number, overgedragen=1), 303)


@page("/afwezig/<number>/beeindigen", methods=("POST",))
def end_absence(who: Colleague, number: str) -> ResponseReturnValue:
    """The advisor is back, or does not go."""
    absences.end(db.session, _still(_own(who, number)), actor=_actor(who), now=clock.now())
    db.session.commit()
    return redirect(url_for("desk.absent"), 303)


def _form(who: Colleague) -> AbsenceForm:
    everyone = [(number, name) for number, name, active in services.colleagues(db.session) if active]
    if who.advisor is None and not who.coordinator:
        abort(403)
    return AbsenceForm(everyone, who.advisor_id, for_others=who.coordinator)


def _planned(who: Colleague, form: AbsenceForm) -> Absence | None:
    """The absence, or None with what is wrong at its field."""
    advisor = db.session.get(Advisor, form.advisor_id) or abort(404)
    stand_in = db.session.get(Advisor, form.stand_in_id) if form.stand_in_id else None
    zone, language = current.settings().timezone, current.language()
    try:
        return absences.plan(
            db.session, advisor, form.span(zone), stand_in, actor=_actor(who), now=clock.now()
        )
    except AlreadyOver:
        form.last.errors = [gettext("Deze dagen zijn al voorbij.")]
    except Overlapping as situation:
        since = dates.day(dates.local_date(situation.other.starts_at, zone), language)
        form.first.errors = [gettext("Dit overlapt met de afwezigheid vanaf %(day)s.", day=since)]
    except StandInAway:
        form.stand_in.errors = [gettext("Deze collega kan dan niet waarnemen. Kies een ander.")]
    return None


def _show(who: Colleague, held: Absence) -> str:
    return render_template(
        "desk/absence.html",
        absence=held,
        person=db.session.get_one(Advisor, held.advisor_id),
        hits=absences.hits(db.session, held, now=clock.now()),
        was_moved="overgedragen" in request.args,
        may_move=who.advisor is not None and held.stand_in is not None,
    )


def _own(who: Colleague, number: str) -> Absence:
    """The absence, of who is there or, for a coordinator, of anybody.

    Raises:
        NotYours: it is a colleague's.
    """
    held = db.session.get(Absence, int(number)) if number.isdecimal() and len(number) < 10 else None
    if held is None or held.ends_at <= clock.now() - absences.WORTH_A_LOOK:
        abort(404)
    if not who.coordinator and held.advisor_id != who.advisor_id:
        owner = db.session.get(Advisor, held.advisor_id)
        raise NotYours(gettext("Deze afwezigheid"), owner, url_for("desk.absent"))
    return held


def _still(held: Absence) -> Absence:
    """An absence that is not over: nothing can be done about one that is."""
    return held if held.ends_at > clock.now() else abort(404)


def _actor(who: Colleague) -> str:
    return advisor_actor(who.advisor.id) if who.advisor else SYSTEM
