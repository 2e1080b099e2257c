"""Faults of the API as problem details (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response, json
from flask_babel import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A call that cannot be answered as asked; becomes a problem+json answer."""

    def __init__(
        self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        self.more = more

    def response(self) -> Response:
        """The answer."""
        response = problem_response(self.status, self.detail, **self.more)
        response.headers.update(self.headers)
        return response


def problem_response(status: int, detail: str, error_id: str | None = None, **more: Any) -> Response:
    """A problem+json answer; ``more`` are extension members (RFC 9457 3.2).

    With an ``error_id`` the fault is one of the framework, which knows no Dutch: then ours is the sentence.
    """
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _words(status) or detail if error_id else detail,
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


def _words(status: int) -> str:
    words = {
        400: gettext("De aanroep is niet goed gevormd."),
        404: gettext("Dit bestaat niet."),
        405: gettext("Dit kan hier niet. De header Allow zegt wat wel kan."),
        413: gettext("U stuurt te veel in één keer. Ten hoogste 256 kB."),
        415: gettext("Stuur JSON, met Content-Type: application/json."),
        429: gettext("U vraagt te veel in korte tijd. De header Retry-After zegt hoe lang u wacht."),
        500: gettext("Er ging bij ons iets mis. Uw aanroep is niet verwerkt."),
        503: gettext("Wij zijn even niet bereikbaar. Er is niets bewaard."),
    }
    return str(words.get(status, ""))
