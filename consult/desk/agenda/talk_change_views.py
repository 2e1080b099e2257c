"""What an advisor changes about a talk without moving it: who holds it, where it is, and the series it belongs to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import abort, redirect
from flask_babel import gettext

from consult import clock
from consult.booking import handing_over
from consult.booking.placing import NotOffered
from consult.booking.series import services as series_services
from consult.booking.services import Cancelled, TooLate
from consult.database import db
from consult.desk.agenda.mail_preview import went_back
from consult.desk.agenda.talk_forms import EndSeriesForm
from consult.desk.agenda.talk_page import (
    Sent,
    asked_first,
    by,
    give_form,
    href,
    place_form,
    show,
    shown_again,
    to_act_on,
)
from consult.desk.guard import Colleague, page
from consult.people.models import Advisor
from consult.web import current

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.booking.models import Booking
    from consult.booking.series.models import TalkSeries


@page("/afspraken/<reference>/overdragen", methods=("POST",), keeps_text=True)
def give_booking(who: Colleague, reference: str) -> ResponseReturnValue:
    """Give a talk to a colleague, at the same moment; or show the mail first."""
    found, advisor = to_act_on(who, reference)
    form = give_form(found)
    if went_back() or not form.validate_on_submit():
        return show(who, reference, Sent(giving=form))
    to = db.session.get_one(Advisor, int(form.advisor.data))
    act = partial(
        handing_over.hand_over,
        db.session,
        found,
        to,
        by=advisor,
        why=form.why.data,
        settings=current.settings(),
        now=clock.now(),
    )
    try:
        if asked := asked_first(found, act, gettext("Ja, draag over")):
            return asked
        act()
    except handing_over.NotFree:
        form.advisor.errors = [gettext("Deze collega kan dan niet. Kies een ander, of verzet het gesprek.")]
    except handing_over.LeadsSeries:
        form.advisor.errors = [
            gettext("Dit is het eerste gesprek van een reeks. Dat kunt u niet overdragen.")
        ]
    except (Cancelled, TooLate):
        return redirect(href(reference), 303)
    else:
        db.session.commit()
        return shown_again(found)
    db.session.rollback()
    return show(who, reference, Sent(giving=form))


@page("/afspraken/<reference>/plek", methods=("POST",), keeps_text=True)
def place_booking(who: Colleague, reference: str) -> ResponseReturnValue:
    """Hold a talk somewhere else; or show the mail first."""
    found, advisor = to_act_on(who, reference)
    form = place_form(found)
    if went_back() or not form.validate_on_submit():
        return show(who, reference, Sent(placing=form))
    act = partial(handing_over.change_place, db.session, found, *form.chosen, **by(advisor))
    try:
        if asked := asked_first(found, act, gettext("Ja, verander de plek")):
            return asked
        act()
    except NotOffered:
        form.place.errors = [gettext("Wij hebben geen telefoonnummer van de bezoeker.")]
        return show(who, reference, Sent(placing=form))
    except (Cancelled, TooLate):
        return redirect(href(reference), 303)
    db.session.commit()
    return shown_again(found)


@page("/afspraken/<reference>/reeks/stoppen", methods=("POST",))
def end_series(who: Colleague, reference: str) -> ResponseReturnValue:
    """Let this talk be the last one of its series; or show the mail first."""
    found, advisor = to_act_on(who, reference)
    if went_back():
        return shown_again(found)
    act = partial(series_services.end_after, db.session, _series(found), found, **by(advisor))
    if asked := asked_first(found, act, gettext("Ja, stop na dit gesprek"), kind="danger"):
        return asked
    act()
    db.session.commit()
    return shown_again(found)


@page("/afspraken/<reference>/reeks/afzeggen", methods=("POST",), keeps_text=True)
def cancel_series(who: Colleague, reference: str) -> ResponseReturnValue:
    """Call off every talk of the series that is still to come; or show the mail first."""
    found, advisor = to_act_on(who, reference)
    form = EndSeriesForm()
    if went_back() or not form.validate_on_submit():
        return show(who, reference, Sent(ending=form))
    reason = form.reason.data or None
    act = partial(series_services.cancel_all, db.session, _series(found), reason=reason, **by(advisor))
    if asked := asked_first(found, act, gettext("Ja, zeg de hele reeks af"), kind="danger"):
        return asked
    act()
    db.session.commit()
    return shown_again(found)


def _series(found: Booking) -> TalkSeries:
    return found.series or abort(404)
