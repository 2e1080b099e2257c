"""Who can sign in, in the office: the list, an invitation, and one person with everything that can be done."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.keeping import form_page
from consult.office.users import accounts
from consult.office.users.forms import SHORT_ROLES, InviteForm, ResetForm, RolesForm
from consult.office.users.listing import Standing, everybody, person
from consult.people.accounts import Account
from consult.web import current

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

NUMBER = "<int(max=2147483647):number>"


@page("/gebruikers")
def users(who: Coordinator) -> str:
    """Everybody who can sign in, and who could."""
    people = everybody(db.session, now=clock.now())
    return render_template(
        "office/users/list.html", people=people, own=who.account_id, words=SHORT_ROLES, Standing=Standing
    )


@page("/gebruikers/nieuw", methods=("GET", "POST"), keeps_text=True, proved_for="office.new_user")
def new_user(who: Coordinator) -> ResponseReturnValue:
    """Invite somebody by mail."""
    form, settings, now = InviteForm(prefix="uitnodiging"), current.settings(), clock.now()
    if not form.validate_on_submit():
        return form_page("office/users/invite.html", form)
    try:
        made = accounts.invite_somebody(
            db.session, form.email.data, form.roles.data, who, settings=settings, now=now
        )
    except accounts.AddressKnown as situation:
        known = url_for("office.user", number=situation.account.id)
        form.email.errors = [gettext("Met dit adres kan al iemand inloggen.")]
        return form_page("office/users/invite.html", form, known=known)
    except accounts.NoLongerCoordinator:
        return abort(403)
    db.session.commit()
    return _back(made.id, "uitgenodigd")


@page(f"/gebruikers/{NUMBER}")
def user(who: Coordinator, number: int) -> ResponseReturnValue:
    """One person: what is known, and what can be done."""
    return _page(who, db.session.get(Account, number) or abort(404))


def _acting(
    view: Callable[[Coordinator, Account], ResponseReturnValue],
) -> Callable[[Coordinator, int], ResponseReturnValue]:
    """Hand a view the account, held; what stands in the way is told on the page of that person."""

    @wraps(view)
    def acting(who: Coordinator, number: int) -> ResponseReturnValue:
        try:
            held = accounts.hold(db.session, number, who) or abort(404)
            return view(who, held)
        except accounts.NoLongerCoordinator:
            return abort(403)
        except accounts.OwnAccount as situation:
            db.session.rollback()
            return _page(who, db.session.get_one(Account, number), told=_own(situation), status=409)
        except accounts.SwitchedOff:
            db.session.rollback()
            told = gettext("Dit account staat uit. Zet het eerst weer aan.")
            return _page(who, db.session.get_one(Account, number), told=told, status=409)

    return acting


@page(f"/gebruikers/{NUMBER}", methods=("POST",), keeps_text=True, proved_for="office.user")
@_acting
def change_roles(who: Coordinator, held: Account) -> ResponseReturnValue:
    """Change what somebody may do."""
    form = _roles_form(held)
    if not form.validate_on_submit():
        return _page(who, held, form=form, status=422)
    accounts.change_roles(db.session, held, form.roles.data, who, now=clock.now())
    db.session.commit()
    return _back(held.id, "bewaard")


@page(f"/gebruikers/{NUMBER}/uitnodigen", methods=("POST",), proved_for="office.user")
@_acting
def invite_user_again(who: Coordinator, held: Account) -> ResponseReturnValue:
    """Send the invitation once more, to who never came in."""
    if person(db.session, held, now=clock.now()).standing == Standing.IN_USE:
        told = gettext("Deze persoon kan al inloggen.")
        return _page(who, held, told=told, status=409)
    accounts.invite_again(db.session, held, who, settings=current.settings(), now=clock.now())
    db.session.commit()
    return _back(held.id, "uitgenodigd")


@page(f"/gebruikers/{NUMBER}/uitzetten", methods=("POST",), proved_for="office.user")
@_acting
def switch_user_off(who: Coordinator, held: Account) -> ResponseReturnValue:
    """Let nobody in with this account any more."""
    accounts.switch_off(db.session, held, who, now=clock.now())
    db.session.commit()
    return _back(held.id, "uitgezet")


@page(f"/gebruikers/{NUMBER}/aanzetten", methods=("POST",), proved_for="office.user")
@_acting
def switch_user_on(who: Coordinator, held: Account) -> ResponseReturnValue:
    """Let somebody in again."""
    accounts.switch_on(db.session, held, who, now=clock.now())
    db.session.commit()
    return _back(held.id, "aangezet")


@page(f"/gebruikers/{NUMBER}/opnieuw", methods=("POST",), proved_for="office.user")
@_acting
def reset_user(who: Coordinator, held: Account) -> ResponseReturnValue:
    """Let somebody choose another password, by a link in a mail."""
    lost = bool(ResetForm().second_step.data)
    accounts.begin_again(
        db.session, held, who, second_step=lost, settings=current.settings(), now=clock.now()
    )
    db.session.commit()
    return _back(held.id, "opnieuw")


def _roles_form(held: Account) -> RolesForm:
    return RolesForm(role.name for role in held.roles)


def _page(
    who: Coordinator, held: Account, *, form: RolesForm | None = None, told: str = "", status: int = 200
) -> ResponseReturnValue:
    text = render_template(
        "office/users/one.html",
        one=person(db.session, held, now=clock.now()),
        is_own=held.id == who.account_id,
        form=form or _roles_form(held),
        reset=ResetForm(),
        done=_done().get(request.args.get("gedaan", "")) if not told else None,
        told=told,
        words=SHORT_ROLES,
        Standing=Standing,
    )
    return make_response(text, status)


def _back(number: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("office.user", number=number, gedaan=done), 303)


def _done() -> dict[str, str]:
    return {
        "bewaard": gettext("Het is bewaard."),
        "uitgenodigd": gettext("De uitnodiging is verstuurd. De link werkt drie dagen, één keer."),
        "uitgezet": gettext("Het account staat uit. Deze persoon is overal uitgelogd."),
        "aangezet": gettext("Het account staat weer aan."),
        "opnieuw": gettext("De mail is verstuurd. Deze persoon kiest een nieuw wachtwoord."),
    }


def _own(situation: accounts.OwnAccount) -> str:
    if situation.is_last:
        return gettext("U bent de enige coördinator. Maak eerst een ander coördinator.")
    return gettext("Dit kunt u niet bij uzelf doen. Vraag het een andere coördinator.")
