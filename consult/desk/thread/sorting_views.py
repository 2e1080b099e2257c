"""Keep the pile in order from one question: put off, spam, merge with another, take words out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, redirect, url_for
from flask_babel import gettext

from consult import clock
from consult.activity.services import advisor_actor
from consult.contact.handing_over import AlreadyClosed
from consult.contact.tending import merge_undo, merging, snoozing, spam
from consult.database import db
from consult.desk import services
from consult.desk.guard import Colleague, page
from consult.desk.inbox.moments import start_of_day
from consult.desk.thread.acting import done, show, to_act_on
from consult.desk.thread.forms import MergeForm, RedactForm, SnoozeForm
from consult.privacy.files import scrub
from consult.privacy.redaction import TooShort, redact
from consult.web import current

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@page("/vragen/<reference>/uitstellen", methods=("POST",), keeps_text=True)
def snooze(who: Colleague, reference: str) -> ResponseReturnValue:
    """Take the question out of sight until a day."""
    held, advisor = to_act_on(who, reference)
    form = SnoozeForm()
    if not form.validate_on_submit():
        return show(who, reference, sent=form)
    until = start_of_day(form.until.data, current.settings().timezone)
    try:
        snoozing.snooze(db.session, held, until, actor=advisor_actor(advisor.id), now=clock.now())
    except snoozing.NotToCome:
        form.until.errors = [gettext("Kies een dag die nog komt.")]
        return show(who, reference, sent=form)
    except AlreadyClosed:
        return show(who, reference, sent=form, situation=gettext("Deze vraag is al klaar."), status=409)
    db.session.commit()
    return done(reference)


@page("/vragen/<reference>/wakker", methods=("POST",))
def wake(who: Colleague, reference: str) -> ResponseReturnValue:
    """Have the question in sight again."""
    held, advisor = to_act_on(who, reference)
    snoozing.wake(db.session, held, actor=advisor_actor(advisor.id), now=clock.now())
    db.session.commit()
    return done(reference)


@page("/vragen/<reference>/spam", methods=("POST",))
def mark_spam(who: Colleague, reference: str) -> ResponseReturnValue:
    """This is spam."""
    held, advisor = to_act_on(who, reference)
    spam.mark_spam(db.session, held, actor=advisor_actor(advisor.id), now=clock.now())
    db.session.commit()
    return done(reference)


@page("/vragen/<reference>/geen-spam", methods=("POST",))
def not_spam(who: Colleague, reference: str) -> ResponseReturnValue:
    """It was no spam."""
    held, advisor = to_act_on(who, reference)
    spam.not_spam(db.session, held, actor=advisor_actor(advisor.id), now=clock.now())
    db.session.commit()
    return done(reference)


@page("/vragen/<reference>/samenvoegen", methods=("POST",), keeps_text=True)
def merge(who: Colleague, reference: str) -> ResponseReturnValue:
    """Put this question into another one of the same person."""
    held, advisor = to_act_on(who, reference)
    others = [(each.reference, each.reference) for each in merging.mergeable(db.session, held)]
    form = MergeForm(others)
    if not form.validate_on_submit():
        return show(who, reference, sent=form)
    into = services.enquiry_held(db.session, form.into.data) or abort(404)
    try:
        merging.merge(db.session, held, into, actor=advisor_actor(advisor.id), now=clock.now())
    except (merging.NotTheSamePerson, AlreadyClosed):
        told = gettext("Deze vragen kunnen niet samen. Er is niets veranderd.")
        return show(who, reference, sent=form, situation=told, status=409)
    db.session.commit()
    return redirect(url_for("desk.enquiry", reference=into.reference, samengevoegd=reference), 303)


@page("/vragen/<reference>/losmaken", methods=("POST",))
def unmerge(who: Colleague, reference: str) -> ResponseReturnValue:
    """Two questions again, as before they were merged."""
    held, advisor = to_act_on(who, reference)
    try:
        merge_undo.unmerge(db.session, held, actor=advisor_actor(advisor.id), now=clock.now())
    except merge_undo.CannotBeUndone:
        told = gettext("Deze vraag is niet los te maken. Er is niets veranderd.")
        return show(who, reference, situation=told, status=409)
    db.session.commit()
    return done(reference)


@page("/vragen/<reference>/weglaten", methods=("POST",), keeps_text=True)
def take_out(who: Colleague, reference: str) -> ResponseReturnValue:
    """Take words out of the question wherever they stand, mail that waits and search included."""
    held, advisor = to_act_on(who, reference)
    form = RedactForm()
    if not form.validate_on_submit():
        return show(who, reference, sent=form)
    subject, actor, now = ("enquiry", held.id), advisor_actor(advisor.id), clock.now()
    try:
        places = redact(db.session, subject, form.passage.data, actor=actor, now=now)
    except TooShort:
        form.passage.errors = [gettext("Vul drie tekens of meer in.")]
        return show(who, reference, sent=form)
    if not places:
        form.passage.errors = [gettext("Deze tekst staat niet bij deze vraag.")]
        return show(who, reference, sent=form)
    db.session.commit()
    scrub(db.engine)
    return done(reference)
