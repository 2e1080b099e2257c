"""What somebody sees and does about the own ways in: running sign-ins, password, passkeys, telephone, recovery codes.

For everybody who is signed in, whatever the role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    abort,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from consult import clock
from consult.database import db
from consult.extensions import csrf
from consult.people.signin import acts, changing_address, guarding, keeping, second_step, steps
from consult.people.signin.forms import NewAddressForm, NewPasswordForm
from consult.people.signin.limits import count_request
from consult.people.signin.passkeys import keeping as passkeys
from consult.people.signin.passkeys.forms import PasskeyForm
from consult.people.signin.provider import linking
from consult.web import current

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.people.accounts import Account

own_sign_in = Blueprint("own_sign_in", __name__, url_prefix="/werkplek/aanmeldingen")
# Pages that ask who it is, and come back to themselves; other acts come back to the own page.
ASKING_PAGES = frozenset({"own_sign_in.change_password", "own_sign_in.change_address"})
# What can do great harm.
ASKS_AGAIN = ASKING_PAGES | {
    f"own_sign_in.{name}" for name in ("end_one", "end_others", "recovery_codes", "remove_passkey")
}


@own_sign_in.get("/")
def mine() -> str:
    """Where I am signed in, how I sign in, and what happened last."""
    account: Account = g.account
    return render_template(
        "security/own.html",
        account=account,
        running=keeping.running(db.session, account, now=clock.now()),
        here=guarding.this_sign_in(),
        passkeys=passkeys.of_account(db.session, account.id),
        provider_link=_provider_link(account),
        happened=[(each.at, acts.own_words(each)) for each in acts.newest(db.session, account.id)],
        done=request.args.get("gedaan"),
    )


@own_sign_in.post("/<int:number>/beeindigen")
def end_one(number: int) -> ResponseReturnValue:
    """End one of my sign-ins; another's is not there."""
    keeping.end(db.session, g.account, number, now=clock.now()) or abort(404)
    return _done("beeindigd", "account.sign_ins_ended")


@own_sign_in.post("/andere/beeindigen")
def end_others() -> ResponseReturnValue:
    """End all of my sign-ins but this one."""
    keeping.end_others(db.session, g.account, guarding.this_sign_in(), now=clock.now())
    return _done("beeindigd", "account.sign_ins_ended")


@own_sign_in.post("/herstelcodes")
def recovery_codes() -> str:
    """New recovery codes in place of the earlier ones; they are shown this once."""
    codes = second_step.new_recovery_codes(db.session, g.account)
    steps.changed(g.account, "account.recovery_renewed")
    db.session.commit()
    return render_template("security/recovery-codes.html", codes=codes, next=url_for("own_sign_in.mine"))


@own_sign_in.route("/wachtwoord", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    """Choose another password; every sign-in ends, and this person signs in with the new one."""
    form = NewPasswordForm()
    if form.validate_on_submit() and form.give(g.account):
        steps.changed(g.account, "account.password_changed")
        db.session.commit()
        session.clear()
        return redirect(url_for(guarding.LOGIN, gekozen=1), 303)
    return steps.page("security/change-password.html", form)


@own_sign_in.route("/adres", methods=["GET", "POST"])
def change_address() -> ResponseReturnValue:
    """Have a link mailed to another address; only that link changes it."""
    form = NewAddressForm()
    if form.validate_on_submit():
        count_request()
        settings, now = current.settings(), clock.now()
        changing_address.ask(db.session, g.account, form.email.data, settings=settings, now=now)
        return _done("adres")
    return steps.page("security/change-address.html", form, email=g.account.email)


@own_sign_in.route("/passkeys/<int:number>", methods=["GET", "POST"])
def name_passkey(number: int) -> ResponseReturnValue:
    """Give a passkey another name; another's is not there."""
    mine = [each for each in passkeys.of_account(db.session, g.account.id) if each.id == number]
    (passkey,) = mine or abort(404)
    form = PasskeyForm(name=passkey.name)
    if form.validate_on_submit():
        passkeys.rename(db.session, g.account, number, form.name.data)
        return _done("genoemd")
    return steps.page("security/passkey-name.html", form, number=number)


@own_sign_in.post("/passkeys/<int:number>/weg")
def remove_passkey(number: int) -> ResponseReturnValue:
    """Take a passkey away; the last second step stays, where one is asked."""
    account: Account = g.account
    only = account.totp_secret is None and len(passkeys.of_account(db.session, account.id)) == 1
    if only and guarding.asks_second_step(account, current.settings()):
        return redirect(url_for("own_sign_in.mine", gedaan="laatste"), 303)
    passkeys.remove(db.session, account, number) or abort(404)
    steps.changed(account, "account.passkey_removed")
    return _done("passkey_weg")


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
        asks = request.endpoint in ASKING_PAGES
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


def _done(what: str, act: str | None = None) -> ResponseReturnValue:
    if act:
        acts.record(db.session, g.account.id, act, now=clock.now())
    db.session.commit()
    return redirect(url_for("own_sign_in.mine", gedaan=what), 303)


def _provider_link(account: Account) -> Any:
    issuer = current.settings().oidc_issuer
    return linking.link_of(db.session, account, issuer) if issuer else None
