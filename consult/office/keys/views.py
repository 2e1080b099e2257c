"""Keys of programs in the office: the list, a new one that is shown once, and ending one.

For who coordinates and for who runs the machine; both prove who they are first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for

from consult import clock
from consult.database import db
from consult.office.actors import actor_names
from consult.office.keepers import actor, keep
from consult.office.keys.forms import SCOPES, NewKeyForm
from consult.people.keys.models import ApiKey
from consult.people.keys.services import AlreadyMade, all_keys, end_key, make_key, works
from consult.people.services import active_advisors
from consult.web import current, dates

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue


api_keys = Blueprint("api_keys", __name__, url_prefix="/beheer/api-sleutels")
# What can do great harm.
keep(api_keys, home="api_keys.listed", asks_again={"api_keys.make", "api_keys.end"})


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
        made, text = make_key(db.session, form.chosen(), actor=actor(), now=clock.now())
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
    end_key(db.session, key, actor=actor(), now=clock.now())
    db.session.commit()
    return redirect(url_for("api_keys.listed", gedaan="beeindigd"), 303)


def _short(on: date | None) -> str | None:
    return dates.short_day(on, current.language()) if on else None


def _today() -> date:
    return dates.local_date(clock.now(), current.settings().timezone)
