"""Whether an ID token is one: signed by the provider with a key of its own, for us, now, and for this very journey.

OpenID Connect Core 1.0, 3.1.3.7. The algorithm is one of a list of ours, so that neither ``none`` nor a signature made
with a public key as if it were a secret is ever tried.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
LEEWAY_SECONDS = 60
LONGEST = 16_000


class TokenRefused(Exception):
    """It is none; ``args[0]`` says why, for the log only."""


def subject_of(
    token: str,
    key_named: Callable[[str | None], dict[str, Any] | None],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    proved_since: datetime | None,
    now: datetime,
) -> str:
    """Who this token is about: its ``sub``. ``key_named`` finds the provider's key.

    ``proved_since``: this person must have signed in at the provider since then (``auth_time``); None: whenever.

    Raises:
        TokenRefused: something in it is not as it must be.
    """
    kid, algorithm = _header(token)
    key = key_named(kid)
    if key is None:
        raise TokenRefused("key")
    if key.get("alg", algorithm) != algorithm:
        raise TokenRefused("alg of the key")
    claims = _signed_claims(token, key, algorithm, issuer=issuer, client_id=client_id, nonce=nonce, now=now)
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise TokenRefused("sub")
    if proved_since is not None and not _proved(claims, proved_since):
        raise TokenRefused("auth_time")
    return subject


def _header(token: str) -> tuple[str | None, str]:
    head, dot, _rest = token.partition(".")
    try:
        told: Any = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))) if dot else None
        kid, algorithm = told.get("kid"), told.get("alg")
    except (ValueError, AttributeError, RecursionError):
        raise TokenRefused("header") from None
    if len(token) > LONGEST or not isinstance(kid, str | None):
        raise TokenRefused("header")
    if algorithm not in ALGORITHMS:
        raise TokenRefused("alg")
    return kid, algorithm


def _signed_claims(
    token: str, key: dict[str, Any], algorithm: str, *, issuer: str, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwk, jwt
    from joserfc.errors import JoseError

    wanted = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": client_id},
        "nonce": {"essential": True, "value": nonce},
    }
    try:
        read = jwt.decode(token, jwk.import_key(key), algorithms=[algorithm])
        claims = CodeIDToken(read.claims, read.header, wanted, {"nonce": nonce, "client_id": client_id})
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except JoseError as error:
        raise TokenRefused(f"{error.error} {getattr(error, 'claim', '')}".strip()) from None
    except (ValueError, TypeError, KeyError) as error:
        raise TokenRefused(type(error).__name__) from None
    return dict(read.claims)


def _proved(claims: dict[str, Any], since: datetime) -> bool:
    proved_at = claims.get("auth_time")
    return isinstance(proved_at, int) and proved_at >= since.timestamp() - LEEWAY_SECONDS
