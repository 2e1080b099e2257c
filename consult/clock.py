"""The only reader of the time.

Everything else takes ``now`` as an argument, so that a test or a demonstration can say what time it is.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_offset = timedelta(0)


def now() -> datetime:
    """The current instant in UTC, aware; shifted when the clock was started elsewhere."""
    return datetime.now(UTC) + _offset


def start_at(instant: datetime) -> None:
    """Let the clock run on from ``instant`` (aware) instead of from the machine's time."""
    global _offset
    _offset = instant - datetime.now(UTC)
