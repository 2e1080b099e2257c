"""The address in a mail to an advisor that an answer comes back to: it names the question and that advisor, signed.

Short and in small letters: it is part of a mail address, and servers change the case of those.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consult.settings import Settings

SIGNATURE_LENGTH = 24  # hexadecimal: 96 bits

_TOKEN = re.compile(rf"r([1-9][0-9]{{0,9}})-([1-9][0-9]{{0,9}})-([0-9a-f]{{{SIGNATURE_LENGTH}}})")


def advisor_token(settings: Settings, enquiry_id: int, advisor_id: int) -> str:
    """The token with which this advisor answers this question by mail."""
    return f"r{enquiry_id}-{advisor_id}-{_signature(settings.signing_keys()[-1], enquiry_id, advisor_id)}"


def read_advisor_token(settings: Settings, token: str) -> tuple[int, int] | None:
    """The ids of the question and the advisor; None for a token that we did not make. Earlier keys still count."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    enquiry_id, advisor_id = int(found[1]), int(found[2])
    if max(enquiry_id, advisor_id) >= 2**31:
        return None
    for key in settings.signing_keys():
        if hmac.compare_digest(_signature(key, enquiry_id, advisor_id), found[3]):
            return enquiry_id, advisor_id
    return None


def _signature(key: str, enquiry_id: int, advisor_id: int) -> str:
    text = f"advisor-address:{enquiry_id}:{advisor_id}"
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:SIGNATURE_LENGTH]
