"""Take a topic, an advisor, a team or a page away: refused with what uses it, another offered in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from consult import clock
from consult.booking.meeting_types import hosted_by
from consult.contact.models import ContactPage
from consult.contact.rules.versions import RulesChanged
from consult.contact.upkeep.in_use import InUse, delete_unused, in_use
from consult.contact.upkeep.replacing import NotTheSameKind, replace, stays
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.keeping import row_or_404, write_down
from consult.office.people.leaving import let_go
from consult.office.uses import use_sentences
from consult.people.models import Advisor, Team, Topic
from consult.web import current
from consult.web.text import LENGTHS, clean

if TYPE_CHECKING:
    from typing import Any

    from flask.typing import ResponseReturnValue

    from consult.contact.upkeep.in_use import Subject


class Kind(NamedTuple):
    """One kind of thing that can be taken away: its table, how history calls it, its list, and its column of names."""

    model: type[Any]
    code: str
    listing: str
    name: str
    question: Any


KINDS = {
    "thema": Kind(Topic, "topic", "office.topics", "name", lazy_gettext("Thema verwijderen")),
    "team": Kind(Team, "team", "office.teams", "name", lazy_gettext("Team verwijderen")),
    "pagina": Kind(ContactPage, "page", "office.pages", "title", lazy_gettext("Pagina verwijderen")),
    "adviseur": Kind(Advisor, "advisor", "office.advisors", "name", lazy_gettext("Adviseur verwijderen")),
}


@page("/weg/<kind>/<int:number>")
def deleting(who: Coordinator, kind: str, number: int) -> ResponseReturnValue:
    """What uses it, and what can be done."""
    del who
    return _page(*_found(kind, number))


@page("/weg/<kind>/<int:number>", methods=("POST",))
def delete(who: Coordinator, kind: str, number: int) -> ResponseReturnValue:
    """Delete what nothing uses."""
    of, row = _found(kind, number)
    if _hosted(row):
        return _page(of, row, status=409)
    write_down(who, of.code, row, "deleted")
    try:
        delete_unused(db.session, row)
    except InUse:
        db.session.rollback()
        return _page(*_found(kind, number), status=409)
    db.session.commit()
    return redirect(url_for(of.listing), 303)


@page("/weg/<kind>/<int:number>/vervang", methods=("POST",))
def replace_with(who: Coordinator, kind: str, number: int) -> ResponseReturnValue:
    """Put another in its place; of an advisor, let another have what is still to come."""
    of, row = _found(kind, number)
    chosen = request.form.get("vervanging", type=int)
    new = db.session.get(of.model, chosen) if chosen is not None else None
    if new is None:
        return _page(of, row, told=gettext("Kies wat ervoor in de plaats komt."), status=422)
    note = clean(request.form.get("notitie", ""))
    if isinstance(row, Advisor) and not 0 < len(note) <= LENGTHS["note"]:
        told = gettext(
            "Schrijf in ten hoogste %(most)s tekens wat de opvolger moet weten.", most=LENGTHS["note"]
        )
        return _page(of, row, told=told, status=422)
    write_down(who, of.code, row, "replaced")
    try:
        if isinstance(row, Advisor):
            _let_go(who, row, new, note)
        else:
            replace(db.session, row, new, by=who.actor, now=clock.now())
    except (NotTheSameKind, RulesChanged):
        db.session.rollback()
        return _page(
            *_found(kind, number), told=gettext("Dit kon net niet. Probeer het nog eens."), status=409
        )
    db.session.commit()
    if isinstance(row, Advisor):
        return redirect(url_for("office.deleting", kind=kind, number=number), 303)
    return redirect(url_for(of.listing), 303)


def _let_go(who: Coordinator, old: Advisor, new: Advisor, note: str) -> None:
    settings, now = current.settings(), clock.now()
    why = gettext("%(name)s werkt hier niet meer.", name=old.name)
    let_go(db.session, old, new, actor=who.actor, why=why, note=note, settings=settings, now=now)


def _found(kind: str, number: int) -> tuple[Kind, Subject]:
    of = KINDS.get(kind) or abort(404)
    row: Subject = row_or_404(of.model, number) or abort(404)
    return of, row


def _hosted(row: Subject) -> list[str]:
    """The kinds of talk that an advisor always takes part in, as one more use."""
    names = [each.name for each in hosted_by(db.session, row.id)] if isinstance(row, Advisor) else []
    return [gettext("Soorten gesprek: %(names)s.", names=", ".join(names))] if names else []


def _page(of: Kind, row: Subject, *, told: str | None = None, status: int = 200) -> ResponseReturnValue:
    column = getattr(of.model, of.name)
    others = select(of.model.id, column).where(of.model.id != row.id).order_by(column)
    advisor = isinstance(row, Advisor)
    if advisor:
        others = others.where(Advisor.active)
    uses = in_use(db.session, row)
    text = render_template(
        "office/delete.html",
        heading=str(of.question),
        name=getattr(row, of.name),
        kind=next(key for key, value in KINDS.items() if value is of),
        number=row.id,
        listing=url_for(of.listing),
        uses=[*use_sentences(uses), *_hosted(row)],
        is_advisor=advisor,
        stays=use_sentences(stays(db.session, row)) if isinstance(row, Advisor) else [],
        passed_on=isinstance(row, Advisor) and not row.active,
        others=[(each[0], each[1]) for each in db.session.execute(others)],
        told=told,
        chosen=request.form.get("vervanging"),
        note=request.form.get("notitie", ""),
    )
    return make_response(text, status)
