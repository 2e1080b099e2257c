"""Contact beside the mail: what came of calling back, and a chat that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from consult import clock
from consult.contact.calls import NewCall, NoWindow, record_call
from consult.contact.chats import record_chat
from consult.contact.handing_over import AlreadyClosed
from consult.contact.models import CallResult
from consult.database import db
from consult.desk.guard import Colleague, page
from consult.desk.thread.acting import done, show, to_act_on
from consult.desk.thread.forms import CallForm, ChatForm
from consult.desk.thread.windows import Window, clock_of, window_named
from consult.web import current

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.contact.models import Enquiry

LATER = f"{CallResult.LATER}:"


@page("/vragen/<reference>/gebeld", methods=("POST",), keeps_text=True)
def called(who: Colleague, reference: str) -> ResponseReturnValue:
    """Keep what came of a call: spoken, no answer, or later and when."""
    held, advisor = to_act_on(who, reference)
    form = CallForm()
    if not form.validate_on_submit():
        return show(who, reference, sent=form)
    call = _call(form, held)
    if call is None:
        return show(who, reference, sent=form, situation=gettext("Kies wat er van het bellen kwam."))
    try:
        record_call(db.session, held, advisor, call, settings=current.settings(), now=clock.now())
    except NoWindow:
        told = gettext("Kies een moment dat nog komt, binnen de werktijden van de adviseur.")
        return show(who, reference, sent=form, situation=told)
    except AlreadyClosed:
        return show(who, reference, sent=form, situation=gettext("Deze vraag is al klaar."), status=409)
    db.session.commit()
    return done(reference)


@page("/vragen/<reference>/gesprek", methods=("POST",), keeps_text=True)
def chatted(who: Colleague, reference: str) -> ResponseReturnValue:
    """Keep a chat in the thread."""
    held, advisor = to_act_on(who, reference)
    form = ChatForm()
    if not form.validate_on_submit():
        return show(who, reference, sent=form)
    settings, now = current.settings(), clock.now()
    text, answered, key = form.text.data, form.answered.data, form.form_key
    record_chat(db.session, held, advisor, text, answered=answered, form_key=key, settings=settings, now=now)
    db.session.commit()
    return done(reference)


def _call(form: CallForm, held: Enquiry) -> NewCall | None:
    """The attempt that the pressed button means; of "later" a listed window, or the day that was picked.

    A part of a day in which the advisor does not work is no window: nobody would call.
    """
    result, note = str(form.result.data or ""), form.note.data or None
    if result in {CallResult.SPOKE, CallResult.NO_ANSWER}:
        return NewCall(form_key=form.form_key, result=CallResult(result), note=note)
    if not result.startswith(LATER):
        return None
    window = window_named(result.removeprefix(LATER))
    if window is None and form.day.data is not None:
        window = Window(form.day.data, form.part.data)
    settings = current.settings()
    span = window.span(settings.timezone) if window else None
    working = clock_of(db.session, held, settings=settings, now=clock.now())
    if span is not None and not working.between(span.start, span.end):
        span = None
    return NewCall(form_key=form.form_key, result=CallResult.LATER, note=note, window=span)
