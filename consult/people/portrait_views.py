"""The public address of an uploaded portrait: a picture and nothing else, whatever a browser would make of it."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from consult.database import db
from consult.people.portraits import PATH, portrait_named
from consult.web.assets import YEAR

portraits = Blueprint("portraits", __name__)


@portraits.get(f"{PATH}<fingerprint>")
def picture(fingerprint: str) -> Response:
    """The picture, for a browser to keep: another picture has another address."""
    found = portrait_named(db.session, fingerprint) or abort(404)
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.cache_control.public = True
    response.cache_control.max_age = YEAR
    response.cache_control.immutable = True
    return response
