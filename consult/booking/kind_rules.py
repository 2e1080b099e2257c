"""The rules of a kind of talk, as the availability engine wants them."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from consult.availability import MeetingRules

if TYPE_CHECKING:
    from consult.booking.models import MeetingType


def rules_of(meeting_type: MeetingType) -> MeetingRules:
    """The rules of a kind of talk, as the engine wants them."""
    return _rules(
        meeting_type.minutes,
        meeting_type.step_minutes,
        (meeting_type.buffer_before_minutes, meeting_type.buffer_after_minutes),
        meeting_type.notice_minutes,
        meeting_type.horizon_days,
        (meeting_type.per_day, meeting_type.per_week),
    )


@lru_cache(maxsize=256)
def _rules(
    length: int,
    step: int,
    buffers: tuple[int, int],
    notice: int,
    horizon: int,
    limits: tuple[int | None, int | None],
) -> MeetingRules:
    """Made once for the same numbers: they are checked when they are made."""
    return MeetingRules(
        length=timedelta(minutes=length),
        step=timedelta(minutes=step),
        buffer_before=timedelta(minutes=buffers[0]),
        buffer_after=timedelta(minutes=buffers[1]),
        notice=timedelta(minutes=notice),
        horizon=horizon,
        per_day=limits[0],
        per_week=limits[1],
    )
