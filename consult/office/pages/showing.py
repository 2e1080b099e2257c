"""One contact page as the office shows it, whichever of its forms was sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app, make_response, render_template, request
from flask_babel import gettext

from consult.contact.article.models import ArticleWatch
from consult.contact.handout.counting import opened
from consult.contact.handout.keeping import Handout, handout_of
from consult.contact.texts import as_html, file_facts
from consult.database import db
from consult.office.pages.article_words import standing
from consult.office.pages.forms import HandoutForm, PageForm, stored
from consult.people.profiles import everybody
from consult.people.topics import all_topics
from consult.web import current

if TYPE_CHECKING:
    from typing import Any

    from flask.typing import ResponseReturnValue

    from consult.contact.models import ContactPage


def page_form(held: ContactPage | None, **kwargs: Any) -> PageForm:
    """The form with what is stored, and with whoever is on the page or could be."""
    on_page = {row.advisor_id for row in held.people} if held else set()
    advisors = [(each.id, each.name) for each in everybody(db.session) if each.active or each.id in on_page]
    topics = [(each.id, each.name) for each in all_topics(db.session)]
    return PageForm.with_people(advisors)(
        stored(held, advisors) if held else None, advisors=advisors, topics=topics, **kwargs
    )


def folder() -> Path:
    """Where files lie that came with the installation."""
    return Path(str(current_app.static_folder))


def show(
    held: ContactPage | None, form: PageForm, upload: HandoutForm | None = None, *, looking: bool = False
) -> ResponseReturnValue:
    """The page with its forms; ``looking``: with a preview of what was typed. 422 when something does not fit."""
    sent = upload or form
    text = render_template(
        "office/page.html",
        form=form,
        sent=sent,
        page=held,
        preview=as_html(form.body.data or "") if looking else None,
        notice=_notice(),
        address=f"{current.settings().base_url}/p/{held.slug}" if held else None,
        base_url=current.settings().base_url,
        **_belonging(held, upload),
    )
    return make_response(text, 422 if sent.errors else 200)


def _belonging(held: ContactPage | None, upload: HandoutForm | None) -> dict[str, object]:
    """What belongs to a page that is there: its hand-out and its article."""
    if held is None:
        return {}
    handout = handout_of(db.session, held, folder())
    watch = db.session.get(ArticleWatch, held.id)
    return {
        "upload": _upload(handout, upload),
        "handout": handout,
        "handout_facts": file_facts(handout) if handout else None,
        "opened": opened(db.session, held.id),
        "article": standing(watch) if watch is not None else None,
        "looked_at": watch.looked_at if watch is not None else None,
    }


def _upload(handout: Handout | None, upload: HandoutForm | None) -> HandoutForm:
    form = upload or HandoutForm(formdata=None)
    form.seen.data = handout.mark if handout else ""
    return form


def _notice() -> str | None:
    """What was just done, told once."""
    if request.method != "GET":
        return None
    told = {
        "bewaard": gettext("Het is bewaard."),
        "nieuw": gettext("De handreiking staat op de pagina."),
        "vervangen": gettext("De handreiking is vervangen. De oude is weg."),
        "verwijderd": gettext("De handreiking is van de pagina gehaald."),
        "bekijken": gettext("Wij kijken binnen een minuut. Ververs daarna deze pagina."),
    }
    return next((text for name, text in told.items() if name in request.args), None)
