"""Limits per address on what visitors send: only what was accepted counts, so that a mistake costs nothing.

One household or machine has a whole /64 of IPv6 addresses, so all of those count as one. A town hall has one address
for everybody: its limits leave room for several people at once.
"""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from flask import g
from flask_limiter.util import get_remote_address

from consult.extensions import limiter

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response
    from flask_limiter import RouteLimit

ACCEPTED = frozenset({200, 201, 303})


def limit_posts(
    rule: str, *, together: str | None = None, exempt_when: Callable[[], bool] | None = None
) -> RouteLimit:
    """At most so many accepted POSTs per address, as in ``20/day;5/hour``; ``together`` is a count that views share.

    ``exempt_when`` tells whether this request has a limit of its own elsewhere.
    """
    if together:
        return limiter.shared_limit(
            rule, scope=together, methods=["POST"], deduct_when=_accepted, key_func=network
        )
    return limiter.limit(
        rule, methods=["POST"], deduct_when=_accepted, key_func=network, exempt_when=exempt_when
    )


def network() -> str:
    """Where this request comes from: an IPv4 address, or the /64 round an IPv6 address."""
    address = get_remote_address()
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or IPv6Network((int(parsed), 64), strict=False))


def costs_nothing() -> None:
    """This answer asks something back; what was sent does not count."""
    g.costs_nothing = True


def _accepted(response: Response) -> bool:
    return response.status_code in ACCEPTED and not g.get("costs_nothing", False)
