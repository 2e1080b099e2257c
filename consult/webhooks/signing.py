"""Secrets and signatures as Standard Webhooks has them (standardwebhooks.com, 1.0): HMAC-SHA256 over id, time and body.

Knows no database. A secret is kept sealed with a key that follows from the secret key of the installation.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, MultiFernet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from consult.settings import Settings

PREFIX = "whsec_"
SECRET_BYTES = 32
PURPOSE = b"consult: secrets of webhooks"


def new_secret() -> str:
    """A fresh secret of 256 random bits, as the receiver gets it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(message_id: str, at: datetime, body: bytes, of: Iterable[str]) -> dict[str, str]:
    """What a receiver needs to know that this came from us, now; one signature for each of the secrets ``of``.

    The time is in whole seconds since 1970.
    """
    seconds = str(int(at.timestamp()))
    told = b".".join((message_id.encode(), seconds.encode(), body))
    signatures = (hmac.digest(_key(secret), told, "sha256") for secret in of)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in signatures),
    }


def seal(settings: Settings, secret: str) -> str:
    """The text to store."""
    return _box(settings).encrypt(secret.encode()).decode()


def unseal(settings: Settings, sealed: str) -> str:
    """What was sealed.

    Raises:
        cryptography.fernet.InvalidToken: with a key that this installation does not have any more.
    """
    return _box(settings).decrypt(sealed).decode()


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX))


def _box(settings: Settings) -> MultiFernet:
    newest_first = reversed(settings.signing_keys())
    return MultiFernet(
        [
            Fernet(base64.urlsafe_b64encode(hmac.digest(key.encode(), PURPOSE, "sha256")))
            for key in newest_first
        ]
    )
