"""Working hours, Dutch holidays and the business clock on which answers are promised.

An engine: values in, values out. Knows nothing of advisors, bookings, the database or what time it is now.
"""

from consult.worktime.clock import BusinessClock, NoWorkingTime, Promise
from consult.worktime.dutch import HOLIDAY_KEYS, dutch_holidays
from consult.worktime.hours import Block, WorkWeek, day_start, instant_of

__all__ = [
    "HOLIDAY_KEYS",
    "Block",
    "BusinessClock",
    "NoWorkingTime",
    "Promise",
    "WorkWeek",
    "day_start",
    "dutch_holidays",
    "instant_of",
]
