"""The visitor's pages for asking: the contact page, the form, the confirmation, the own page of a question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from consult import clock
from consult.contact import block, intake, services, texts
from consult.contact.asking import QUESTIONS, enquiry_form, new_enquiry
from consult.contact.forms import VisitorMessageForm
from consult.contact.handout.keeping import handout_of
from consult.contact.next_moments import next_moments
from consult.contact.thread import visitor_thread
from consult.database import db
from consult.people import services as people
from consult.web import current
from consult.web.limits import limit_posts
from consult.web.private import private
from consult.web.text import LENGTHS

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from consult.contact.models import ContactPage, Enquiry

contact = Blueprint("contact", __name__)


@contact.get("/")
def home() -> str:
    """Topics, advisors, and the block."""
    language, now = current.language(), clock.now()
    shown = block.people_of_firm(db.session, people.active_advisors(db.session), language=language, now=now)
    return render_template(
        "contact/home.html",
        pages=services.active_pages(db.session),
        topics=block.by_topic(db.session, people.active_topics(db.session), shown, language=language),
        people=shown,
    )


@contact.get("/p/<slug>")
def page(slug: str) -> str | AnyResponse:
    """A contact page with its block; a name that it once had leads to it."""
    shown = services.page_by_slug(db.session, slug) or abort(404)
    if shown.slug != slug:
        return redirect(url_for("contact.page", slug=shown.slug), 301)
    people_shown = block.people_of_page(db.session, shown, language=current.language(), now=clock.now())
    handout = handout_of(db.session, shown, Path(str(current_app.static_folder)))
    return render_template(
        "contact/page.html",
        page=shown,
        body=texts.as_html(shown.body),
        people=people_shown,
        handout=handout,
        handout_facts=texts.file_facts(handout) if handout else None,
        public_url=f"{current.settings().base_url}/p/{shown.slug}",
        card_url=f"{current.settings().base_url}/oembed",
    )


@contact.route("/vraag", methods=["GET", "POST"])
@limit_posts(QUESTIONS, together="questions")
def ask() -> str | AnyResponse:
    """The question form."""
    shown = _page_asked_for()
    form = enquiry_form(shown)
    if not form.is_final():
        page_text = render_template("contact/ask.html", form=form, page=shown, most=LENGTHS["question"])
        return make_response(page_text, 422 if form.errors else 200)
    new = new_enquiry(db.session, form, shown)
    asked = intake.ask(db.session, new, settings=current.settings(), now=clock.now())
    db.session.commit()
    return redirect(url_for("contact.received", token=asked.token), 303)


@contact.get("/v/<token>/ontvangen")
def received(token: str) -> Response:
    """The confirmation; may be reloaded."""
    enquiry = _enquiry(token)
    moments = next_moments(enquiry, token)
    return private(render_template("contact/received.html", enquiry=enquiry, token=token, moments=moments))


@contact.route("/v/<token>", methods=["GET", "POST"])
@limit_posts("20/day;10/hour")
def own_page(token: str) -> AnyResponse:
    """The visitor's own page of a question: the thread, and a form to add something."""
    enquiry = _enquiry(token)
    form = VisitorMessageForm()
    if form.is_final():
        services.add_visitor_message(
            db.session,
            enquiry,
            form.message.data,
            form_key=form.form_key,
            settings=current.settings(),
            now=clock.now(),
        )
        db.session.commit()
        return redirect(url_for("contact.own_page", token=token, _anchor="gesprek"), 303)
    page_text = render_template(
        "contact/enquiry.html",
        enquiry=enquiry,
        advisor=block.face(enquiry.advisor) if enquiry.advisor else None,
        token=token,
        form=form,
        entries=texts.shown_entries(visitor_thread(db.session, enquiry)),
        most=LENGTHS["message"],
    )
    return private(page_text, 422 if form.errors else 200)


def _page_asked_for() -> ContactPage | None:
    slug = request.args.get("pagina", "")
    return services.page_by_slug(db.session, slug) if slug else None


def _enquiry(token: str) -> Enquiry:
    return services.by_link(db.session, token, now=clock.now()) or abort(404)
