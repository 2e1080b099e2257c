"""The answer that carries a page behind a private link."""

from __future__ import annotations

from flask import Response, make_response


def private(page_text: str, status: int = 200) -> Response:
    """A page that nobody keeps and whose address goes nowhere."""
    response = make_response(page_text, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
