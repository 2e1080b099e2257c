"""Limits per address on what visitors send: only what was accepted counts, so that a mistake costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.extensions import limiter

if TYPE_CHECKING:
    from flask import Response
    from flask_limiter import RouteLimit

ACCEPTED = frozenset({200, 201, 303})


def limit_posts(rule: str) -> RouteLimit:
    """At most so many accepted POSTs per address, as in ``20/day;5/hour``."""
    return limiter.limit(rule, methods=["POST"], deduct_when=_accepted)


def _accepted(response: Response) -> bool:
    return response.status_code in ACCEPTED
