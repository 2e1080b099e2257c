"""The address that advisors' calendars read again and again; a reader that is up to date costs next to nothing."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from werkzeug.http import http_date, is_resource_modified

from consult import clock
from consult.calendars.feed import Mark, build, mark, owner_of
from consult.calendars.services import open_feed
from consult.database import db
from consult.web import current

feeds = Blueprint("feeds", __name__)


@feeds.get("/agenda/<token>.ics")
def feed(token: str) -> Response:
    """The talks of one advisor or team, for a calendar that subscribes; 304 when nothing changed."""
    settings, now = current.settings(), clock.now()
    address = open_feed(db.session, token) or abort(404)
    owner = owner_of(db.session, address, settings) or abort(404)
    stands = mark(db.session, owner, settings, now=now)
    if not is_resource_modified(request.environ, stands.etag, None, stands.last_modified):
        return _answer(b"", 304, stands)
    return _answer(build(db.session, owner, settings, now=now), 200, stands)


def _answer(body: bytes, status: int, stands: Mark) -> Response:
    response = Response(body, status, mimetype="text/calendar")
    response.set_etag(stands.etag)
    response.headers["Last-Modified"] = http_date(stands.last_modified)
    # A calendar may keep it, and asks each time whether it still holds; nobody in between may.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="agenda.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response
