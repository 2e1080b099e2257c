"""The texts to answer with again: the own ones, and those for everybody, which coordinators keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, url_for
from flask_babel import gettext

from consult import clock
from consult.contact.writing import saved_replies
from consult.contact.writing.saved_replies import FIELDS
from consult.database import db
from consult.desk.guard import Colleague, page
from consult.desk.thread.forms import SavedReplyForm

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.contact.writing.models import SavedReply


@page("/teksten")
def saved_reply_list(who: Colleague) -> str:
    """All that this advisor can use, each with the way to change it where that is theirs."""
    me = who.advisor or abort(403)
    texts = saved_replies.replies_for(db.session, me.id)
    return render_template("desk/saved_replies.html", texts=texts, may_share=who.coordinator)


@page("/teksten/nieuw", methods=("GET", "POST"), keeps_text=True)
def new_saved_reply(who: Colleague) -> ResponseReturnValue:
    """Write a text to use again."""
    return _edit(who, None)


@page("/teksten/<number>", methods=("GET", "POST"), keeps_text=True)
def saved_reply(who: Colleague, number: str) -> ResponseReturnValue:
    """Change a text."""
    return _edit(who, _own(who, number))


@page("/teksten/<number>/weg", methods=("POST",))
def drop_saved_reply(who: Colleague, number: str) -> ResponseReturnValue:
    """Throw a text away."""
    saved_replies.drop_reply(db.session, _own(who, number))
    db.session.commit()
    return redirect(url_for("desk.saved_reply_list"), 303)


def _edit(who: Colleague, known: SavedReply | None) -> ResponseReturnValue:
    me = who.advisor or abort(403)
    stands = {"title": known.title, "body": known.body, "for_all": known.advisor_id is None} if known else {}
    form = SavedReplyForm(data=stands)
    if not form.validate_on_submit():
        return _page(who, known, form)
    unknown = saved_replies.unknown_fields(form.body.data)
    if unknown:
        names = ", ".join(f"{{{{{name}}}}}" for name in unknown)
        form.body.errors = [gettext("Dit veld bestaat niet: %(names)s.", names=names)]
        return _page(who, known, form)
    owner_id = None if form.for_all.data and who.coordinator else me.id
    title, body, now = form.title.data, form.body.data, clock.now()
    saved_replies.keep_reply(db.session, known, owner_id=owner_id, title=title, body=body, now=now)
    db.session.commit()
    return redirect(url_for("desk.saved_reply_list"), 303)


def _page(who: Colleague, known: SavedReply | None, form: SavedReplyForm) -> Response:
    fields = [f"{{{{{name}}}}}" for name in FIELDS]
    text = render_template(
        "desk/saved_reply.html", form=form, known=known, fields=fields, may_share=who.coordinator
    )
    return make_response(text, 422 if form.errors else 200)


def _own(who: Colleague, number: str) -> SavedReply:
    me = who.advisor or abort(403)
    if not number.isdecimal() or len(number) > 9:
        abort(404)
    try:
        return saved_replies.reply_by_id(db.session, int(number), me.id, any_shared=who.coordinator)
    except saved_replies.NotYours:
        abort(404)
