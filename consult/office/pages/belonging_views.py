"""What belongs to a contact page: its hand-out, put there, replaced and taken away; and a look at its article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, redirect, url_for
from flask_babel import gettext

from consult import clock
from consult.contact.article.watching import look_soon
from consult.contact.handout.formats import MOST_BYTES, Flaw, NotAHandout
from consult.contact.handout.keeping import Overtaken, handout_of, put_handout, remove_handout
from consult.contact.models import ContactPage
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.keeping import row_or_404, write_down
from consult.office.pages.forms import HandoutForm
from consult.office.pages.showing import folder, page_form, show

if TYPE_CHECKING:
    from typing import Any

    from flask.typing import ResponseReturnValue

# The rest of the form takes a little as well.
MOST_FORM = MOST_BYTES + 64 * 1024


@page("/paginas/<int:number>/handreiking", methods=("POST",), keeps_text=True, most_bytes=MOST_FORM)
def put_page_handout(who: Coordinator, number: int) -> ResponseReturnValue:
    """Hand out this file, in place of an earlier one."""
    held, form = _held(number), HandoutForm()
    if not form.validate_on_submit():
        return _again(held, form)
    there = handout_of(db.session, held, folder())
    file = form.file.data
    try:
        put_handout(
            db.session,
            held,
            file.filename or "" if file else "",
            file.read() if file else b"",
            seen=form.seen.data or "",
            folder=folder(),
            now=clock.now(),
        )
    except NotAHandout as refused:
        return _again(held, form, _flaws()[refused.flaw])
    except Overtaken:
        return _again(held, form, _overtaken())
    write_down(who, "page", held, "handout_put")
    db.session.commit()
    return _back(held, "vervangen" if there else "nieuw")


@page("/paginas/<int:number>/handreiking/weg", methods=("POST",), keeps_text=True)
def remove_page_handout(who: Coordinator, number: int) -> ResponseReturnValue:
    """Hand out nothing."""
    held, form = _held(number), HandoutForm()
    if not form.validate_on_submit():
        return _again(held, form)
    try:
        remove_handout(db.session, held, seen=form.seen.data or "", folder=folder())
    except Overtaken:
        return _again(held, form, _overtaken())
    write_down(who, "page", held, "handout_removed")
    db.session.commit()
    return _back(held, "verwijderd")


@page("/paginas/<int:number>/artikel", methods=("POST",))
def look_at_article(who: Coordinator, number: int) -> ResponseReturnValue:
    """Let the worker look at the article now."""
    del who
    held = _held(number)
    look_soon(db.session, held, now=clock.now())
    db.session.commit()
    return _back(held, "bekijken")


def _held(number: int) -> ContactPage:
    return row_or_404(ContactPage, number) or abort(404)


def _back(held: ContactPage, told: str) -> ResponseReturnValue:
    done: dict[str, Any] = {told: 1}
    return redirect(url_for("office.contact_page", number=held.id, **done), 303)


def _again(held: ContactPage, form: HandoutForm, told: str | None = None) -> ResponseReturnValue:
    if told is not None:
        form.file.errors = [told]
    return show(held, page_form(held, formdata=None), form)


def _overtaken() -> str:
    return gettext("Iemand anders heeft de handreiking intussen veranderd. Kijk wat er staat.")


def _flaws() -> dict[Flaw, str]:
    return {
        Flaw.EMPTY: gettext("Kies een bestand."),
        Flaw.TOO_LARGE: gettext("Dit bestand is te groot. Het mag 10 MB zijn."),
        Flaw.OTHER_KIND: gettext("Dit is geen PDF, Word, Excel, PowerPoint of OpenDocument."),
        Flaw.BROKEN: gettext("Dit bestand is niet heel. Bewaar het opnieuw en probeer het nog eens."),
        Flaw.RUNS: gettext("In dit bestand zit een programma. Bewaar het als gewone PDF."),
        Flaw.LOCKED: gettext("Op dit bestand zit een wachtwoord. Haal het eraf."),
    }
