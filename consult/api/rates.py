"""How much may be asked: per address without a key, per key with one; and the headers that tell how much is left."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import g
from flask_babel import gettext
from limits import RateLimitItemPerMinute

from consult.api.callers import caller
from consult.api.problems import Problem
from consult.extensions import limiter
from consult.web import current
from consult.web.limits import limit_posts, network

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response
    from flask.typing import ResponseReturnValue

    from consult.api.callers import Caller
    from consult.api.operations import Operation

    View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Left:
    """How many calls there may be, how many are left, and in how many seconds all are there again."""

    limit: int
    remaining: int
    seconds: int


def per_address(operation: Operation, view: View) -> View:
    """The view with the limit of this call per address, which a key lifts."""
    if operation.method == "POST":
        return limit_posts(operation.limit, exempt_when=_has_key)(view)
    return limiter.limit(operation.limit, key_func=network, exempt_when=_has_key)(view)


def count(known: Caller) -> None:
    """One more call with this key.

    Raises:
        Problem: 429 when that is more than the key may have in a minute.
    """
    if not current.settings().ratelimit_enabled:
        return
    item, who = RateLimitItemPerMinute(known.per_minute), ("api-key", str(known.key_id))
    in_time = limiter.limiter.hit(item, *who)
    stats = limiter.limiter.get_window_stats(item, *who)
    seconds = max(1, int(stats.reset_time - time.time()))
    g.api_left = Left(known.per_minute, stats.remaining, seconds)
    if not in_time:
        told = gettext("U vraagt te veel in korte tijd. De header Retry-After zegt hoe lang u wacht.")
        raise Problem(429, told, headers={"Retry-After": str(seconds)})


def tell(response: Response) -> None:
    """Put in the headers how much is left."""
    left: Left | None = g.get("api_left")
    counted = limiter.current_limit
    if left is None and counted is not None:
        seconds = max(1, counted.reset_at - int(time.time()))
        left = Left(counted.limit.amount, counted.remaining, seconds)
    if left is not None:
        response.headers["RateLimit-Limit"] = str(left.limit)
        response.headers["RateLimit-Remaining"] = str(left.remaining)
        response.headers["RateLimit-Reset"] = str(left.seconds)


def _has_key() -> bool:
    return caller() is not None
