"""Keep the address of somebody's calendar, and the sign-in, so that the database alone opens neither.

Sealed with a key that follows from the secret key of the installation; earlier keys still open.
"""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from consult.calendars.troubles import NotRead, Trouble

if TYPE_CHECKING:
    from consult.settings import Settings

PURPOSE = b"consult: addresses of calendars"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a calendar is reached."""

    address: str
    username: str | None = None
    password: str | None = None

    @property
    def sign_in(self) -> dict[str, str]:
        """The header that says who asks; for the host of this address only."""
        if not self.username:
            return {}
        pair = f"{self.username}:{self.password or ''}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def seal(settings: Settings, access: Access) -> str:
    """The text to store."""
    return _box(settings).encrypt(json.dumps(asdict(access)).encode()).decode()


def unseal(settings: Settings, sealed: str) -> Access:
    """What was sealed.

    Raises:
        NotRead: with a key that this installation does not have any more.
    """
    try:
        return Access(**json.loads(_box(settings).decrypt(sealed)))
    except InvalidToken:
        raise NotRead(Trouble.UNSEALABLE) from None


def _box(settings: Settings) -> MultiFernet:
    newest_first = reversed(settings.signing_keys())
    return MultiFernet(
        [
            Fernet(base64.urlsafe_b64encode(hmac.digest(key.encode(), PURPOSE, "sha256")))
            for key in newest_first
        ]
    )
