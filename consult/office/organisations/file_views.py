"""Organisations from a file and into one: look first, then read in; a file with a mistake changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, make_response, redirect, render_template, url_for
from flask_babel import format_decimal, gettext

from consult import clock
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.keeping import write_down
from consult.office.organisations import importing
from consult.office.organisations.forms import FileForm
from consult.office.organisations.known import everything_known
from consult.people.sheets import MOST_LINES, TooLong, Unreadable, decoded

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from consult.office.organisations.importing import Planned

# Ten thousand lines as a form sends them.
MOST_FORM = 4 * 1024 * 1024
WHERE, CARRY_OUT = "/organisaties/inlezen", "/organisaties/inlezen/bewaar"


@page("/organisaties/bestand")
def export_organisations(who: Coordinator) -> Response:
    """Every organisation as a CSV file."""
    del who
    answer = Response(importing.export(db.session), mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="organisaties.csv"'
    return answer


@page(WHERE, methods=("GET", "POST"), keeps_text=True, most_bytes=MOST_FORM)
def import_organisations(who: Coordinator) -> ResponseReturnValue:
    """Choose a file, and see what it would do."""
    del who
    form = FileForm()
    planned = _looked_at(form) if form.validate_on_submit() else None
    return _page(form, planned)


@page(CARRY_OUT, methods=("POST",), keeps_text=True, most_bytes=MOST_FORM)
def carry_out_import(who: Coordinator) -> ResponseReturnValue:
    """Read in what was looked at, as it was looked at; all of it, or nothing."""
    form = FileForm()
    seen = form.seen.data
    planned = _planned(form, form.text.data or "") if form.validate_on_submit() else None
    if planned is not None and not planned.mistakes and planned.mark != seen:
        told = gettext("Intussen is een organisatie veranderd. Kijk nog een keer wat het bestand doet.")
        form.form_errors.append(told)
    if planned is None or planned.mistakes or form.errors:
        return _page(form, planned)
    why = gettext("Ingelezen uit een bestand.")
    done = importing.carry_out(db.session, planned, actor=who.actor, why=why, now=clock.now())
    for made in done:
        write_down(who, "organisation", made, "imported")
    db.session.commit()
    return redirect(url_for("office.organisations", bewaard=1), 303)


def _page(form: FileForm, planned: Planned | None) -> ResponseReturnValue:
    if planned is not None:
        form.seen.data = planned.mark
    text = render_template(
        "office/import.html",
        form=form,
        planned=planned,
        columns=importing.columns(everything_known(db.session)),
    )
    return make_response(text, 422 if form.errors or (planned and planned.mistakes) else 200)


def _looked_at(form: FileForm) -> Planned | None:
    file = form.file.data
    content = file.read() if file else b""
    if not content:
        form.file.errors = [gettext("Kies een bestand.")]
        return None
    try:
        form.text.data = decoded(content)
    except Unreadable:
        form.file.errors = [_unreadable()]
        return None
    return _planned(form, form.text.data)


def _planned(form: FileForm, text: str) -> Planned | None:
    try:
        return importing.plan(db.session, text)
    except Unreadable:
        form.file.errors = [_unreadable()]
    except TooLong:
        most = format_decimal(MOST_LINES)
        form.file.errors = [gettext("Het bestand heeft meer dan %(most)s regels.", most=most)]
    except importing.WrongColumns as situation:
        told = [gettext("De kolom “%(name)s” ontbreekt.", name=each) for each in situation.missing]
        told += [gettext("De kolom “%(name)s” kennen wij niet.", name=each) for each in situation.unknown]
        told += [gettext("De kolom “%(name)s” staat er twee keer.", name=each) for each in situation.twice]
        form.file.errors = [" ".join(told)]
    return None


def _unreadable() -> str:
    return gettext("Dit bestand is geen CSV-bestand. Bewaar het als CSV en probeer het opnieuw.")
