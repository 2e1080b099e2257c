"""Advisors as routing sees them: what they can take, how much they have, when they are away.

Knows ids, counts and instants; refuses to know names, mail addresses, the database and the time of day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.timespan import as_utc

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Absence:
    """Away from ``starts_at`` up to but not including ``ends_at`` (kept in UTC; None: not known yet).

    ``stand_in_id`` is the advisor who takes over in that time, if one was named.

    Raises:
        ValueError: an end is naive, or the absence would be empty or backwards.
    """

    starts_at: datetime
    ends_at: datetime | None = None
    stand_in_id: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts_at", as_utc(self.starts_at))
        if self.ends_at is not None:
            object.__setattr__(self, "ends_at", as_utc(self.ends_at))
        if self.ends_at is not None and self.starts_at >= self.ends_at:
            raise ValueError("an absence ends after it starts")

    def __contains__(self, instant: datetime) -> bool:
        instant = as_utc(instant)
        return self.starts_at <= instant and (self.ends_at is None or instant < self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisor:
    """One advisor at the moment of routing.

    ``generalist`` means competent in every topic. ``weight`` is the part of the work this advisor should
    get, 100 for a full part; 0 means: only what names them, and of those named the last. ``capacity`` caps
    ``open_count``, the questions not yet finished. ``assigned_count`` counts what was assigned in the
    rolling window (`balance.WINDOW`), ``fair_share`` what should have been, in thousandths of a question
    (`balance.with_fair_shares`); 0 while nothing is known. ``joined_at`` and ``left_at`` bound the time in
    which this advisor could be given work.

    Raises:
        ValueError: a count, weight or capacity below zero, or a naive instant.
    """

    id: int
    channels: frozenset[str]
    topic_ids: frozenset[int] = frozenset()
    generalist: bool = False
    active: bool = True
    weight: int = 100
    capacity: int | None = None
    open_count: int = 0
    assigned_count: int = 0
    fair_share: int = 0
    last_assigned_at: datetime | None = None
    joined_at: datetime | None = None
    left_at: datetime | None = None
    absences: tuple[Absence, ...] = ()

    def __post_init__(self) -> None:
        if min(self.weight, self.capacity or 0, self.open_count, self.assigned_count, self.fair_share) < 0:
            raise ValueError("counts, weight and capacity of an advisor are never below zero")
        for name in ("last_assigned_at", "joined_at", "left_at"):
            instant = getattr(self, name)
            if instant is not None:
                object.__setattr__(self, name, as_utc(instant))

    def competent_in(self, topic_id: int) -> bool:
        """Whether this advisor answers questions about the topic."""
        return self.generalist or topic_id in self.topic_ids

    def at_capacity(self) -> bool:
        """Whether one more open question would be one too many."""
        return self.capacity is not None and self.open_count >= self.capacity

    def absent(self, at: datetime) -> bool:
        """Whether this advisor is away at the instant."""
        return any(at in absence for absence in self.absences)

    def back_at(self, at: datetime) -> datetime | None:
        """The first instant after ``at`` outside every absence; None when an absence has no known end.

        Absences that touch or overlap count as one: nobody is announced back for the minute in between.
        """
        back = at
        for absence in sorted(self.absences, key=lambda each: each.starts_at):
            if back in absence:
                if absence.ends_at is None:
                    return None
                back = absence.ends_at
        return back

    def stand_in_at(self, at: datetime) -> int | None:
        """Who takes over at the instant: the one named in the absence that started last."""
        named = [each for each in self.absences if at in each and each.stand_in_id is not None]
        return (
            max(named, key=lambda each: (each.starts_at, each.stand_in_id or 0)).stand_in_id
            if named
            else None
        )
