"""Mail that came in and that nobody could act on: a coordinator or operator looks, and puts it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, redirect, render_template, url_for

from consult import clock
from consult.database import db
from consult.desk import mail_words
from consult.desk.guard import Colleague, page
from consult.postbox.models import IncomingMail
from consult.postbox.services import left_for_a_person, seen_by_a_person

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@page("/post-onbekend")
def left_mail(who: Colleague) -> str:
    """What is left, the oldest first."""
    _let_in(who)
    mails = [
        {
            "id": mail.id,
            "sender": mail.sender,
            "received_at": mail.received_at,
            "why": mail_words.left(mail.error),
            "text": mail.text,
        }
        for mail in left_for_a_person(db.session)
    ]
    return render_template("desk/left_mail.html", mails=mails)


@page("/post-onbekend/<int:number>/gezien", methods=("POST",))
def see_left_mail(who: Colleague, number: int) -> ResponseReturnValue:
    """Put one away; twice is once."""
    _let_in(who)
    found = db.session.get(IncomingMail, number) or abort(404)
    seen_by_a_person(found, now=clock.now())
    db.session.commit()
    return redirect(url_for("desk.left_mail"), 303)


def _let_in(who: Colleague) -> None:
    if not who.sees_left_mail:
        abort(403)
