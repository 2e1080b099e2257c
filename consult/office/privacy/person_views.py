"""One person's data in the office: look up by address or number, hand over a copy, erase.

Whose it is never stands in an address: every step is a form. Each asks who acts again after a while, and is written
in the trail without the address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, make_response, redirect, render_template, request, url_for

from consult import clock
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.privacy.forms import EraseForm, SearchForm, WhoseForm
from consult.office.privacy.words import KEPT
from consult.privacy.erasure import StillToCome, erase_person
from consult.privacy.export import export_person
from consult.privacy.files import scrub
from consult.privacy.kept import Kept, kept_of, look_up
from consult.web import current

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

START = "office.person_data"


@page("/privacy/persoon", methods=("GET", "POST"), keeps_text=True, proved_for=START)
def person_data(who: Coordinator) -> ResponseReturnValue:
    """Whose data; and what there is of it."""
    form = SearchForm()
    if not form.validate_on_submit():
        done = request.args.get("gedaan")
        text = render_template("office/privacy/search.html", form=form, done=done)
        return make_response(text, 422 if form.errors else 200)
    key = form.whose.data
    kept = look_up(db.session, key, actor=who.actor, now=clock.now())
    db.session.commit()
    return _page(key, kept)


@page("/privacy/persoon/kopie", methods=("POST",), proved_for=START)
def export_data(who: Coordinator) -> ResponseReturnValue:
    """Everything of this person, as a file to hand over."""
    key = _copy_form().normal()
    if key is None:
        return redirect(url_for(START), 303)
    copy = export_person(db.session, key, actor=who.actor, settings=current.settings(), now=clock.now())
    db.session.commit()
    answer = Response(copy.as_zip(), content_type="application/zip")
    answer.headers["Content-Disposition"] = "attachment; filename=gegevens.zip"
    return answer


@page("/privacy/persoon/wissen", methods=("POST",), keeps_text=True, proved_for=START)
def erase_data(who: Coordinator) -> ResponseReturnValue:
    """Erase this person for good; what is still to come has to be cancelled first."""
    form, now = _erase_form(), clock.now()
    key = form.normal()
    if key is None:
        abort(400)
    if not form.validate_on_submit():
        return _page(key, kept_of(db.session, key, now=now), form=form, status=422)
    try:
        counts = erase_person(db.session, key, actor=who.actor, now=now, reason=form.reason.data)
    except StillToCome:
        db.session.rollback()
        return _page(key, kept_of(db.session, key, now=now), form=form, status=409)
    db.session.commit()
    scrub(db.engine)
    return redirect(url_for(START, gedaan="gewist" if counts else "niets"), 303)


def _page(key: str, kept: Kept, *, form: EraseForm | None = None, status: int = 200) -> ResponseReturnValue:
    copy, erase = _copy_form(), form or _erase_form()
    copy.whose.data = erase.whose.data = key
    text = render_template(
        "office/privacy/person.html", key=key, kept=kept, copy=copy, form=erase, words=KEPT
    )
    return make_response(text, status)


def _copy_form() -> WhoseForm:
    return WhoseForm(prefix="kopie")


def _erase_form() -> EraseForm:
    return EraseForm(prefix="wis")
