"""All pages of signing in, and what we do round Flask-Security's own two: the sign-in by password, and signing out.

The steps after a password are in ``step_views``, links from mails in ``link_views``, the own sign-ins in ``own_views``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Response, abort, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError

from consult import clock, extensions
from consult.database import db
from consult.people.signin import acts, guarding, keeping
from consult.people.signin.forms import SignInForm
from consult.people.signin.limits import count_attempt
from consult.people.signin.link_views import sign_in_links
from consult.people.signin.own_views import own_sign_in
from consult.people.signin.passkeys.views import passkeys
from consult.people.signin.provider import views as provider
from consult.people.signin.step_views import sign_in_steps
from consult.web.forms import stale_form_text

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from consult.settings import Settings

LOGOUT = "security.logout"


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages."""
    for blueprint in (sign_in_steps, sign_in_links, own_sign_in, passkeys):
        app.register_blueprint(blueprint)
    provider.init_app(app, settings)
    app.before_request(_check_sign_in)
    app.after_request(_after_sign_in)


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
            account_id = keeping.end_key(db.session, cast("str", session[guarding.KEY]), now=clock.now())
            if account_id:
                acts.record(db.session, account_id, "account.signed_out", now=clock.now())
            db.session.commit()
        session.clear()
    if (
        request.endpoint in {guarding.LOGIN, LOGOUT}
        and request.method == "POST"
        and response.status_code == 302
    ):
        response.status_code = 303
    return response
