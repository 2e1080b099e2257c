"""Flask-Security's settings, and what of it we leave out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import render_template
from flask_login.utils import _user_context_processor as load_account_for_templates
from flask_security import SQLAlchemyUserDatastore, user_authenticated

from consult import extensions
from consult.database import db
from consult.people.accounts import Account, Role
from consult.people.signin import guarding, views
from consult.people.signin.forms import SignInForm
from consult.people.signin.keeping import LONGEST
from consult.people.signin.passwords import SHORTEST_PASSWORD

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from consult.settings import Settings


def config(settings: Settings) -> dict[str, object]:
    """Flask-Security's part of the configuration."""
    # OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. Tests sign in too often for that.
    memory, passes = (8, 1) if settings.testing else (19456, 2)
    return {
        "SECURITY_LOGIN_URL": "/inloggen",
        "SECURITY_LOGOUT_URL": "/uitloggen",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_POST_LOGIN_VIEW": "/werkplek/",
        "SECURITY_POST_LOGOUT_VIEW": "/inloggen",
        # Neither its scripts nor its "type your password again" page are used.
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_FRESHNESS": timedelta(minutes=-1),
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        # argon2id alone: a second hash keyed with our secret would end every password when the key is renewed.
        "SECURITY_PASSWORD_SINGLE_HASH": True,
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__memory_cost": memory,
            "argon2__time_cost": passes,
            "argon2__parallelism": 1,
        },
        "WTF_CSRF_TIME_LIMIT": int(LONGEST.total_seconds()),
    }


def init_app(app: Flask) -> None:
    """Wire Flask-Security; a page for visitors neither reads nor sets the desk's cookie because of it."""
    security = extensions.security
    security.init_app(
        app,
        SQLAlchemyUserDatastore(db, Account, Role),
        login_form=SignInForm,
        render_template=_render,
    )
    # A program signs in with a key of the API: no tokens are given out for a password.
    security.want_json(lambda _request: False)
    # Flask-Principal and Flask-Login load the account on every request, a visitor's too; our guards ask for it.
    security.principal.identity_loaders.clear()
    app.template_context_processors[None].remove(load_account_for_templates)
    # Nor is there a cookie to be remembered by.
    app.after_request_funcs[None].remove(security.login_manager._update_remember_cookie)  # noqa: SLF001 (no setting for it)
    # Every request looks whether its sign-in still stands.
    security.login_manager.user_loader(guarding.load_account)
    user_authenticated.connect(guarding.begin_sign_in, app)
    views.init_app(app, app.extensions["consult"])


def _render(template: str, **context: Any) -> ResponseReturnValue:
    form = context.get("login_user_form")
    return render_template(template, **context), 422 if form is not None and form.errors else 200
