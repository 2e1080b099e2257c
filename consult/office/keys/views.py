"""Keys of programs in the office: the list, a new one that is shown once, and ending one.

For who coordinates and for who runs the machine; both prove who they are first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for

from consult import clock
from consult.activity.services import account_actor, advisor_actor
from consult.database import db
from consult.extensions import csrf
from consult.office.actors import actor_names
from consult.office.guard import coordinator_of
from consult.office.keys.forms import SCOPES, NewKeyForm
from consult.office.views import around
from consult.people.accounts import RoleName
from consult.people.keys.models import ApiKey
from consult.people.keys.services import AlreadyMade, all_keys, end_key, make_key, works
from consult.people.services import active_advisors
from consult.people.signin import guarding
from consult.web import current, dates

if TYPE_CHECKING:
    from datetime import date

    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.people.accounts import Account

api_keys = Blueprint("api_keys", __name__, url_prefix="/beheer/api-sleutels")
KEEPERS = {RoleName.COORDINATOR, RoleName.OPERATOR}
# What can do great harm.
ASKS_AGAIN = frozenset({"api_keys.make", "api_keys.end"})


@api_keys.get("/")
def listed() -> str:
    """Every key there ever was."""
    found, today = all_keys(db.session), _today()
    return render_template(
        "office/keys/list.html",
        keys=[(each, works(each, today=today)) for each in found],
        names=actor_names(db.session, {each.made_by for each in found}),
        words=SCOPES,
        short=_short,
        done=request.args.get("gedaan"),
    )


@api_keys.route("/nieuw", methods=["GET", "POST"])
def make() -> ResponseReturnValue:
    """A new key; its text is shown this once."""
    advisors = [(each.id, each.name) for each in active_advisors(db.session)]
    form = NewKeyForm(advisors, _today())
    if not form.validate_on_submit():
        page = render_template("office/keys/new.html", form=form)
        return make_response(page, 422 if form.errors else 200)
    try:
        made, text = make_key(db.session, form.chosen(), actor=_actor(), now=clock.now())
    except AlreadyMade:
        return redirect(url_for("api_keys.listed", gedaan="gemaakt"), 303)
    db.session.commit()
    return render_template("office/keys/made.html", key=made, text=text)


@api_keys.route("/<int(max=2147483647):number>/beeindigen", methods=["GET", "POST"])
def end(number: int) -> ResponseReturnValue:
    """Ask whether it is meant; then a key opens nothing from now on. Twice is once."""
    if request.method == "GET":
        key = db.session.get(ApiKey, number) or abort(404)
        if not works(key, today=_today()):
            return redirect(url_for("api_keys.listed"), 303)
        return render_template("office/keys/end.html", key=key, used_on=_short(key.used_on))
    key = db.session.get(ApiKey, number, with_for_update={"of": ApiKey}) or abort(404)
    end_key(db.session, key, actor=_actor(), now=clock.now())
    db.session.commit()
    return redirect(url_for("api_keys.listed", gedaan="beeindigd"), 303)


@api_keys.before_request
def _let_in() -> ResponseReturnValue | None:
    now = clock.now()
    account = guarding.signed_in(now)
    if account is None:
        return abort(403) if request.method == "POST" else guarding.sign_in_first()
    if not KEEPERS & {role.name for role in account.roles}:
        abort(403)
    g.account, g.coordinator = account, coordinator_of(account)
    if request.method == "POST":
        csrf.protect()
    if request.endpoint in ASKS_AGAIN and not guarding.is_fresh(now):
        return guarding.prove_again_first(url_for("api_keys.listed"))
    return None


@api_keys.context_processor
def _around() -> dict[str, Any]:
    """The menu of the office for who coordinates; who is signed in, for everybody who is let in."""
    account: Account | None = g.get("account")
    if account is None:
        return {}
    who = {"name": account.email, "photo_href": None}
    return {"signed_in": who, "sign_out_href": url_for("security.logout")} | around()


@api_keys.after_request
def _never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _actor() -> str:
    account: Account = g.account
    return advisor_actor(account.advisor.id) if account.advisor else account_actor(account.id)


def _short(on: date | None) -> str | None:
    return dates.short_day(on, current.language()) if on else None


def _today() -> date:
    return dates.local_date(clock.now(), current.settings().timezone)
