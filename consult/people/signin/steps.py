"""What the pages of signing in share: where to go on to, who may add a way in, and what follows on a proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import make_response, redirect, render_template, request, url_for
from flask_security.utils import login_user

from consult import clock
from consult.database import db
from consult.people.signin import acts, guarding, second_step
from consult.people.signin.passkeys import keeping as passkeys
from consult.people.signin.passkeys.ceremony import Site
from consult.web import current

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.people.accounts import Account

# Steps of signing in that come back to a page of ours by themselves.
OWN_STEPS = ("sign_in_steps.enrol", "passkeys.new")


def page(template: str, form: Any, **context: Any) -> Response:
    """A page with a form; 422 when there are mistakes in it."""
    return make_response(render_template(template, form=form, **context), 422 if form.errors else 200)


def next_page() -> str:
    """Where to go on to: a page of ours, or Vandaag."""
    asked = request.values.get("next", "")
    known = asked in {url_for(name) for name in OWN_STEPS} or guarding.is_own_page(asked)
    return asked if known else "/werkplek/"


def enter(account: Account, how: str) -> None:
    """Sign this account in by a way that asks no second step; the caller stores it."""
    login_user(cast("Any", account), remember=False, authn_via=[how])


def proved(account: Account, how: str) -> None:
    """Somebody proved who it is: at the second step, which is now behind, or once more; the caller stores it."""
    now, sign_in = clock.now(), guarding.this_sign_in()
    if sign_in.proved_at is None:
        acts.record(db.session, account.id, "account.signed_in", now=now, how=how)
    sign_in.proved_at = now


def changed(account: Account, what: str) -> None:
    """This account has another way in; its owner hears of it by mail. The caller stores it."""
    acts.changed(db.session, account, what, settings=current.settings(), now=clock.now())


def refused(account: Account, what: str = "account.step_refused") -> None:
    """A proof did not hold; the caller stores it."""
    acts.record(db.session, account.id, what, now=clock.now())


def who_proves() -> Account | None:
    """Who can prove something more: at the second step, or signed in."""
    return guarding.at_second_step() or guarding.signed_in(clock.now())


def who_may_add() -> Account | None:
    """Who may set up a second step: at the first sign-in who has none yet, or who just proved itself."""
    half = guarding.at_second_step()
    if half is not None:
        return half if not has_step(half) else None
    account = guarding.signed_in(clock.now())
    return account if account is not None and guarding.is_fresh(clock.now()) else None


def prove_first() -> ResponseReturnValue:
    """Send who may not add a way in to the page that comes before."""
    is_in = guarding.signed_in(clock.now()) is not None
    return guarding.prove_again_first(request.path) if is_in else guarding.sign_in_first()


def has_step(account: Account) -> bool:
    """Whether this account has a second step of its own."""
    return account.totp_secret is not None or passkeys.has_any(db.session, account.id)


def site() -> Site | None:
    """Who we are to a browser that has passkeys; None where it can have none."""
    return Site.of(current.settings())


def added(account: Account, onward: str) -> ResponseReturnValue:
    """A second step was set up: who has no recovery codes yet is shown them; the caller stores it."""
    how = "password" if guarding.this_sign_in().proved_at is None else ""
    if how:
        proved(account, how)
    if second_step.has_recovery_codes(db.session, account):
        return redirect(onward, 303)
    codes = second_step.new_recovery_codes(db.session, account)
    return make_response(render_template("security/recovery-codes.html", codes=codes, next=onward))
