"""While an answer is written: keep it, look at it as the visitor will, take it back, and see who else is there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import abort, jsonify, render_template, request
from flask_babel import gettext

from consult import clock
from consult.activity.services import account_actor, advisor_actor
from consult.contact import answering, emails
from consult.contact.models import Message
from consult.contact.writing import drafts, presence
from consult.contact.writing.models import DraftKind
from consult.contact.writing.reading import note_reading
from consult.database import db
from consult.desk import services
from consult.desk.guard import Colleague, page
from consult.desk.thread.acting import done, show, to_act_on
from consult.desk.thread.forms import NoteForm, ReplyForm
from consult.desk.thread.newer import newest_entry
from consult.people.signin import signed_in
from consult.web import current, dates
from consult.web.text import LENGTHS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

UNDO_FOR = timedelta(seconds=15)


@page("/vragen/<reference>/voorbeeld", methods=("POST",), keeps_text=True)
def preview(who: Colleague, reference: str) -> ResponseReturnValue:
    """The answer as the visitor will read it, with the way on and the way back."""
    held, _advisor = to_act_on(who, reference)
    form = ReplyForm()
    if not form.validate_on_submit():
        return show(who, reference, sent=form)
    words = emails.answer_words(db.session, held, form.text.data, settings=current.settings())
    return render_template("desk/preview.html", enquiry=held, words=words, form=form)


@page("/vragen/<reference>/concept", methods=("POST",), keeps_text=True)
def keep_draft(who: Colleague, reference: str) -> ResponseReturnValue:
    """Keep what was typed so far; the page's script asks for JSON."""
    held, advisor = to_act_on(who, reference)
    kind = DraftKind.NOTE if request.args.get("soort") == DraftKind.NOTE else DraftKind.REPLY
    form = NoteForm() if kind is DraftKind.NOTE else ReplyForm()
    form.validate_on_submit()
    if form.csrf_token.errors:
        return show(who, reference, sent=form)
    body, now = (form.text.data or "")[: LENGTHS["message"]], clock.now()
    drafts.keep_draft(db.session, held.id, advisor.id, kind, body, now=now)
    db.session.commit()
    if request.accept_mimetypes.best == "application/json":
        return jsonify(kept=gettext("Bewaard om %(time)s", time=_time()))
    return done(reference, "antwoord" if kind is DraftKind.REPLY else "notitie")


@page("/vragen/<reference>/terughalen", methods=("POST",))
def take_back_answer(who: Colleague, reference: str) -> ResponseReturnValue:
    """Undo an answer whose mail has not left; its text is a draft again."""
    held, advisor = to_act_on(who, reference)
    number = request.form.get("bericht", "")
    message = db.session.get(Message, int(number)) if number.isdecimal() and len(number) < 10 else None
    if message is not None and message.enquiry_id != held.id:
        abort(404)
    if message is None:
        return done(reference, "antwoord")
    actor, now = advisor_actor(advisor.id), clock.now()
    try:
        text = answering.take_back(db.session, held, message, actor=actor, now=now)
    except answering.TooLate:
        return show(who, reference, situation=gettext("Te laat: het antwoord is al verstuurd."), status=409)
    drafts.keep_draft(db.session, held.id, advisor.id, DraftKind.REPLY, text, now=now)
    db.session.commit()
    return done(reference, "antwoord")


@page("/vragen/<reference>/aanwezig", methods=("POST",))
def here(who: Colleague, reference: str) -> ResponseReturnValue:
    """The page's script tells that somebody reads or writes, and hears who else does, and whether something came in."""
    shown = services.enquiry_shown(db.session, reference) or abort(404)
    now, gone = clock.now(), request.form.get("weg") == "1"
    if not gone:
        note_reading(db.session, shown.id, _reader(who), zone=current.settings().timezone, now=now)
    if who.advisor is not None and gone:
        presence.left(db.session, shown.id, who.advisor.id)
    elif who.advisor is not None:
        writing = request.form.get("schrijft") == "1"
        presence.seen(db.session, shown.id, who.advisor.id, writing=writing, now=now)
    db.session.commit()
    others = presence.others_at(db.session, shown.id, who.advisor_id, now=now)
    told = [{"name": each.name, "writing": each.writing} for each in others]
    return jsonify(others=told, newest=newest_entry(db.session, shown))


def _reader(who: Colleague) -> str:
    if who.advisor is not None:
        return advisor_actor(who.advisor.id)
    account = signed_in(clock.now())
    return account_actor(account.id if account else 0)


def _time() -> str:
    return dates.zoned_time(clock.now(), current.settings().timezone, current.language())
