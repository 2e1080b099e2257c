"""The door of /api/v1: every call of the table with its route, its checks, its transaction and its headers.

Knows no call by name; what a call does stands in ``consult.api.calls``.
"""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

import structlog
from flask import Blueprint, Response, jsonify, request
from sqlalchemy.exc import OperationalError

from consult import clock
from consult.activity.services import by_program
from consult.api import rates
from consult.api.bodies import read_object
from consult.api.callers import let_in, today
from consult.api.calls import desk_enquiries, desk_talks, office, questions, site, talks
from consult.api.document import VERSION, document_for
from consult.api.operations import OPERATIONS, Asked
from consult.api.paging import link_header
from consult.api.problems import Problem, problem_response
from consult.api.repeats import once
from consult.api.schemas import read
from consult.database import db, looking_only
from consult.people.keys.services import note_use
from consult.web import current

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from consult.api.callers import Caller
    from consult.api.operations import Operation
    from consult.api.repeats import Answer

__all__ = ["api", "desk_enquiries", "desk_talks", "init_app", "office", "questions", "site", "talks"]

HERE = "/api/v1"
log = structlog.get_logger("consult.api")
api = Blueprint("api", __name__, url_prefix=HERE)


def init_app(app: Flask) -> None:
    """Answer every fault under /api/ as problem+json, and tell the version with every answer there."""
    app.extensions["consult.problem"] = problem_response
    app.register_error_handler(Problem, lambda problem: problem.response())
    # Last of all, so that what is left to ask is told after this call was counted.
    app.after_request_funcs.setdefault(None, []).insert(0, _headers)


def _view(operation: Operation) -> rates.View:
    """The view of one call. Named after its handler, so that its limit is its own."""

    @wraps(operation.handler)
    def view(**parts: Any) -> Response:
        known = let_in(operation.of_key, public=operation.is_public)
        if known is not None:
            rates.count(known)
            _note_use(known)
        given = _given(operation)
        asked: Asked[Any] = Asked(given, known, _looked_up(operation, given))
        work = partial(operation.handler, asked, **parts)
        if operation.method == "GET":
            return jsonify(work().as_json())
        return _act(known, lambda: (work().as_json(), operation.status))

    return rates.per_address(operation, view)


def _given(operation: Operation) -> object:
    """The checked body or query; None for a call that takes neither."""
    if operation.query is not None:
        return read(operation.query, request.args.to_dict())
    if operation.body is not None:
        return read(operation.body, read_object(may_be_empty=operation.body_may_be_empty))
    return None


def _looked_up(operation: Operation, given: object) -> object:
    """What the work needs and can be read without the turn to write, or the fault that stands in its way."""
    if operation.looks_up is None:
        return None
    with looking_only():
        try:
            return operation.looks_up(given)
        except Problem as fault:
            return fault
        finally:
            db.session.rollback()


def _act(known: Caller | None, work: Callable[[], Answer]) -> Response:
    """Do what changes something, once for each Idempotency-Key, and commit."""
    who, settings = known.actor if known else "", current.settings()
    try:
        with by_program(who) if known else nullcontext():
            body, status = once(db.session, work, by=who, settings=settings, now=clock.now())
    except Problem:
        db.session.rollback()
        raise
    db.session.commit()
    response = jsonify(body)
    response.status_code = status
    return response


def _note_use(known: Caller) -> None:
    """Remember the day of use, in a transaction of its own: a call that only looks writes nothing else.

    A database that cannot write keeps nobody from looking.
    """
    day = today()
    if known.used_on == day:
        return
    db.session.rollback()
    try:
        with looking_only(on=False):
            note_use(db.session, known.key_id, today=day)
            db.session.commit()
    except OperationalError as error:
        db.session.rollback()
        log.warning("the use of a key was not noted", key=known.key_id, reason=type(error.orig).__name__)


@api.get("/openapi.json")
def openapi() -> Response:
    """The document of this version, with the address and the firm of this installation."""
    return jsonify(document_for(current.settings()))


def _headers(response: Response) -> Response:
    """What every answer under /api/ tells; public lists may be kept, and asked about again."""
    if not request.path.startswith("/api/"):
        return response
    rates.tell(response)
    response.headers["API-Version"] = VERSION
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Content-Language"] = current.language()
    response.vary.add("Accept-Language")
    if link := link_header():
        response.headers["Link"] = link
    public = request.method in {"GET", "HEAD"} and "Authorization" not in request.headers
    if public and response.status_code == 200:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        response.make_conditional(request)
    elif response.status_code != 304:
        response.headers["Cache-Control"] = "no-store"
    return response


for _each in OPERATIONS:
    api.add_url_rule(_each.rule, _each.name, _view(_each), methods=[_each.method])
