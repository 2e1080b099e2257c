"""The steps after a password: the second one, setting it up, and proving once more before what can do great harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for

from consult import clock, extensions
from consult.database import db
from consult.people.signin import acts, guarding, second_step, steps
from consult.people.signin.forms import AgainForm, CodeForm, EnrolForm
from consult.people.signin.limits import count_proof
from consult.people.signin.passkeys import keeping as passkeys
from consult.people.signin.provider import linking
from consult.web import current

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.people.accounts import Account

sign_in_steps = Blueprint("sign_in_steps", __name__, url_prefix="/inloggen")


@sign_in_steps.route("/code", methods=["GET", "POST"])
def second() -> ResponseReturnValue:
    """The second step; who has set up none yet does that now."""
    account = guarding.at_second_step()
    if account is None:
        return guarding.sign_in_first()
    if not steps.has_step(account):
        return redirect(url_for("sign_in_steps.enrol", next=steps.next_page()), 303)
    form = CodeForm()
    if request.method == "POST":
        count_proof(account.id)
    if form.validate_on_submit():
        how = _proof(account, form)
        if how:
            steps.proved(account, how)
            db.session.commit()
            return redirect(steps.next_page(), 303)
        steps.refused(account)
        db.session.commit()
        form.refuse()
    return steps.page("security/second-step.html", form, **_around(account))


@sign_in_steps.route("/telefoon", methods=["GET", "POST"])
def enrol() -> ResponseReturnValue:
    """Set up an app on the telephone: at the first sign-in, or for another telephone by who just proved itself."""
    account = steps.who_may_add()
    if not account:
        return steps.prove_first()
    settings, now = current.settings(), clock.now()
    secret = second_step.new_secret(account, guarding.this_sign_in(), settings)
    form = EnrolForm()
    if request.method == "POST":
        count_proof(account.id)
    if form.validate_on_submit():
        if second_step.enrol(db.session, account, secret, form.code.data or "", settings=settings, now=now):
            codes = second_step.new_recovery_codes(db.session, account)
            steps.changed(account, "account.telephone_set")
            steps.proved(account, "code")
            db.session.commit()
            return render_template("security/recovery-codes.html", codes=codes, next=steps.next_page())
        form.refuse()
    offered = second_step.enrolment(account, secret, settings)
    return steps.page("security/enrol.html", form, offered=offered, **_around(account))


@sign_in_steps.route("/opnieuw", methods=["GET", "POST"])
def again() -> ResponseReturnValue:
    """The password once more, or another proof, before what can do great harm."""
    account = guarding.signed_in(clock.now())
    if account is None:
        return guarding.sign_in_first()
    form = AgainForm()
    if request.method == "POST":
        count_proof(account.id)
    if form.validate_on_submit():
        if account.password and account.verify_and_update_password(_normal(form)):
            steps.proved(account, "password")
            db.session.commit()
            return redirect(steps.next_page(), 303)
        steps.refused(account, "account.proof_refused")
        db.session.commit()
        form.refuse()
    return steps.page("security/again.html", form, **_around(account))


@sign_in_steps.after_request
def _never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@sign_in_steps.app_context_processor
def _passkeys_possible() -> dict[str, bool]:
    """Whether a page may offer passkeys."""
    return {"passkeys_possible": steps.site() is not None}


def _around(account: Account) -> dict[str, object]:
    has_passkey = passkeys.has_any(db.session, account.id)
    issuer = current.settings().oidc_issuer
    is_linked = issuer is not None and linking.link_of(db.session, account, issuer) is not None
    return {
        "next": steps.next_page(),
        "account": account,
        "passkey": has_passkey,
        "provider_linked": is_linked,
    }


def _normal(form: AgainForm) -> str:
    return str(extensions.security.password_util.normalize(form.password.data))


def _proof(account: Account, form: CodeForm) -> str | None:
    """By what this person proved who it is; None when nothing fits."""
    if form.recovery.data:
        if not second_step.accept_recovery(db.session, account, form.recovery.data):
            return None
        acts.record(db.session, account.id, "account.recovery_used", now=clock.now())
        return "recovery"
    settings, now = current.settings(), clock.now()
    accepted = second_step.accept(db.session, account, form.code.data or "", settings=settings, now=now)
    return "code" if accepted else None
