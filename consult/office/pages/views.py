"""Contact pages in the office: the list, and one page with a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.contact.article.watching import follow, watches
from consult.contact.models import ContactPage
from consult.contact.upkeep.pages import SlugTaken, all_pages, save_page
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.keeping import row_or_404, write_down
from consult.office.pages.article_words import standing
from consult.office.pages.showing import page_form, show

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PREVIEW = "voorbeeld"


@page("/paginas")
def pages(who: Coordinator) -> str:
    """Every page by title, with how its article stands."""
    del who
    known = watches(db.session)
    listed = [
        (each, standing(known[each.id]) if each.active and each.id in known else None)
        for each in all_pages(db.session)
    ]
    lost = [each for each, article in listed if article is not None and article.kind == "late"]
    return render_template("office/pages.html", pages=listed, lost=lost)


@page("/paginas/nieuw", methods=("GET", "POST"), keeps_text=True)
def new_page(who: Coordinator) -> ResponseReturnValue:
    """A new page."""
    return _edit(who, None)


@page("/paginas/<int:number>", methods=("GET", "POST"), keeps_text=True)
def contact_page(who: Coordinator, number: int) -> ResponseReturnValue:
    """Change a page; the button for a preview stores nothing."""
    return _edit(who, number)


def _edit(who: Coordinator, number: int | None) -> ResponseReturnValue:
    held = row_or_404(ContactPage, number)
    form = page_form(held)
    looking = request.form.get("doe") == PREVIEW
    if form.validate_on_submit() and not looking:
        try:
            made = save_page(db.session, held, form.facts())
        except SlugTaken:
            form.slug.errors = [gettext("Een andere pagina heeft of had deze naam. Kies een andere.")]
        else:
            follow(db.session, made, now=clock.now())
            write_down(who, "page", made, "saved")
            db.session.commit()
            return redirect(url_for("office.contact_page", number=made.id, bewaard=1), 303)
    return show(held, form, looking=looking)
