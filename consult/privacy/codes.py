"""What in stored JSON is a fact of ours, and what might be somebody's words."""

from __future__ import annotations

import re
from typing import Any

# A word of our own: ``page.least_loaded``, ``ACCEPTED``; or an instant or a date (ISO 8601).
CODE = re.compile(r"[a-z]+(?:[._-][a-z]+)*|[A-Z]+(?:-[A-Z]+)*")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?")


def codes_only(value: Any) -> Any:
    """The same value with every text taken out that is no code and no instant; keys that lose theirs go too."""
    if isinstance(value, dict):
        kept = {key: codes_only(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each is not None or value[key] is None}
    if isinstance(value, list):
        return [kept for each in value if (kept := codes_only(each)) is not None]
    if isinstance(value, str):
        return value if CODE.fullmatch(value) or INSTANT.fullmatch(value) else None
    return value
