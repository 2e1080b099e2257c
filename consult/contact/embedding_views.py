"""The contact block inside another site's page: the script that host pages load, and the page in the frame.

Sets no cookie: other sites' frames would not get it back. The element on the host page names its own origin in
``site``; only an origin that the page allows comes back into the frame, as the one to which it tells its height.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)

from consult import clock
from consult.contact import block, intake, services
from consult.contact.asking import QUESTIONS, enquiry_form, new_enquiry
from consult.contact.embedding import sites_of
from consult.contact.next_moments import next_moments
from consult.database import db
from consult.web import current
from consult.web.headers import framed_by
from consult.web.limits import limit_posts
from consult.web.private import private
from consult.web.text import LENGTHS

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from consult.contact.models import ContactPage

embedding = Blueprint("embedding", __name__)
SCRIPT_SECONDS = 3600


@embedding.get("/embed.js")
def script() -> Response:
    """The element for host pages; its address never changes, so it is kept for an hour only."""
    answer = send_from_directory(str(current_app.static_folder), "embed.js", max_age=SCRIPT_SECONDS)
    answer.cache_control.public = True
    return answer


@embedding.route("/embed/<slug>", methods=["GET", "POST"])
@limit_posts(QUESTIONS, together="questions")
def frame(slug: str) -> AnyResponse:
    """The contact block and the question form, inside a frame; other links open in the whole window."""
    page = _page(slug) or abort(404)
    form = enquiry_form(page)
    if form.is_final():
        asked = intake.ask(
            db.session, new_enquiry(db.session, form, page), settings=current.settings(), now=clock.now()
        )
        db.session.commit()
        return redirect(url_for("embedding.received", slug=slug, token=asked.token, site=_site(page)), 303)
    page_text = render_template(
        "contact/embed.html",
        page=page,
        people=block.people_of_page(db.session, page, language=current.language(), now=clock.now()),
        form=form,
        most=LENGTHS["question"],
        site=_site(page),
    )
    return make_response(page_text, 422 if form.errors else 200)


@embedding.get("/embed/<slug>/ontvangen/<token>")
def received(slug: str, token: str) -> Response:
    """The confirmation inside the frame."""
    page = _page(slug) or abort(404)
    enquiry = services.by_link(db.session, token, now=clock.now()) or abort(404)
    return private(
        render_template(
            "contact/embed-received.html",
            enquiry=enquiry,
            token=token,
            moments=next_moments(enquiry, token),
            site=_site(page),
        )
    )


@embedding.after_request
def _may_be_framed(answer: Response) -> Response:
    """Errors too: a visitor who sends too much has to see so inside the frame."""
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    slug = (request.view_args or {}).get("slug")
    if slug and answer.status_code < 500 and (page := _page(slug)):
        answer.headers["Content-Security-Policy"] = framed_by(sites_of(page))
    return answer


def _page(slug: str) -> ContactPage | None:
    if "framed_page" not in g:
        g.framed_page = services.page_by_slug(db.session, slug)
    page: ContactPage | None = g.framed_page
    return page


def _site(page: ContactPage) -> str | None:
    asked = request.args.get("site")
    return asked if asked in sites_of(page) else None
