"""Half-open spans of time, the one shape in which this product talks about "from … until …".

Knows nothing of advisors, bookings, wall clocks or time zones: both ends are instants, kept in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta


def as_utc(instant: datetime) -> datetime:
    """The same instant with UTC as its zone.

    Python compares and subtracts two moments of one zone by their wall clocks, which is an hour wrong across
    a clock change; in UTC it cannot go wrong.

    Raises:
        ValueError: the moment is naive, so it is no instant, or lies over the edge of the calendar.
    """
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    try:
        return instant.astimezone(UTC)
    except OverflowError as beyond:
        raise ValueError("an instant lies between the years 1 and 9999") from beyond


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The instants from ``start`` up to but not including ``end``; both aware, ``start`` before ``end``.

    Ends in any zone are taken, and kept in UTC. Two spans that only touch do not overlap
    (RFC 5545 3.6.1: DTEND is the non-inclusive end).

    Raises:
        ValueError: an end is naive, or the span would be empty or backwards.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", as_utc(self.start))
        object.__setattr__(self, "end", as_utc(self.end))
        if self.start >= self.end:
            raise ValueError("a span ends after it starts")

    @property
    def length(self) -> timedelta:
        """How much real time the span holds."""
        return self.end - self.start

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= as_utc(instant) < self.end

    def overlaps(self, other: Span) -> bool:
        """Whether at least one instant is in both."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether every instant of ``other`` is in this span."""
        return self.start <= other.start and other.end <= self.end

    def clipped(self, to: Span) -> Span | None:
        """The part that both spans share, or None when they share nothing."""
        start, end = max(self.start, to.start), min(self.end, to.end)
        return Span(start, end) if start < end else None


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same instants in the fewest spans, in order; spans that touch become one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return tuple(merged)


def subtract(spans: Iterable[Span], cuts: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of ``spans`` after taking away every instant of ``cuts``; merged and in order."""
    left = merge(spans)
    for cut in merge(cuts):
        remaining: list[Span] = []
        for span in left:
            if not span.overlaps(cut):
                remaining.append(span)
                continue
            if span.start < cut.start:
                remaining.append(Span(span.start, cut.start))
            if cut.end < span.end:
                remaining.append(Span(cut.end, span.end))
        left = tuple(remaining)
    return left
