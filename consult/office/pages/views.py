"""Contact pages in the office: the list, one page with a preview, and the lines that put it on another site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from consult.contact.models import ContactPage
from consult.contact.texts import as_html
from consult.contact.upkeep.pages import SlugTaken, all_pages, save_page
from consult.database import db
from consult.office.guard import Coordinator, page
from consult.office.keeping import row_or_404, write_down
from consult.office.pages.forms import PageForm, stored
from consult.people.profiles import everybody
from consult.people.topics import all_topics
from consult.web import current

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PREVIEW = "voorbeeld"
HANDOUTS = "handouts"


@page("/paginas")
def pages(who: Coordinator) -> str:
    """Every page by title."""
    del who
    listed = all_pages(db.session)
    return render_template("office/pages.html", pages=listed)


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
    form = _form(held)
    looking = request.form.get("doe") == PREVIEW
    if form.validate_on_submit() and not looking:
        try:
            made = save_page(db.session, held, form.facts())
        except SlugTaken:
            form.slug.errors = [gettext("Een andere pagina heeft of had deze naam. Kies een andere.")]
        else:
            write_down(who, "page", made, "saved")
            db.session.commit()
            return redirect(url_for("office.contact_page", number=made.id, bewaard=1), 303)
    text = render_template(
        "office/page.html",
        form=form,
        page=held,
        preview=as_html(form.body.data or "") if looking else None,
        saved="bewaard" in request.args and request.method == "GET",
        address=f"{current.settings().base_url}/p/{held.slug}" if held else None,
        base_url=current.settings().base_url,
    )
    return make_response(text, 422 if form.errors else 200)


def _form(held: ContactPage | None) -> PageForm:
    on_page = {row.advisor_id for row in held.people} if held else set()
    advisors = [(each.id, each.name) for each in everybody(db.session) if each.active or each.id in on_page]
    topics = [(each.id, each.name) for each in all_topics(db.session)]
    return PageForm.with_people(advisors)(
        stored(held, advisors) if held else None,
        advisors=advisors,
        topics=topics,
        handouts=_handouts(held),
    )


def _handouts(held: ContactPage | None) -> list[str]:
    """The files that can be handed out, and the one that the page has."""
    folder = Path(str(current_app.static_folder)) / HANDOUTS
    found = (
        {f"{HANDOUTS}/{each.name}" for each in folder.iterdir() if each.is_file()}
        if folder.is_dir()
        else set()
    )
    return sorted(found | ({held.handout} if held and held.handout else set()))
