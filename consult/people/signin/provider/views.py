"""To the provider and back. Both ways stop at a page of ours that goes on by itself, or with one press.

So no form leads straight to another site, which the policy of our pages refuses, and what the provider sends back
by GET changes nothing before it is sent on by POST.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie

from consult import clock
from consult.database import db
from consult.extensions import csrf
from consult.people.signin import guarding, links, steps
from consult.people.signin.limits import count_begin
from consult.people.signin.provider import journeys, linking
from consult.people.signin.provider.discovery import Provider, ProviderAway
from consult.people.signin.provider.journeys import Came, Failure, Goal, JourneyFailed

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.people.accounts import Account
    from consult.settings import Settings

provider_pages = Blueprint("provider", __name__, url_prefix="/inloggen/organisatie")
EXTENSION = "consult.provider"
# Where the browser that left keeps the key of its journey.
LEFT = "provider"
TOLD = ("code", "state", "iss", "error")
log = structlog.get_logger("consult.signin")


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages, and keep what the provider tells of itself."""
    app.extensions[EXTENSION] = Provider.of(settings)
    app.register_blueprint(provider_pages)
    app.jinja_env.globals["provider_name"] = settings.oidc_name if settings.oidc_issuer else None


@provider_pages.post("/heen/<any(in, link, again, invited):goal>")
def leave(goal: str) -> ResponseReturnValue:
    """Begin a journey, and show where it goes."""
    csrf.protect()
    count_begin()
    there, aim, now = _provider(), Goal(goal), clock.now()
    if aim is Goal.LINK and guarding.signed_in(now) and not guarding.is_fresh(now):
        return guarding.prove_again_first(url_for("own_sign_in.mine"))
    account_id, token = _who_leaves(aim), request.form.get("link", "")
    onward = steps.next_page()
    db.session.commit()
    try:
        there.metadata(now)
    except ProviderAway as away:
        return _failed(JourneyFailed(Failure.AWAY, str(away)))
    address, cookie[LEFT] = journeys.begin(
        db.session, there, aim, account_id, next_page=onward, link=token, now=now
    )
    db.session.commit()
    return make_response(render_template("security/provider-leave.html", address=address))


@provider_pages.get("/terug")
def returned() -> Response:
    """What the provider sends a browser back to; goes on by itself."""
    told = {name: request.args.get(name, "") for name in TOLD}
    answer = make_response(render_template("security/provider-back.html", told=told))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@provider_pages.post("/terug")
def arrive() -> ResponseReturnValue:
    """End the journey: sign in, link, or prove."""
    csrf.protect()
    count_begin()
    there, now = _provider(), clock.now()
    told = {name: request.form.get(name, "") for name in TOLD}
    try:
        begun = journeys.came_back(db.session, str(cookie.pop(LEFT, "")), told, now=now)
        db.session.commit()
        return _arrived(there, journeys.finish(there, begun, told, now=now))
    except JourneyFailed as failed:
        db.session.commit()
        return _failed(failed)


@provider_pages.post("/los")
def part() -> ResponseReturnValue:
    """End the link with the own account."""
    account = guarding.signed_in(clock.now()) or abort(403)
    csrf.protect()
    if not guarding.is_fresh(clock.now()):
        return guarding.prove_again_first(url_for("own_sign_in.mine"))
    if linking.part(db.session, account, _provider().issuer):
        steps.changed(account, "account.provider_parted")
    db.session.commit()
    return redirect(url_for("own_sign_in.mine"), 303)


@provider_pages.before_request
def _only_with_provider() -> None:
    if current_app.extensions[EXTENSION] is None:
        abort(404)


@provider_pages.after_request
def _never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _provider() -> Provider:
    there: Provider = current_app.extensions[EXTENSION]
    return there


def _who_leaves(goal: Goal) -> int | None:
    """The account that this journey is of: of who is signed in, or was invited."""
    if goal is Goal.IN:
        return None
    if goal is Goal.INVITED:
        invited = links.account_behind(db.session, request.form.get("link", ""), now=clock.now())
        return (invited or abort(404)).id
    account = guarding.signed_in(clock.now()) or abort(403)
    return account.id


def _arrived(there: Provider, came: Came) -> ResponseReturnValue:
    act = {Goal.IN: _enter, Goal.INVITED: _enter_invited, Goal.LINK: _link, Goal.AGAIN: _prove}[came.goal]
    return act(there, came)


def _enter(there: Provider, came: Came) -> ResponseReturnValue:
    account = linking.account_of(db.session, there.issuer, came.subject)
    if account is None:
        raise JourneyFailed(Failure.UNKNOWN)
    steps.enter(account, "provider")
    db.session.commit()
    return redirect(came.next_page, 303)


def _enter_invited(there: Provider, came: Came) -> ResponseReturnValue:
    account = links.account_behind(db.session, came.link, now=clock.now())
    if account is None or account.id != came.account_id:
        raise JourneyFailed(Failure.STALE, "invitation")
    _link_to(there, account, came)
    account.link_hash = account.link_until = None
    steps.enter(account, "provider")
    db.session.commit()
    return redirect(came.next_page, 303)


def _link(there: Provider, came: Came) -> ResponseReturnValue:
    _link_to(there, _same(came), came)
    db.session.commit()
    return redirect(url_for("own_sign_in.mine", gedaan="gekoppeld"), 303)


def _prove(there: Provider, came: Came) -> ResponseReturnValue:
    account = _same(came)
    if linking.account_of(db.session, there.issuer, came.subject) is not account:
        raise JourneyFailed(Failure.UNKNOWN)
    steps.proved(account, "provider")
    db.session.commit()
    return redirect(came.next_page, 303)


def _same(came: Came) -> Account:
    """Who left, and is still signed in here."""
    account = guarding.signed_in(clock.now())
    if account is None or account.id != came.account_id:
        raise JourneyFailed(Failure.STALE, "sign-in")
    return account


def _link_to(there: Provider, account: Account, came: Came) -> None:
    try:
        if linking.link(db.session, account, there.issuer, came.subject, now=clock.now()):
            steps.changed(account, "account.provider_linked")
    except linking.Taken:
        raise JourneyFailed(Failure.TAKEN) from None


def _failed(failed: JourneyFailed) -> Response:
    log.warning("no sign-in by the provider", why=str(failed.why), detail=failed.detail)
    status = 503 if failed.why is Failure.AWAY else 422
    return make_response(render_template("security/provider-failed.html", why=str(failed.why)), status)
