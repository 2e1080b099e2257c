"""Who sends this request: the cookie names a sign-in, and every request looks whether that still stands.

The cookie is signed and tells when it was last used; whether the sign-in was ended, or lasted too long, only the
database tells. Somebody who has only given a password is at the second step, and signed in nowhere yet.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from flask import current_app, g, redirect, request, session, url_for
from flask_security import current_user
from flask_security.utils import get_request_attr, set_request_attr

from consult import clock
from consult.database import db
from consult.people.signin import acts, keeping
from consult.people.signin.passkeys import keeping as passkeys
from consult.web import current
from consult.web.networks import network_of

if TYPE_CHECKING:
    from flask import Flask
    from flask_security.core import UserMixin
    from werkzeug.wrappers import Response

    from consult.people.accounts import Account
    from consult.people.signin.models import SignIn
    from consult.settings import Settings

IDLE = timedelta(minutes=30)
# So long a password alone waits for the second step.
SECOND_STEP = timedelta(minutes=15)
# What can do great harm asks who it is again, after so long.
FRESH = timedelta(minutes=15)
OWN_PARTS = ("/werkplek", "/beheer")
KEY = "sign_in"
LOGIN = "security.login"
# What Flask-Login and Flask-Security need of a session; nothing else survives signing in.
KEPT_AT_SIGN_IN = ("_user_id", "_fresh", "_id", "fs_paa")
# A passkey is two factors by itself: the device, and the finger or code that it asked for. A provider asks its own.
COMPLETE = frozenset({"passkey", "provider"})


def asks_second_step(account: Account, settings: Settings, *, has_passkey: bool = False) -> bool:
    """Whether a password is not enough: who set up a second step is asked for it, and everybody where that is required.

    The sample accounts of a demonstration have one password that is told on the screen, and no second step.
    """
    has_step = account.totp_secret is not None or has_passkey
    return has_step or (settings.second_factor and not settings.demo)


def begin_sign_in(_app: Flask, user: UserMixin, authn_via: list[str] | None = None, **_details: Any) -> None:
    """Start with an empty session, so that nothing set before signing in counts after it (ASVS 7.2.4)."""
    account, now = cast("Account", user), clock.now()
    kept = {name: session[name] for name in KEPT_AT_SIGN_IN if name in session}
    session.clear()
    how = (authn_via or ["password"])[0]
    has_passkey = passkeys.has_any(db.session, account.id)
    proved = how in COMPLETE or not asks_second_step(account, current.settings(), has_passkey=has_passkey)
    key = keeping.begin(
        db.session,
        account.id,
        network=network_of(request.remote_addr),
        user_agent=request.headers.get("User-Agent", ""),
        proved=proved,
        now=now,
    )
    if proved:
        acts.record(db.session, account.id, "account.signed_in", now=now, how=how)
    session.update(kept, seen=now.timestamp(), **{KEY: key})


def load_account(uniquifier: str) -> Account | None:
    """The account that the cookie names, when its sign-in still stands (Flask-Login's user loader)."""
    key, now = session.get(KEY), clock.now()
    if not key or now - datetime.fromtimestamp(session.get("seen", 0), UTC) > IDLE:
        return None
    found = keeping.find(db.session, key, uniquifier, now=now)
    if found is None:
        return None
    account, g.sign_in = found
    if g.sign_in.proved_at is None and now - g.sign_in.created_at > SECOND_STEP:
        return None
    set_request_attr("fs_authn_via", "session")
    return account


def signed_in(now: datetime) -> Account | None:
    """The account of this request; None when nobody is signed in, also no more or not quite."""
    account = _known()
    if account is None:
        if KEY in session:
            session.clear()
        return None
    if this_sign_in().proved_at is None:
        return None
    if now - datetime.fromtimestamp(session["seen"], UTC) > timedelta(minutes=1):
        session["seen"] = now.timestamp()
    if request.method == "POST" and now - this_sign_in().seen_at > timedelta(minutes=1):
        # Stored when the view stores what it does.
        this_sign_in().seen_at = now
    return account


def at_second_step() -> Account | None:
    """The account whose password was given, and whose second step is still to come."""
    account = _known()
    return account if account is not None and this_sign_in().proved_at is None else None


def this_sign_in() -> SignIn:
    """The sign-in of this request; there is one when there is an account."""
    return cast("SignIn", g.sign_in)


def is_fresh(now: datetime) -> bool:
    """Whether somebody proved who it is within a quarter of an hour: asked before what can do great harm."""
    proved_at = this_sign_in().proved_at
    return proved_at is not None and now - proved_at <= FRESH


def prove_again_first(back: str) -> Response:
    """Ask for the password again, and go back to the page at ``back`` afterwards."""
    return redirect(url_for("sign_in_steps.again", next=back), 303)


def sign_in_first() -> Response:
    """Send somebody to the sign-in page, or its second step, and back to this page afterwards."""
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    step = "sign_in_steps.second" if at_second_step() else LOGIN
    return redirect(url_for(step, next=here), 303)


def is_own_page(address: str) -> bool:
    """Whether an address is a page of the desk or the office, on this site."""
    path, _, _query = address.partition("?")
    if not path.startswith(OWN_PARTS) or not address.isprintable() or "\\" in address:
        return False
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(path, "GET")


def _known() -> Account | None:
    if not current_user.is_authenticated or get_request_attr("fs_authn_via") != "session":
        return None
    return cast("Account", current_user._get_current_object())  # noqa: SLF001 (werkzeug's way to open its proxy)
