"""A contact page passed on: a link card (oEmbed), a QR code for print, names of municipalities to choose."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, jsonify, request

from consult.contact import services
from consult.database import db
from consult.people.municipalities import municipalities
from consult.web import current

if TYPE_CHECKING:
    from consult.contact.models import ContactPage

sharing = Blueprint("sharing", __name__)
DAY = 24 * 3600


@sharing.get("/oembed")
def card() -> tuple[Response, int] | Response:
    """The link card of a contact page (oEmbed 1.0, type link); JSON only, as its ``format`` says."""
    if request.args.get("format", "json") != "json":
        abort(501)
    settings = current.settings()
    page = _page_at(request.args.get("url", "")) or abort(404)
    answer = jsonify(
        version="1.0",
        type="link",
        title=page.title,
        provider_name=settings.firm_name,
        provider_url=settings.base_url,
        cache_age=DAY,
    )
    return _kept(answer, DAY)


@sharing.get("/p/<slug>/qr.svg")
def qr_code(slug: str) -> Response:
    """The address of a contact page as a QR code that survives a quarter of it being unreadable (level Q)."""
    import segno

    page = services.page_by_slug(db.session, slug) or abort(404)
    drawing = BytesIO()
    address = f"{current.settings().base_url}/p/{page.slug}"
    segno.make_qr(address, error="q").save(drawing, kind="svg", scale=4, light="#fff", title=address)
    return _kept(Response(drawing.getvalue(), mimetype="image/svg+xml"), DAY)


@sharing.get("/gemeenten.json")
def municipality_names() -> Response:
    """The names of all municipalities, as they call themselves and as people say it, for a field that suggests."""
    names = {name for one in municipalities() for name in (one.name, *one.also_known_as)}
    return _kept(jsonify(sorted(names)), DAY)


def _page_at(address: str) -> ContactPage | None:
    start = f"{current.settings().base_url}/p/"
    if not address.startswith(start):
        return None
    slug = address.removeprefix(start).partition("?")[0].partition("#")[0].rstrip("/")
    return services.page_by_slug(db.session, slug)


def _kept(answer: Response, seconds: int) -> Response:
    answer.cache_control.public = True
    answer.cache_control.max_age = seconds
    answer.add_etag()
    answer.make_conditional(request)
    return answer
