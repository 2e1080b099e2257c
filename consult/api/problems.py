"""Faults of the API as problem details (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response, json
from flask_babel import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A call that cannot be answered as asked; becomes a problem+json answer."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.more = more

    def response(self) -> Response:
        """The answer."""
        return problem_response(self.status, self.detail, **self.more)


def problem_response(status: int, detail: str, error_id: str | None = None, **more: Any) -> Response:
    """A problem+json answer; ``more`` are extension members (RFC 9457 3.2)."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    if error_id:
        body["errorId"] = error_id
    return Response(json.dumps(body), status, mimetype=MEDIA_TYPE)


def invalid(errors: Sequence[dict[str, str]]) -> Problem:
    """The body or query is understood but not right; ``errors`` name the places."""
    return Problem(422, gettext("Controleer de gegevens en stuur ze opnieuw."), errors=list(errors))


def not_found() -> Problem:
    """Nothing is there, or it is not for this caller to know."""
    return Problem(404, gettext("Dit bestaat niet."))
