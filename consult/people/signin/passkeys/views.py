"""The pages of passkeys. A browser's script asks for a question, and sends the answer with a form as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext

from consult import clock
from consult.database import db
from consult.extensions import csrf
from consult.people.signin import guarding, steps
from consult.people.signin.forms import AgainForm, CodeForm, SignInForm
from consult.people.signin.limits import count_begin, count_proof
from consult.people.signin.passkeys import keeping
from consult.people.signin.passkeys.ceremony import NotProved
from consult.people.signin.passkeys.forms import PasskeyForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.people.accounts import Account
    from consult.people.signin.passkeys.ceremony import Site

passkeys = Blueprint("passkeys", __name__, url_prefix="/inloggen/passkey")
# Where the browser that asked keeps the key of its question.
ASKED = "passkey"


@passkeys.post("/vraag")
def ask() -> ResponseReturnValue:
    """The question for a browser that wants to sign in."""
    csrf.protect()
    count_begin()
    return _asked(*keeping.begin_use(db.session, None, _site(), now=clock.now()))


@passkeys.post("")
def sign_in() -> ResponseReturnValue:
    """Sign in with the browser's answer."""
    csrf.protect()
    count_begin()
    try:
        account = keeping.sign_in(db.session, _site(), _key(), _answer(), now=clock.now())
    except NotProved:
        db.session.commit()
        form = SignInForm(formdata=None)
        form.form_errors = [_no_passkey()]
        return render_template("security/login_user.html", login_user_form=form), 422
    onward = steps.next_page()
    steps.enter(account, "passkey")
    db.session.commit()
    return redirect(onward, 303)


@passkeys.post("/bewijs/vraag")
def ask_proof() -> ResponseReturnValue:
    """The question for who is known already: one of the own passkeys."""
    account = _known()
    count_begin()
    return _asked(*keeping.begin_use(db.session, account, _site(), now=clock.now()))


@passkeys.post("/bewijs")
def prove() -> ResponseReturnValue:
    """The second step, or the proof that somebody is still there, with the browser's answer."""
    account = _known()
    count_proof(account.id)
    try:
        keeping.prove(db.session, account, _site(), _key(), _answer(), now=clock.now())
    except NotProved:
        steps.refused(account)
        db.session.commit()
        return _refused_proof(account)
    steps.proved(account, "password_passkey")
    db.session.commit()
    return redirect(steps.next_page(), 303)


@passkeys.post("/nieuw/vraag")
def ask_new() -> ResponseReturnValue:
    """The question to make a passkey."""
    account = steps.who_may_add() or abort(403)
    csrf.protect()
    count_begin()
    return _asked(*keeping.begin_new(db.session, account, _site(), now=clock.now()))


@passkeys.route("/nieuw", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add a passkey: at the first sign-in in place of a telephone, or at the own page."""
    account, site = steps.who_may_add(), _site()
    if account is None:
        return steps.prove_first()
    form = PasskeyForm(formdata=request.form if request.method == "POST" else None)
    if form.validate_on_submit():
        try:
            keeping.add(db.session, account, site, _key(), _answer(), form.name.data, now=clock.now())
        except NotProved:
            form.refuse()
        else:
            steps.changed(account, "account.passkey_added")
            answer = steps.added(account, steps.next_page())
            db.session.commit()
            return answer
        db.session.commit()
    return steps.page("security/passkey-new.html", form, next=steps.next_page())


@passkeys.before_request
def _only_where_possible() -> None:
    if steps.site() is None:
        abort(404)


@passkeys.after_request
def _never_keep(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _site() -> Site:
    return steps.site() or abort(404)


def _known() -> Account:
    account = steps.who_proves() or abort(403)
    csrf.protect()
    return account


def _asked(options: str, key: str) -> Response:
    db.session.commit()
    session[ASKED] = key
    return Response(options, mimetype="application/json")


def _key() -> str:
    return str(session.pop(ASKED, ""))


def _answer() -> str:
    return request.form.get("credential", "")


def _no_passkey() -> str:
    return gettext(
        "Inloggen met deze passkey lukt niet. Probeer het nog een keer, of log in met uw wachtwoord."
    )


def _refused_proof(account: Account) -> Response:
    """The page that asked, with what went wrong on it."""
    second = guarding.at_second_step() is not None
    form: Any = CodeForm(formdata=None) if second else AgainForm(formdata=None)
    form.form_errors = [
        gettext("Deze passkey klopt niet. Probeer het nog een keer, of kies een andere manier.")
    ]
    template = "security/second-step.html" if second else "security/again.html"
    return steps.page(template, form, next=steps.next_page(), account=account, passkey=True)


def new_href() -> str | None:
    """Where a passkey is made; None where there can be none."""
    return url_for("passkeys.new") if steps.site() else None
