"""The visitor's pages for their own data: ask for the link, take a copy, have everything erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import SubmitField

from consult import clock
from consult.activity.services import VISITOR
from consult.contact import services as contact
from consult.database import db
from consult.privacy import own_data
from consult.privacy.erasure import StillToCome, erase_person
from consult.privacy.export import export_person
from consult.privacy.files import scrub
from consult.web import current
from consult.web.forms import PublicForm
from consult.web.limits import limit_posts
from consult.web.private import private

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

own_data_pages = Blueprint("own_data", __name__)


class WayInForm(PublicForm):
    """Ask for the link."""

    submit = SubmitField(_l("Mail mij de link"))


class CopyForm(PublicForm):
    """Take a copy."""

    submit = SubmitField(_l("Download uw gegevens"))


class EraseForm(PublicForm):
    """Have everything erased."""

    submit = SubmitField(_l("Ja, wis mijn gegevens"))


@own_data_pages.route("/v/<token>/gegevens", methods=["GET", "POST"])
@limit_posts("10/hour")
def ask(token: str) -> AnyResponse:
    """From a question: mail the link to the address that was left there."""
    enquiry = contact.by_link(db.session, token, now=clock.now()) or abort(404)
    form = WayInForm()
    if form.validate_on_submit():
        own_data.mail_way_in(db.session, enquiry, settings=current.settings(), now=clock.now())
        db.session.commit()
        return redirect(url_for("own_data.ask", token=token, verstuurd=1), 303)
    text = render_template(
        "own-data/ask.html", enquiry=enquiry, token=token, form=form, sent="verstuurd" in request.args
    )
    return private(text, 422 if form.errors else 200)


@own_data_pages.route("/gegevens/<token>", methods=["GET", "POST"])
@limit_posts("10/hour")
def show(token: str) -> AnyResponse:
    """What can be done; a copy of everything is a download."""
    address, form = _address(token), CopyForm()
    if not form.validate_on_submit():
        text = render_template("own-data/show.html", address=address, token=token, form=form)
        return private(text, 422 if form.errors else 200)
    copy = export_person(
        db.session, address, actor=VISITOR, settings=current.settings(), now=clock.now()
    ).as_zip()
    db.session.commit()
    answer = make_response(copy)
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = "attachment; filename=gegevens.zip"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@own_data_pages.route("/gegevens/<token>/wissen", methods=["GET", "POST"])
@limit_posts("10/hour")
def erase(token: str) -> AnyResponse:
    """Ask once more, then erase; what is still to come has to be cancelled first."""
    address, form = _address(token), EraseForm()
    if not form.validate_on_submit():
        return _erase_page(address, token, form, 422 if form.errors else 200)
    try:
        erase_person(db.session, address, actor=VISITOR, now=clock.now())
    except StillToCome as situation:
        db.session.rollback()
        return _erase_page(address, token, form, 409, situation)
    db.session.commit()
    scrub(db.engine)
    return redirect(url_for("own_data.erased"), 303)


@own_data_pages.get("/gegevens/gewist")
def erased() -> str:
    """It is done."""
    return render_template("own-data/erased.html")


def _erase_page(
    address: str, token: str, form: EraseForm, status: int, situation: StillToCome | None = None
) -> Response:
    coming = situation.coming if situation else ()
    text = render_template("own-data/erase.html", address=address, token=token, form=form, coming=coming)
    return private(text, status)


def _address(token: str) -> str:
    return own_data.address_behind(db.session, token, now=clock.now()) or abort(404)
