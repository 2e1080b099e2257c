"""What somebody sees and does about the own ways in: running sign-ins, the password, the telephone, recovery codes.

For everybody who is signed in, whatever the role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, session, url_for

from consult import clock
from consult.database import db
from consult.extensions import csrf
from consult.people.signin import guarding, keeping, second_step
from consult.people.signin.forms import NewPasswordForm

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.people.accounts import Account

own_sign_in = Blueprint("own_sign_in", __name__, url_prefix="/werkplek/aanmeldingen")
# What can do great harm.
ASKS_AGAIN = frozenset(
    f"own_sign_in.{name}" for name in ("end_one", "end_others", "recovery_codes", "change_password")
)


@own_sign_in.get("/")
def mine() -> str:
    """Where I am signed in, and how I sign in."""
    account: Account = g.account
    return render_template(
        "security/own.html",
        account=account,
        running=keeping.running(db.session, account, now=clock.now()),
        here=guarding.this_sign_in(),
        done=request.args.get("gedaan"),
    )


@own_sign_in.post("/<int:number>/beeindigen")
def end_one(number: int) -> ResponseReturnValue:
    """End one of my sign-ins; another's is not there."""
    keeping.end(db.session, g.account, number, now=clock.now()) or abort(404)
    return _done("beeindigd")


@own_sign_in.post("/andere/beeindigen")
def end_others() -> ResponseReturnValue:
    """End all of my sign-ins but this one."""
    keeping.end_others(db.session, g.account, guarding.this_sign_in(), now=clock.now())
    return _done("beeindigd")


@own_sign_in.post("/herstelcodes")
def recovery_codes() -> str:
    """New recovery codes in place of the earlier ones; they are shown this once."""
    codes = second_step.new_recovery_codes(db.session, g.account)
    db.session.commit()
    return render_template("security/recovery-codes.html", codes=codes, next=url_for("own_sign_in.mine"))


@own_sign_in.route("/wachtwoord", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    """Choose another password; every sign-in ends, and this person signs in with the new one."""
    form = NewPasswordForm()
    if form.validate_on_submit() and form.give(g.account):
        db.session.commit()
        session.clear()
        return redirect(url_for(guarding.LOGIN, gekozen=1), 303)
    return make_response(
        render_template("security/change-password.html", form=form), 422 if form.errors else 200
    )


@own_sign_in.before_request
def _let_in() -> ResponseReturnValue | None:
    now = clock.now()
    account = guarding.signed_in(now)
    if account is None:
        return abort(403) if request.method == "POST" else guarding.sign_in_first()
    g.account = account
    if request.method == "POST":
        csrf.protect()
    if request.endpoint in ASKS_AGAIN and not guarding.is_fresh(now):
        asks = request.endpoint == "own_sign_in.change_password"
        return guarding.prove_again_first(request.path if asks else url_for("own_sign_in.mine"))
    return None


@own_sign_in.context_processor
def _around() -> dict[str, Any]:
    """Who is signed in; nothing for who is not let in."""
    account: Account | None = g.get("account")
    if account is None:
        return {}
    name = account.advisor.name if account.advisor else account.email
    return {"signed_in": {"name": name, "photo_href": None}, "sign_out_href": url_for("security.logout")}


@own_sign_in.after_request
def _never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _done(what: str) -> ResponseReturnValue:
    db.session.commit()
    return redirect(url_for("own_sign_in.mine", gedaan=what), 303)
