"""The door to what reaches other programs: for who coordinates and for who runs the machine.

Nothing of it is kept by a browser, every act carries the token of the session, and what can do harm asks again who it
is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, g, request, url_for

from consult import clock
from consult.activity.services import account_actor, advisor_actor
from consult.extensions import csrf
from consult.office.guard import coordinator_of
from consult.office.views import around
from consult.people.accounts import RoleName
from consult.people.signin import guarding

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from flask.typing import ResponseReturnValue

    from consult.people.accounts import Account

KEEPERS = {RoleName.COORDINATOR, RoleName.OPERATOR}


def keep(blueprint: Blueprint, *, home: str, asks_again: AbstractSet[str]) -> None:
    """Let only keepers in at ``blueprint``; the endpoints in ``asks_again`` come back at ``home`` after the proof."""

    def let_in() -> ResponseReturnValue | None:
        now = clock.now()
        account = guarding.signed_in(now)
        if account is None:
            return abort(403) if request.method == "POST" else guarding.sign_in_first()
        if not KEEPERS & {role.name for role in account.roles}:
            abort(403)
        g.account, g.coordinator = account, coordinator_of(account)
        if request.method == "POST":
            csrf.protect()
        if request.endpoint in asks_again and not guarding.is_fresh(now):
            return guarding.prove_again_first(url_for(home))
        return None

    blueprint.before_request(let_in)
    blueprint.context_processor(_around)
    blueprint.after_request(_never_keep)


def actor() -> str:
    """Who acts, as the trail names them."""
    account: Account = g.account
    return advisor_actor(account.advisor.id) if account.advisor else account_actor(account.id)


def _around() -> dict[str, Any]:
    """The menu of the office for who coordinates; who is signed in, for everybody who is let in."""
    account: Account | None = g.get("account")
    if account is None:
        return {}
    who = {"name": account.email, "photo_href": None}
    return {"signed_in": who, "sign_out_href": url_for("security.logout")} | around()


def _never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
