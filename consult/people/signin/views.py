"""The pages of signing in: before somebody is in, the second step, and the password by a link from a mail.

What somebody who is in sees of the own sign-ins is in ``own_views``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_wtf.csrf import CSRFError

from consult import clock, extensions
from consult.database import db
from consult.people.signin import guarding, keeping, links, second_step
from consult.people.signin.forms import AgainForm, CodeForm, EnrolForm, NewPasswordForm, SignInForm
from consult.people.signin.limits import count_attempt, count_proof
from consult.people.signin.own_views import own_sign_in
from consult.web import current
from consult.web.forms import stale_form_text

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from consult.people.accounts import Account

LOGOUT = "security.logout"

sign_in_steps = Blueprint("sign_in_steps", __name__, url_prefix="/inloggen")


def init_app(app: Flask) -> None:
    """Register the pages, and what we do round Flask-Security's own two."""
    app.register_blueprint(sign_in_steps)
    app.register_blueprint(own_sign_in)
    app.before_request(_check_sign_in)
    app.after_request(_after_sign_in)


@sign_in_steps.route("/code", methods=["GET", "POST"])
def second() -> ResponseReturnValue:
    """The second step; who has set up none yet does that now."""
    account = guarding.at_second_step()
    if account is None:
        return guarding.sign_in_first()
    if account.totp_secret is None:
        return redirect(url_for("sign_in_steps.enrol", next=_next()), 303)
    form = CodeForm()
    if request.method == "POST":
        count_proof(account.id)
    if form.validate_on_submit():
        if _is_proof(account, form):
            return _proved(_next())
        form.refuse()
    return _page("security/second-step.html", form, next=_next())


@sign_in_steps.route("/telefoon", methods=["GET", "POST"])
def enrol() -> ResponseReturnValue:
    """Set up an app on the telephone: at the first sign-in, or for another telephone by who just proved itself."""
    account = _who_may_enrol()
    if not account:
        return guarding.prove_again_first(request.path) if _is_in() else guarding.sign_in_first()
    settings, now = current.settings(), clock.now()
    secret = second_step.new_secret(account, guarding.this_sign_in(), settings)
    form = EnrolForm()
    if request.method == "POST":
        count_proof(account.id)
    if form.validate_on_submit():
        if second_step.enrol(db.session, account, secret, form.code.data or "", settings=settings, now=now):
            codes = second_step.new_recovery_codes(db.session, account)
            guarding.this_sign_in().proved_at = now
            db.session.commit()
            return render_template("security/recovery-codes.html", codes=codes, next=_next())
        form.refuse()
    offered = second_step.enrolment(account, secret, settings)
    return _page("security/enrol.html", form, next=_next(), offered=offered)


@sign_in_steps.route("/opnieuw", methods=["GET", "POST"])
def again() -> ResponseReturnValue:
    """The password once more, before what can do great harm."""
    account = guarding.signed_in(clock.now())
    if account is None:
        return guarding.sign_in_first()
    form = AgainForm()
    if request.method == "POST":
        count_proof(account.id)
    if form.validate_on_submit():
        typed = extensions.security.password_util.normalize(form.password.data)
        if account.verify_and_update_password(typed):
            return _proved(_next())
        form.refuse()
    return _page("security/again.html", form, next=_next())


@sign_in_steps.route("/wachtwoord/<token>", methods=["GET", "POST"])
def choose_password(token: str) -> ResponseReturnValue:
    """Choose a password, with a link that works once."""
    account = links.account_behind(db.session, token, now=clock.now()) or abort(404)
    form = NewPasswordForm()
    if form.validate_on_submit() and form.give(account):
        db.session.commit()
        session.clear()
        return redirect(url_for(guarding.LOGIN, gekozen=1), 303)
    answer = _page("security/choose-password.html", form, email=account.email)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@sign_in_steps.after_request
def _never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(template: str, form: Any, **context: Any) -> Response:
    return make_response(render_template(template, form=form, **context), 422 if form.errors else 200)


def _next() -> str:
    """Where to go on to: a page of ours, or Vandaag."""
    asked = request.args.get("next", "")
    known = asked == url_for("sign_in_steps.enrol") or guarding.is_own_page(asked)
    return asked if known else "/werkplek/"


def _is_proof(account: Account, form: CodeForm) -> bool:
    if form.recovery.data:
        return second_step.accept_recovery(db.session, account, form.recovery.data)
    settings, now = current.settings(), clock.now()
    return second_step.accept(db.session, account, form.code.data or "", settings=settings, now=now)


def _proved(onward: str) -> ResponseReturnValue:
    guarding.this_sign_in().proved_at = clock.now()
    db.session.commit()
    return redirect(onward, 303)


def _is_in() -> bool:
    return guarding.signed_in(clock.now()) is not None


def _who_may_enrol() -> Account | None:
    half = guarding.at_second_step()
    if half is not None:
        return half if half.totp_secret is None else None
    account = guarding.signed_in(clock.now())
    return account if account is not None and guarding.is_fresh(clock.now()) else None


def _check_sign_in() -> ResponseReturnValue | None:
    """Refuse a stranger's ``next`` and too many attempts; take a stale form kindly."""
    if request.endpoint != guarding.LOGIN:
        return None
    if any(not guarding.is_own_page(address) for address in request.values.getlist("next") if address):
        return abort(400) if request.method == "POST" else redirect(url_for(guarding.LOGIN), 303)
    if request.is_json:
        # The limits look at the fields of a form.
        abort(415)
    if request.method == "POST":
        count_attempt()
        try:
            extensions.csrf.protect()
        except CSRFError:
            form = SignInForm()
            form.form_errors = [str(stale_form_text())]
            return render_template("security/login_user.html", login_user_form=form), 422
    return None


def _after_sign_in(response: Response) -> Response:
    if request.endpoint == LOGOUT and response.status_code == 302:
        if guarding.KEY in session:
            keeping.end_key(db.session, cast("str", session[guarding.KEY]), now=clock.now())
            db.session.commit()
        session.clear()
    if (
        request.endpoint in {guarding.LOGIN, LOGOUT}
        and request.method == "POST"
        and response.status_code == 302
    ):
        response.status_code = 303
    return response
