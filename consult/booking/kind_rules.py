"""The rules of a kind of talk, as the availability engine wants them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from consult.availability import MeetingRules

if TYPE_CHECKING:
    from consult.booking.models import MeetingType


def rules_of(meeting_type: MeetingType) -> MeetingRules:
    """The rules of a kind of talk, as the engine wants them."""
    return MeetingRules(
        length=timedelta(minutes=meeting_type.minutes),
        step=timedelta(minutes=meeting_type.step_minutes),
        buffer_before=timedelta(minutes=meeting_type.buffer_before_minutes),
        buffer_after=timedelta(minutes=meeting_type.buffer_after_minutes),
        notice=timedelta(minutes=meeting_type.notice_minutes),
        horizon=meeting_type.horizon_days,
        per_day=meeting_type.per_day,
        per_week=meeting_type.per_week,
    )
