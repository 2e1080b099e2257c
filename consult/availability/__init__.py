"""Which moments may be offered, and why another one may not.

An engine: values in, values out. Knows nothing of the database, of pages or of what time it is; it makes no
text. Times are instants in UTC, inside as whole minutes; hours and limits follow the wall clock of the host.
"""

from consult.availability.asking import (
    MAX_DAYS,
    Busy,
    BusyKind,
    BusyRow,
    Days,
    Host,
    Seats,
    Slot,
    Terms,
    VisitorLimit,
)
from consult.availability.deciding import NotCovered, busy_window, decide, offer, together, who_can
from consult.availability.explaining import Refusal, Rule, why_not
from consult.availability.nearby import alternatives
from consult.availability.own_rules import MOST_REST, OwnRules, rested, tightened
from consult.availability.rules import Conflict, Contradiction, MeetingRules, contradictions
from consult.availability.schedule import Schedule, compile_schedule, instant_at, minute_after, minute_of

__all__ = [
    "MAX_DAYS",
    "MOST_REST",
    "Busy",
    "BusyKind",
    "BusyRow",
    "Conflict",
    "Contradiction",
    "Days",
    "Host",
    "MeetingRules",
    "NotCovered",
    "OwnRules",
    "Refusal",
    "Rule",
    "Schedule",
    "Seats",
    "Slot",
    "Terms",
    "VisitorLimit",
    "alternatives",
    "busy_window",
    "compile_schedule",
    "contradictions",
    "decide",
    "instant_at",
    "minute_after",
    "minute_of",
    "offer",
    "rested",
    "tightened",
    "together",
    "who_can",
    "why_not",
]
