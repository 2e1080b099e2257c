"""The only reader of the time.

Everything else takes ``now`` as an argument, so that a test or a demonstration can say what time it is.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class _Clock:
    """The machine's clock, and how far ours runs ahead of it."""

    ahead = timedelta(0)


def now() -> datetime:
    """The current instant in UTC, aware; shifted when the clock was started elsewhere."""
    return datetime.now(UTC) + _Clock.ahead


def start_at(instant: datetime) -> None:
    """Let the clock run on from ``instant`` (aware) instead of from the machine's time."""
    _Clock.ahead = instant - datetime.now(UTC)
