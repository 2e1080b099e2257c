"""What an advisor decides about a talk: let it stand or not, take another moment or not, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, redirect

from consult import clock
from consult.activity.services import advisor_actor
from consult.booking import approving, proposals
from consult.booking.aftermath import Aftermath, NotYet, record_outcome
from consult.booking.models import Outcome, Proposal
from consult.booking.placing import SlotTaken
from consult.booking.services import Cancelled, TooLate
from consult.database import db
from consult.desk import services
from consult.desk.agenda.talk_forms import OutcomeForm, RefuseForm
from consult.desk.agenda.talk_page import Sent, day_of, href, show, shown_again, to_act_on
from consult.desk.guard import Colleague, page
from consult.web import current

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.booking.models import Booking


@page("/afspraken/<reference>/bevestigen", methods=("POST",))
def approve_booking(who: Colleague, reference: str) -> ResponseReturnValue:
    """Let a talk that waits stand."""
    found, advisor = to_act_on(who, reference)
    try:
        approving.approve(
            db.session,
            found,
            actor=advisor_actor(advisor.id),
            settings=current.settings(),
            now=clock.now(),
        )
    except (Cancelled, TooLate):
        return redirect(href(reference), 303)
    db.session.commit()
    return shown_again(found)


@page("/afspraken/<reference>/weigeren", methods=("POST",), keeps_text=True)
def refuse_booking(who: Colleague, reference: str) -> ResponseReturnValue:
    """Say no to a talk that waits."""
    found, advisor = to_act_on(who, reference)
    form = RefuseForm()
    if not form.validate_on_submit():
        return show(who, reference, Sent(refusing=form))
    try:
        approving.decline(
            db.session,
            found,
            reason=form.reason.data or None,
            actor=advisor_actor(advisor.id),
            settings=current.settings(),
            now=clock.now(),
        )
    except TooLate:
        return redirect(href(reference), 303)
    db.session.commit()
    return shown_again(found)


@page("/afspraken/<reference>/voorstel/<int:number>/aannemen", methods=("POST",))
def accept_proposal(who: Colleague, reference: str, number: int) -> ResponseReturnValue:
    """Move the talk to the moment that was proposed; when that is taken, offer others."""
    found, advisor = to_act_on(who, reference)
    proposal = _proposal(found, number)
    try:
        proposals.accept(
            db.session,
            proposal,
            actor=advisor_actor(advisor.id),
            settings=current.settings(),
            now=clock.now(),
        )
    except SlotTaken as taken:
        return show(who, reference, others=taken.alternatives)
    except (Cancelled, TooLate):
        return redirect(href(reference), 303)
    db.session.commit()
    return shown_again(found)


@page("/afspraken/<reference>/voorstel/<int:number>/afwijzen", methods=("POST",), keeps_text=True)
def decline_proposal(who: Colleague, reference: str, number: int) -> ResponseReturnValue:
    """Let the talk stand where it is."""
    found, advisor = to_act_on(who, reference)
    proposal = _proposal(found, number)
    form = RefuseForm()
    if not form.validate_on_submit():
        return show(who, reference, Sent(refusing=form))
    proposals.decline(
        db.session,
        proposal,
        reason=form.reason.data or None,
        actor=advisor_actor(advisor.id),
        settings=current.settings(),
        now=clock.now(),
    )
    db.session.commit()
    return shown_again(found)


@page("/afspraken/<reference>/gezien", methods=("POST",))
def see_answers(who: Colleague, reference: str) -> ResponseReturnValue:
    """Deal with a no by letting the talk stand."""
    found, advisor = to_act_on(who, reference)
    services.see_answers(db.session, found, actor=advisor_actor(advisor.id), now=clock.now())
    db.session.commit()
    return shown_again(found)


@page("/afspraken/<reference>/uitkomst", methods=("POST",), keeps_text=True)
def booking_outcome(who: Colleague, reference: str) -> ResponseReturnValue:
    """Say what came of a talk that was."""
    found, advisor = to_act_on(who, reference)
    form = OutcomeForm(day_of(found))
    if not form.validate_on_submit():
        return show(who, reference, Sent(outcome=form))
    said = Aftermath(
        outcome=Outcome(form.outcome.data),
        text=form.text.data or None,
        next_step=form.next_step.data or None,
        follow_up_on=form.follow_up_on.data,
    )
    try:
        record_outcome(db.session, found, said, actor=advisor_actor(advisor.id), now=clock.now())
    except NotYet:
        return redirect(href(reference), 303)
    db.session.commit()
    return redirect(href(reference, bewaard=1), 303)


def _proposal(booking: Booking, number: int) -> Proposal:
    found = db.session.get(Proposal, number)
    return found if found is not None and found.booking_id == booking.id else abort(404)
