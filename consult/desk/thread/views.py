"""One question at the desk: read its thread; answer, note, take, hand over, close and open it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, url_for

from consult import clock
from consult.activity.services import advisor_actor
from consult.contact import services as contact
from consult.contact.models import Enquiry, EnquiryState
from consult.database import db
from consult.desk import services
from consult.desk.guard import Colleague, NotYours, page
from consult.desk.thread import page as enquiry_page
from consult.desk.thread.forms import HandOverForm, NoteForm, ReplyForm
from consult.people.models import Advisor
from consult.web import current

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue


@page("/vragen/<reference>")
def enquiry(who: Colleague, reference: str) -> ResponseReturnValue:
    """The thread with the forms to act, and beside it what to know about who asks."""
    return _show(who, reference)


@page("/vragen/<reference>/antwoord", methods=("POST",), keeps_text=True)
def answer(who: Colleague, reference: str) -> ResponseReturnValue:
    """Answer the visitor by mail."""
    held, advisor = _to_act_on(who, reference)
    form = ReplyForm()
    if not form.validate_on_submit():
        return _show(who, reference, reply=form)
    try:
        contact.reply(
            db.session,
            held,
            advisor,
            form.text.data,
            form_key=form.form_key,
            settings=current.settings(),
            now=clock.now(),
        )
    except contact.NoAddress:
        return _show(who, reference, reply=form, status=409)
    return _done(held)


@page("/vragen/<reference>/notitie", methods=("POST",), keeps_text=True)
def note(who: Colleague, reference: str) -> ResponseReturnValue:
    """Write something down for colleagues."""
    held, advisor = _to_act_on(who, reference)
    form = NoteForm()
    if not form.validate_on_submit():
        return _show(who, reference, note=form)
    contact.add_note(db.session, held, advisor, form.text.data, form_key=form.form_key, now=clock.now())
    return _done(held)


@page("/vragen/<reference>/overdragen", methods=("POST",), keeps_text=True)
def hand_over(who: Colleague, reference: str) -> ResponseReturnValue:
    """Give the question to a colleague, with the reason."""
    held, advisor = _to_act_on(who, reference)
    form = HandOverForm(enquiry_page.receivers(services.colleagues(db.session), held))
    if not form.validate_on_submit():
        return _show(who, reference, handing=form)
    receiver = db.session.get(Advisor, int(form.advisor.data)) or abort(404)
    contact.hand_over(
        db.session,
        held,
        receiver,
        by=advisor,
        why=form.why.data,
        settings=current.settings(),
        now=clock.now(),
    )
    return _done(held)


@page("/vragen/<reference>/oppakken", methods=("POST",))
def take(who: Colleague, reference: str) -> ResponseReturnValue:
    """Take a question that nobody has."""
    held = services.enquiry_held(db.session, reference) or abort(404)
    if who.advisor is None:
        raise NotYours(reference, held.advisor, _href(reference))
    try:
        services.take(db.session, held, who.advisor, why="", settings=current.settings(), now=clock.now())
    except services.AlreadyTaken as situation:
        raise NotYours(reference, situation.owner, _href(reference)) from situation
    return _done(held)


@page("/vragen/<reference>/afronden", methods=("POST",))
def close(who: Colleague, reference: str) -> ResponseReturnValue:
    """The question is dealt with."""
    held, advisor = _to_act_on(who, reference)
    contact.close(db.session, held, actor=advisor_actor(advisor.id), now=clock.now())
    return _done(held)


@page("/vragen/<reference>/heropenen", methods=("POST",))
def reopen(who: Colleague, reference: str) -> ResponseReturnValue:
    """The question is ours again."""
    held, advisor = _to_act_on(who, reference)
    contact.reopen(db.session, held, actor=advisor_actor(advisor.id), now=clock.now())
    return _done(held)


def _to_act_on(who: Colleague, reference: str) -> tuple[Enquiry, Advisor]:
    """The question, held until the end of the transaction, and who acts.

    Raises:
        NotYours: it belongs to somebody else, or to nobody yet.
    """
    held = services.enquiry_held(db.session, reference) or abort(404)
    if who.advisor is None or not who.may_act_for(held.advisor_id):
        raise NotYours(reference, held.advisor, _href(reference))
    return held, who.advisor


def _show(
    who: Colleague,
    reference: str,
    *,
    status: int = 422,
    reply: ReplyForm | None = None,
    note: NoteForm | None = None,
    handing: HandOverForm | None = None,
) -> Response:
    shown = services.enquiry_shown(db.session, reference)
    if shown is None or shown.state == EnquiryState.HELD:
        abort(404)
    sent = next((form for form in (reply, note, handing) if form is not None), None)
    text = enquiry_page.render(db.session, who, shown, reply=reply, note=note, handing=handing, sent=sent)
    return make_response(text, status if sent is not None else 200)


def _done(held: Enquiry) -> ResponseReturnValue:
    db.session.commit()
    return redirect(_href(held.reference), 303)


def _href(reference: str) -> str:
    return url_for("desk.enquiry", reference=reference)
