"""What one host asks on top of the rules of a type of talk: more rest, more notice, fewer talks.

A host may be stricter than the type of talk and never looser: of each rule the stricter one holds. Own rest also lies
around talks that were booked before it was asked for, so that it needs no change to what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from consult.availability.rules import MINUTE, MeetingRules, whole_minutes

if TYPE_CHECKING:
    from collections.abc import Collection

    from consult.availability.asking import BusyRow

MOST_REST = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class OwnRules:
    """The own rules of one host, in the units of `MeetingRules`; None leaves the rule to the type of talk.

    Raises:
        ValueError: a length is negative, has seconds, or is a rest of more than `MOST_REST`.
    """

    buffer_before: timedelta | None = None
    buffer_after: timedelta | None = None
    notice: timedelta | None = None
    horizon: int | None = None
    per_day: int | None = None
    per_week: int | None = None

    def __post_init__(self) -> None:
        for length in (self.buffer_before, self.buffer_after, self.notice):
            whole_minutes(length or timedelta(0))
        if any(rest is not None and rest > MOST_REST for rest in (self.buffer_before, self.buffer_after)):
            raise ValueError("a rest lasts at most four hours")

    @property
    def rests(self) -> bool:
        """Whether there is rest around a talk in these rules."""
        return bool(self.buffer_before or self.buffer_after)


def tightened(rules: MeetingRules, own: OwnRules | None, *, far: bool = False) -> MeetingRules:
    """The rules of a type of talk with those of the host: the stricter of each two.

    ``far`` is for a talk of a series, that lies beyond any horizon: then the own horizon does not count.

    Raises:
        ValueError: a limit of the host is below 1 or the horizon is negative.
    """
    if own is None:
        return rules
    return replace(
        rules,
        buffer_before=max(rules.buffer_before, own.buffer_before or timedelta(0)),
        buffer_after=max(rules.buffer_after, own.buffer_after or timedelta(0)),
        notice=max(rules.notice, own.notice or timedelta(0)),
        horizon=rules.horizon if far or own.horizon is None else min(rules.horizon, own.horizon),
        per_day=_fewer(rules.per_day, own.per_day),
        per_week=_fewer(rules.per_week, own.per_week),
    )


def rested(busy: Collection[BusyRow], own: OwnRules | None) -> Collection[BusyRow]:
    """The busy rows with the host's own rest around each talk; what is no talk stays as it is.

    A row is only known as a talk with both ends of the talk itself, ``counted`` and ``talk_end``.
    """
    if own is None or not own.rests:
        return busy
    before = (own.buffer_before or timedelta(0)) // MINUTE
    after = (own.buffer_after or timedelta(0)) // MINUTE
    return [
        (start, end, counted, kind, talk_end)
        if counted is None or talk_end is None
        else (min(start, counted - before), max(end, talk_end + after), counted, kind, talk_end)
        for start, end, counted, kind, talk_end in busy
    ]


def _fewer(one: int | None, other: int | None) -> int | None:
    """The lower of two limits, where None is none."""
    return min((limit for limit in (one, other) if limit is not None), default=None)
