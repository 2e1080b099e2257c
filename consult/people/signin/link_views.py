"""The pages behind links from mails: choose a password, first or lost, or prove an address; and ask for such a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, redirect, session, url_for

from consult import clock
from consult.database import db
from consult.people.signin import acts, changing_address, forgotten, guarding, links, steps
from consult.people.signin.forms import LostPasswordForm, NewPasswordForm, ProveAddressForm
from consult.people.signin.limits import count_request
from consult.web import current

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.people.accounts import Account

sign_in_links = Blueprint("sign_in_links", __name__, url_prefix="/inloggen")


@sign_in_links.route("/wachtwoord/<token>", methods=["GET", "POST"])
def choose_password(token: str) -> ResponseReturnValue:
    """Choose a first password, or another after an operator took the old one, with a link that works once."""
    account = links.account_behind(db.session, token, now=clock.now()) or abort(404)
    return _choose(account, token)


@sign_in_links.route("/nieuw-wachtwoord/<token>", methods=["GET", "POST"])
def choose_another(token: str) -> ResponseReturnValue:
    """Choose another password after losing it, with a link that works once."""
    account = forgotten.account_behind(db.session, token, now=clock.now()) or abort(404)
    return _choose(account)


@sign_in_links.route("/wachtwoord-kwijt", methods=["GET", "POST"])
def lost_password() -> ResponseReturnValue:
    """Ask for a link by mail; says the same to everybody."""
    form = LostPasswordForm()
    if form.validate_on_submit():
        count_request()
        forgotten.ask(db.session, form.email.data, settings=current.settings(), now=clock.now())
        db.session.commit()
        return redirect(url_for("sign_in_links.link_asked"), 303)
    return steps.page("security/lost-password.html", form)


@sign_in_links.get("/wachtwoord-kwijt/verstuurd")
def link_asked() -> Response:
    """What happens next."""
    return steps.page("security/lost-password-asked.html", LostPasswordForm(formdata=None))


@sign_in_links.route("/adres/<token>", methods=["GET", "POST"])
def prove_address(token: str) -> ResponseReturnValue:
    """Take the new address, by the link that was mailed to it."""
    address = changing_address.pending(db.session, token, now=clock.now()) or abort(404)
    form = ProveAddressForm()
    if form.validate_on_submit():
        settings, now = current.settings(), clock.now()
        account = changing_address.change(db.session, token, settings=settings, now=now) or abort(404)
        acts.record(db.session, account.id, "account.address_changed", now=now)
        db.session.commit()
        return redirect(url_for("own_sign_in.mine", gedaan="nieuw_adres"), 303)
    return steps.page("security/prove-address.html", form, email=address)


@sign_in_links.after_request
def _never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _choose(account: Account, invitation: str | None = None) -> ResponseReturnValue:
    form = NewPasswordForm()
    if form.validate_on_submit() and form.give(account):
        steps.changed(account, "account.password_changed")
        db.session.commit()
        session.clear()
        return redirect(url_for(guarding.LOGIN, gekozen=1), 303)
    return steps.page("security/choose-password.html", form, email=account.email, invitation=invitation)
