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
    minutes = (
        meeting_type.minutes,
        meeting_type.step_minutes,
        meeting_type.buffer_before_minutes,
        meeting_type.buffer_after_minutes,
        meeting_type.notice_minutes,
    )
    return _rules(minutes, meeting_type.horizon_days, meeting_type.per_day, meeting_type.per_week)


@lru_cache(maxsize=256)
def _rules(minutes: tuple[int, ...], horizon: int, per_day: int | None, per_week: int | None) -> MeetingRules:
    """Made once for the same numbers: they are checked when they are made."""
    lengths = (timedelta(minutes=each) for each in minutes)
    return MeetingRules(*lengths, horizon=horizon, per_day=per_day, per_week=per_week)
