"""Signing in at the desk and the office: Flask-Security on our accounts, with our words, limits and session.

Refuses to know what a signed-in person may do; the guard of each part of the house decides that.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from flask import abort, current_app, redirect, render_template, request, session, url_for
from flask_login.utils import _user_context_processor as load_account_for_templates
from flask_security import (
    SQLAlchemyUserDatastore,
    current_user,
    hash_password,
    logout_user,
    user_authenticated,
)
from flask_security.utils import get_request_attr
from flask_wtf.csrf import CSRFError
from sqlalchemy import select

from consult import clock, extensions
from consult.database import db
from consult.people import signin_limits
from consult.people.accounts import Account, Role
from consult.people.signin_form import SignInForm
from consult.web.forms import stale_form_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask, Response
    from flask.typing import ResponseReturnValue
    from flask_security.core import UserMixin

    from consult.database import DbSession
    from consult.settings import Settings

SHORTEST_PASSWORD = 12
IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
OWN_PARTS = ("/werkplek", "/beheer")
# What Flask-Login and Flask-Security need of a session; nothing else survives signing in.
KEPT_AT_SIGN_IN = ("_user_id", "_fresh", "_id", "fs_paa")
LOGIN = "security.login"
LOGOUT = "security.logout"


class ShortPassword(ValueError):
    """A password has fewer than ``SHORTEST_PASSWORD`` characters."""


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
    user_authenticated.connect(_begin_session, app)
    app.before_request(_check_sign_in)
    app.after_request(_after_sign_in)


def create_account(
    session: DbSession, email: str, password: str, roles: Iterable[str], *, now: datetime
) -> Account:
    """A new account that can sign in; ``roles`` are values of ``RoleName``. Needs an app context.

    Raises:
        ShortPassword: it has fewer than twelve characters.
    """
    account = Account(email=email.strip().lower(), active=True, created_at=now)
    set_password(account, password)
    account.roles = [_role(session, name) for name in sorted(set(roles))]
    session.add(account)
    session.flush()
    return account


def set_password(account: Account, password: str) -> None:
    """Give an account a password, which ends its sessions. Needs an app context.

    Raises:
        ShortPassword: it has fewer than twelve characters.
    """
    normal = extensions.security.password_util.normalize(password)
    if len(normal) < SHORTEST_PASSWORD:
        raise ShortPassword(f"a password has {SHORTEST_PASSWORD} characters or more")
    account.password = hash_password(normal)
    account.fs_uniquifier = secrets.token_hex(32)


def signed_in(now: datetime) -> Account | None:
    """The account of this request; None when nobody is signed in, or the session was idle or lasted too long."""
    if not current_user.is_authenticated or get_request_attr("fs_authn_via") != "session":
        return None
    since, seen = (_instant(name) for name in ("since", "seen"))
    if now - since > LONGEST or now - seen > IDLE:
        logout_user()
        session.clear()
        return None
    if now - seen > timedelta(minutes=1):
        session["seen"] = now.timestamp()
    return cast("Account", current_user._get_current_object())  # noqa: SLF001 (werkzeug's way to open its proxy)


def sign_in_first() -> Response:
    """Send somebody to the sign-in page, and back to this page afterwards."""
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return cast("Response", redirect(url_for(LOGIN, next=here), 303))


def is_own_page(address: str) -> bool:
    """Whether an address is a page of the desk or the office, on this site."""
    path, _, _query = address.partition("?")
    if not path.startswith(OWN_PARTS) or not address.isprintable() or "\\" in address:
        return False
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(path, "GET")


def _role(session: DbSession, name: str) -> Role:
    role = session.scalar(select(Role).where(Role.name == name))
    if role is None:
        role = Role(name=name)
        session.add(role)
    return role


def _instant(name: str) -> datetime:
    return datetime.fromtimestamp(session.get(name, 0), UTC)


def _begin_session(_app: Flask, user: UserMixin, **_details: Any) -> None:
    """Start with an empty session, so that nothing set before signing in counts after it (ASVS 7.2.4)."""
    del user
    kept = {name: session[name] for name in KEPT_AT_SIGN_IN if name in session}
    session.clear()
    now = clock.now().timestamp()
    session.update(kept, since=now, seen=now)


def _render(template: str, **context: Any) -> ResponseReturnValue:
    form = context.get("login_user_form")
    return render_template(template, **context), 422 if form is not None and form.errors else 200


def _check_sign_in() -> ResponseReturnValue | None:
    """Refuse a stranger's ``next`` and too many attempts; take a stale form kindly."""
    if request.endpoint != LOGIN:
        return None
    if any(not is_own_page(address) for address in request.values.getlist("next") if address):
        return abort(400) if request.method == "POST" else redirect(url_for(LOGIN), 303)
    if request.is_json:
        # The limits look at the fields of a form.
        abort(415)
    if request.method == "POST":
        signin_limits.count_attempt()
        try:
            extensions.csrf.protect()
        except CSRFError:
            form = SignInForm()
            form.form_errors = [str(stale_form_text())]
            return _render("security/login_user.html", login_user_form=form)
    return None


def _after_sign_in(response: Response) -> Response:
    if request.endpoint == LOGOUT and response.status_code == 302:
        session.clear()
    if request.endpoint in {LOGIN, LOGOUT} and request.method == "POST" and response.status_code == 302:
        response.status_code = 303
    return response
