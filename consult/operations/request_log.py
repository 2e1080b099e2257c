"""One line in the log for every request, and a number that stands in every other line that the request causes.

Tells the route and never the path, which may hold a private link; of the visitor only the network (/24, /48).
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

import structlog
from flask import g, request

from consult.web.networks import network_of

if TYPE_CHECKING:
    from flask import Flask, Response

log = structlog.get_logger("consult.request")

HEADER = "X-Request-ID"
# Asked every few seconds by machines, and of no use in a log.
LEFT_OUT = frozenset({"health.alive", "health.ready", "health.metrics", "static"})


def init_app(app: Flask) -> None:
    """Number every request, and write its line when it is answered."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=secrets.token_hex(8))


def _end(response: Response) -> Response:
    began = g.pop("request_began", None)
    if began is None:
        # Refused before it was a request of ours: another host name, a body that is too large.
        _begin()
        began = g.pop("request_began")
    response.headers[HEADER] = structlog.contextvars.get_contextvars()["request_id"]
    if request.endpoint not in LEFT_OUT:
        log.info(
            "answered",
            method=request.method if request.method.isalpha() else "-",
            route=str(request.url_rule or "-"),
            status=response.status_code,
            milliseconds=round((time.perf_counter() - began) * 1000),
            network=network_of(request.remote_addr),
        )
    return response
