"""The only reader of the time.

Everything else takes ``now`` as an argument, so that a test or a demonstration can say what time it is. Where several
machines share a database, workers go by the database's clock (``follow``): one whose own clock is wrong or jumps takes
no work of others and lets none lie.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class _Clock:
    """The machine's clock, and how far ours runs ahead of it."""

    ahead = timedelta(0)
    # What somebody else's clock said, and our own count of seconds at that moment, which no change of the time moves.
    told: tuple[datetime, float] | None = None


def now() -> datetime:
    """The current instant in UTC, aware; shifted when the clock was started elsewhere."""
    return _ticking() + _Clock.ahead


def start_at(instant: datetime) -> None:
    """Let the clock run on from ``instant`` (aware) instead of from the machine's time."""
    _Clock.ahead = instant - _ticking()


def follow(instant: datetime | None) -> None:
    """From here on count from ``instant`` (aware), told by another clock just now; None: the machine's time again."""
    _Clock.told = None if instant is None else (instant.astimezone(UTC), time.monotonic())


def _ticking() -> datetime:
    if _Clock.told is None:
        return datetime.now(UTC)
    instant, at = _Clock.told
    return instant + timedelta(seconds=time.monotonic() - at)
