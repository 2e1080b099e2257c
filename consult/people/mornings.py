"""When the house mails its own people: at eight on a working day, and not in the afternoon for a morning that is past.

Knows weekends and the holidays that the office keeps; refuses to know what a mail is about.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from consult.people.holidays import switched_off
from consult.worktime import dutch_holidays, instant_of

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.settings import Settings

EIGHT = time(8)
# A worker that was down sends it late, but not in the afternoon.
NOT_AFTER = time(12)
FRIDAY = 4


def morning(settings: Settings, now: datetime) -> datetime | None:
    """Eight o'clock of this weekday on the firm's clock; None before it, after noon, and in the weekend."""
    local = now.astimezone(ZoneInfo(settings.timezone))
    if local.weekday() > FRIDAY or not EIGHT <= local.time() < NOT_AFTER:
        return None
    return instant_of(local.date(), EIGHT, ZoneInfo(settings.timezone))


def is_working_day(session: DbSession, settings: Settings, now: datetime) -> bool:
    """Whether the day of ``now`` on the firm's clock is no holiday that the office keeps."""
    local = now.astimezone(ZoneInfo(settings.timezone))
    return local.date() not in dutch_holidays(range(local.year, local.year + 1), switched_off(session))
