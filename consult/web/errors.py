"""Every fault as a page that a visitor can use: what happened, what to do, a number to call, and an id to name."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

import structlog
from flask import Response, current_app, make_response, render_template, request
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, ServiceUnavailable

from consult.database import db
from consult.extensions import limiter
from consult.web.sent_again import sent_again

if TYPE_CHECKING:
    from flask import Flask

# Wrong statements and broken rules; every other fault of a database means that it is away, read-only or damaged.
OUR_OWN_FAULTS = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
WITH_PAGE = frozenset({400, 403, 404, 409, 413, 422, 429, 500, 503})
# What was sent may well be taken in a while later; the page offers to send it again.
PASSING = frozenset({429, 500, 503})
log = structlog.get_logger("consult.web")


class DataUnavailable(ServiceUnavailable):
    """The database is away, locked or read-only: nothing was saved."""

    retry_after = 30


def init_app(app: Flask) -> None:
    """Turn every exception of a request into a page, or into problem+json under ``/api/``."""
    app.register_error_handler(HTTPException, error_page)
    app.register_error_handler(SecurityError, _not_our_name)
    app.register_error_handler(DBAPIError, _database_away)
    app.register_error_handler(Exception, _unexpected)


def error_page(error: HTTPException) -> Response:
    """The page for one status; statuses without a page of their own get that of 400 or 500."""
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    error_id = secrets.token_hex(4)
    if code >= 500:
        log.error("request failed", error_id=error_id, status=code, route=str(request.url_rule or ""))
    page = code if code in WITH_PAGE else (400 if code < 500 else 500)
    retry_after = _seconds_to_wait(error)
    if request.path.startswith("/api/"):
        problem = current_app.extensions["consult.problem"]
        response = make_response(problem(code, error.description or "", error_id))
    else:
        response = make_response(
            render_template(
                f"errors/{page}.html",
                error_id=error_id,
                retry_after=retry_after,
                again=sent_again() if code in PASSING else None,
            ),
            code,
        )
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response


def _seconds_to_wait(error: HTTPException) -> int | None:
    """When it is of use to try again; a limit that is full says when it has room."""
    full = limiter.current_limit
    if isinstance(error, RateLimitExceeded) and full is not None:
        return max(1, full.reset_at - int(time.time()))
    wait = getattr(error, "retry_after", None)
    return wait if isinstance(wait, int) else None


def _not_our_name(error: SecurityError) -> Response:
    """Asked for under a name that is not ours: our pages need one to make their links, so this is no page."""
    log.warning("unknown host name", status=error.code)
    return Response("400 Bad Request\n", 400, mimetype="text/plain")


def _database_away(error: DBAPIError) -> Response:
    if isinstance(error, OUR_OWN_FAULTS):
        return _unexpected(error)
    db.session.rollback()
    log.error("database unavailable", reason=type(error.orig).__name__)
    return error_page(DataUnavailable(retry_after=30))


def _unexpected(error: Exception) -> Response:
    if current_app.config["PROPAGATE_EXCEPTIONS"]:
        raise error
    db.session.rollback()
    log.error("unexpected error", route=str(request.url_rule or ""), exc_info=error)
    return error_page(InternalServerError())
