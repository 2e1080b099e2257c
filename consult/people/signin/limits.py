"""How often somebody may try to sign in: five failures in 15 minutes for one account from one address.

Counted per address and account together, so that nobody can lock a colleague out from elsewhere; and for an address
as a whole, so that trying one password on many accounts ends too. A code of the second step counts for the account.
"""

from __future__ import annotations

import hashlib
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from flask import g, request
from flask_limiter import RateLimitExceeded
from werkzeug.exceptions import TooManyRequests

from consult.extensions import limiter

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

PER_ACCOUNT = "5 per 15 minutes"
PER_ADDRESS = "20 per 15 minutes"
# Who tries codes knows the password; from every address together, for a code has six digits only.
PER_SECOND_STEP = "10 per 15 minutes"
# Each question to a browser or journey to a provider is a row for some minutes; a town hall has one address.
PER_BEGIN = "100 per 15 minutes"
# Links by mail for who lost the password.
PER_REQUEST = "10 per hour"


def _address() -> str:
    """The network somebody comes from: an IPv6 line has a /64 of addresses to itself (RFC 6177)."""
    address = ip_address(request.remote_addr or "127.0.0.1")
    return address.exploded[:19] if isinstance(address, IPv6Address) else str(address)


def _address_and_account() -> str:
    account = hashlib.sha256(request.form.get("email", "").strip().lower().encode()).hexdigest()
    return f"{_address()}|{account}"


def _failed(response: Response) -> bool:
    return response.status_code >= 400


@limiter.limit(PER_ADDRESS, key_func=_address, deduct_when=_failed)
@limiter.limit(PER_ACCOUNT, key_func=_address_and_account, deduct_when=_failed)
def _count() -> None:
    """Carry the two limits."""


@limiter.limit(PER_SECOND_STEP, key_func=lambda: f"account {g.proving}", deduct_when=_failed)
def _count_proof() -> None:
    """Carry the limit."""


@limiter.limit(PER_BEGIN, key_func=_address)
def _count_begin() -> None:
    """Carry the limit."""


def count_begin() -> None:
    """Let this request count, which begins what is ended elsewhere.

    Raises:
        TooManyRequests: with the seconds to wait.
    """
    _counted(_count_begin)


@limiter.limit(PER_REQUEST, key_func=_address)
def _count_request() -> None:
    """Carry the limit."""


def count_request() -> None:
    """Let this request count, which asks for a mail.

    Raises:
        TooManyRequests: with the seconds to wait.
    """
    _counted(_count_request)


def count_attempt() -> None:
    """Let this request count when it fails.

    Raises:
        TooManyRequests: with the seconds to wait.
    """
    _counted(_count)


def count_proof(account_id: int) -> None:
    """Let this request, which proves who somebody is that is known already, count when it fails.

    Raises:
        TooManyRequests: with the seconds to wait.
    """
    g.proving = account_id
    _counted(_count_proof)


def _counted(limit: Callable[[], None]) -> None:
    try:
        limit()
    except RateLimitExceeded as error:
        raise TooManyRequests(retry_after=error.limit.limit.get_expiry()) from error
