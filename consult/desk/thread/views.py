"""One question at the desk: read its thread; answer, note, take, close and open it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort
from flask_babel import gettext

from consult import clock
from consult.activity.services import advisor_actor
from consult.contact import services as contact
from consult.contact.writing.drafts import drop_draft
from consult.contact.writing.models import DraftKind
from consult.database import db
from consult.desk import services
from consult.desk.guard import Colleague, NotYours, page
from consult.desk.thread import (
    contact_views,
    moving_views,
    saved_reply_views,
    sorting_views,
    urgent_views,
    writing_views,
)
from consult.desk.thread.acting import done, href, show, to_act_on
from consult.desk.thread.forms import NoteForm, ReplyForm
from consult.desk.thread.newer import newer_by_others
from consult.desk.thread.writing_views import UNDO_FOR
from consult.web import current

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = [
    "contact_views",
    "moving_views",
    "saved_reply_views",
    "sorting_views",
    "urgent_views",
    "writing_views",
]


@page("/vragen/<reference>")
def enquiry(who: Colleague, reference: str) -> ResponseReturnValue:
    """The thread with the forms to act, and beside it what to know about who asks."""
    return show(who, reference)


@page("/vragen/<reference>/antwoord", methods=("POST",), keeps_text=True)
def answer(who: Colleague, reference: str) -> ResponseReturnValue:
    """Answer the visitor by mail; who did not see the newest entry yet reads that first."""
    held, advisor = to_act_on(who, reference)
    form = ReplyForm()
    if not form.validate_on_submit():
        return show(who, reference, sent=form)
    if newer_by_others(db.session, held, form.seen_id, advisor, form_key=form.form_key):
        told = gettext("Er kwam iets bij terwijl u schreef. Lees dat eerst. Uw antwoord staat er nog.")
        return show(who, reference, sent=form, situation=told, status=409)
    text, key, settings = form.text.data, form.form_key, current.settings()
    wait, now = UNDO_FOR, clock.now()
    try:
        contact.reply(db.session, held, advisor, text, form_key=key, wait=wait, settings=settings, now=now)
    except contact.NoAddress:
        return show(who, reference, sent=form, status=409)
    drop_draft(db.session, held.id, advisor.id, DraftKind.REPLY)
    db.session.commit()
    return done(reference)


@page("/vragen/<reference>/notitie", methods=("POST",), keeps_text=True)
def note(who: Colleague, reference: str) -> ResponseReturnValue:
    """Write something down for colleagues."""
    held, advisor = to_act_on(who, reference)
    form = NoteForm()
    if not form.validate_on_submit():
        return show(who, reference, sent=form)
    contact.add_note(db.session, held, advisor, form.text.data, form_key=form.form_key, now=clock.now())
    drop_draft(db.session, held.id, advisor.id, DraftKind.NOTE)
    db.session.commit()
    return done(reference)


@page("/vragen/<reference>/oppakken", methods=("POST",))
def take(who: Colleague, reference: str) -> ResponseReturnValue:
    """Take a question that nobody has."""
    held = services.enquiry_held(db.session, reference) or abort(404)
    if who.advisor is None:
        raise NotYours(reference, held.advisor, href(reference))
    left = held.advisor
    why = gettext("%(name)s werkt hier niet meer.", name=left.name) if left is not None else ""
    try:
        services.take(db.session, held, who.advisor, why=why, settings=current.settings(), now=clock.now())
    except services.AlreadyTaken as situation:
        raise NotYours(reference, situation.owner, href(reference)) from situation
    db.session.commit()
    return done(reference)


@page("/vragen/<reference>/afronden", methods=("POST",))
def close(who: Colleague, reference: str) -> ResponseReturnValue:
    """The question is dealt with."""
    held, advisor = to_act_on(who, reference)
    contact.close(db.session, held, actor=advisor_actor(advisor.id), now=clock.now())
    db.session.commit()
    return done(reference)


@page("/vragen/<reference>/heropenen", methods=("POST",))
def reopen(who: Colleague, reference: str) -> ResponseReturnValue:
    """The question is ours again."""
    held, advisor = to_act_on(who, reference)
    contact.reopen(db.session, held, actor=advisor_actor(advisor.id), now=clock.now())
    db.session.commit()
    return done(reference)
