"""A question goes to somebody else, or back to who was away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort
from flask_babel import gettext

from consult import clock
from consult.contact import services as contact
from consult.contact.handing_over import AlreadyClosed, SameAdvisor
from consult.contact.teams import NobodyThere
from consult.database import db
from consult.desk import services
from consult.desk.guard import Colleague, NotYours, page
from consult.desk.inbox.bulk import receiver_of
from consult.desk.inbox.forms import receiver_choices
from consult.desk.thread.acting import done, href, show, to_act_on
from consult.desk.thread.forms import HandOverForm
from consult.web import current

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.contact.models import Enquiry


@page("/vragen/<reference>/overdragen", methods=("POST",), keeps_text=True)
def hand_over(who: Colleague, reference: str) -> ResponseReturnValue:
    """Give the question to a colleague or a team, with the reason and what must be known."""
    held, advisor = to_act_on(who, reference)
    form = _form(held)
    if not form.validate_on_submit():
        return show(who, reference, sent=form)
    why, note, settings, now = form.why.data, form.note.data, current.settings(), clock.now()
    try:
        to = receiver_of(db.session, held, form.advisor.data, by=advisor, now=now)
        contact.hand_over(db.session, held, to, by=advisor, why=why, note=note, settings=settings, now=now)
    except NobodyThere:
        told = gettext("In dit team is nu niemand die de vraag kan krijgen. Kies een collega.")
        return show(who, reference, sent=form, situation=told, status=409)
    except (SameAdvisor, AlreadyClosed):
        return show(who, reference, sent=form, situation=gettext("Deze vraag is al klaar."), status=409)
    db.session.commit()
    return done(reference)


@page("/vragen/<reference>/terugnemen", methods=("POST",))
def take_back(who: Colleague, reference: str) -> ResponseReturnValue:
    """Who was away has the question again; the stand-in and the visitor are told. Twice is once."""
    held = services.enquiry_held(db.session, reference) or abort(404)
    me = who.advisor
    if me is not None and held.advisor_id == me.id:
        return done(reference)
    if me is None or held.stand_in_for_id != me.id:
        raise NotYours(reference, held.advisor, href(reference))
    why, settings = gettext("Terug van afwezigheid"), current.settings()
    try:
        contact.hand_over(db.session, held, me, by=me, why=why, settings=settings, now=clock.now())
    except AlreadyClosed:
        return show(who, reference, situation=gettext("Deze vraag is al klaar."), status=409)
    db.session.commit()
    return done(reference)


def _form(held: Enquiry) -> HandOverForm:
    everyone = services.colleagues(db.session)
    people = [(number, name) for number, name, active in everyone if active and number != held.advisor_id]
    return HandOverForm(receiver_choices(people, services.teams(db.session)))
