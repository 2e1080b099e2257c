"""How much of the firm's working time lies between two instants, for very many pairs of them.

The working time of every day is added up once; after that a pair costs two searches. Knows no question.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from consult.people.holidays import switched_off
from consult.people.schedules import FIRM_HOURS
from consult.worktime import Block, WorkWeek, dutch_holidays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession
    from consult.settings import Settings

DAY = timedelta(days=1)
HOUR = 3600
# Before any instant.
EVER = -(2**62)


@dataclass(frozen=True, slots=True)
class WorkedTime:
    """Blocks of working time in order, in seconds since 1970.

    ``base`` is for each what lies before it, less its start: with an instant within it that is all up to the instant.
    An empty block before all others makes that no instant is without one.
    """

    starts: Sequence[int]
    ends: Sequence[int]
    base: Sequence[int]

    @classmethod
    def of(cls, week: WorkWeek, first: date, last: date) -> WorkedTime:
        """The working time of ``week`` on these local dates and those between them; none outside of them."""
        days = (first + DAY * ahead for ahead in range((last - first).days + 1))
        spans = [span for day in days for span in week.spans_on(day)]
        starts = [int(span.start.timestamp()) for span in spans]
        ends = [int(span.end.timestamp()) for span in spans]
        before = [0, *accumulate(end - start for start, end in zip(starts, ends, strict=True))]
        base = [before[place] - start for place, start in enumerate(starts)]
        return cls([EVER, *starts], [EVER, *ends], [-EVER, *base])

    def hours(self, first: int, second: int) -> float:
        """The working hours from one instant to a later one, both in seconds since 1970."""
        starts, ends, base = self.starts, self.ends, self.base
        place, last = bisect_right(starts, first) - 1, bisect_right(starts, second) - 1
        # Written out twice: of everything that is counted, this is done most often.
        end, last_end = ends[place], ends[last]
        before = base[place] + (min(end, first))
        return (base[last] + (min(last_end, second)) - before) / HOUR


@lru_cache(maxsize=16)
def _holidays(first: int, last: int, off: frozenset[str]) -> frozenset[date]:
    return frozenset(dutch_holidays(range(first, last + 1), off))


@lru_cache(maxsize=16)
def _added_up(
    zone: tzinfo, weekly: tuple[tuple[Block, ...], ...], closed: frozenset[date], first: date, last: date
) -> WorkedTime:
    return WorkedTime.of(WorkWeek(zone, weekly, closed_on=closed), first, last)


def firm_time(session: DbSession, first: date, *, settings: Settings, now: datetime) -> WorkedTime:
    """The firm's working time from this date up to now, without the holidays on which it is closed; one statement."""
    zone = ZoneInfo(settings.timezone)
    today = now.astimezone(zone).date()
    closed = _holidays(first.year, today.year, switched_off(session))
    return _added_up(zone, FIRM_HOURS, closed, first, max(first, today))
