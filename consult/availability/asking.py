"""The values with which moments are asked for, and those that come back.

Knows nothing of how a row is stored or how a moment is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from consult.timespan import Span, as_utc
from consult.worktime import day_start

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import tzinfo

    from consult.availability.schedule import Schedule

MAX_DAYS = 62
"""The most days one question for moments may cover (the API says the same)."""


class BusyKind(IntEnum):
    """Why somebody is busy; a number, so that rows come straight from SQL."""

    BOOKING = 1
    PENDING = 2
    HOLD = 3
    GROUP = 4
    FOREIGN = 5


BusyRow: TypeAlias = tuple[int, int, int | None, int, int | None]
"""What `Busy` says, as a bare row of a query: start, end, counted, kind, talk_end."""


class Busy(NamedTuple):
    """One stretch in which a host is not free, in whole UTC minutes since 1970, ``start`` before ``end``.

    The buffers of a talk are already in ``start`` and ``end``. ``counted`` is the minute at which the talk
    itself starts when it counts towards the limits per day and week, else None (busy time from elsewhere
    never counts). ``talk_end`` is the minute at which the talk itself ends, if that is not ``end``: only an
    explanation asks for it.
    """

    start: int
    end: int
    counted: int | None = None
    kind: int = BusyKind.FOREIGN
    talk_end: int | None = None


@dataclass(frozen=True, slots=True)
class Host:
    """One advisor as the engine sees one: a number, a compiled schedule, and busy rows in any order."""

    id: int
    schedule: Schedule
    busy: Collection[BusyRow] = ()


@dataclass(frozen=True, slots=True)
class Days:
    """The dates ``first`` to ``last``, both included, as they are lived in ``zone`` (the visitor's, say).

    Raises:
        ValueError: the last date is before the first, there are more than `MAX_DAYS`, or they lie in the first
            or last year of the calendar.
    """

    first: date
    last: date
    zone: tzinfo

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.last - self.first < timedelta(days=MAX_DAYS):
            raise ValueError(f"ask for at least one day and at most {MAX_DAYS}")
        if not MINYEAR < self.first.year <= self.last.year < MAXYEAR:
            raise ValueError("the first and last year of the calendar have no days around them")

    @property
    def span(self) -> Span:
        """The instants of these dates; a date with a clock change has its 23 or 25 hours."""
        return Span(day_start(self.first, self.zone), day_start(self.last + timedelta(days=1), self.zone))


@dataclass(frozen=True, slots=True)
class VisitorLimit:
    """How many talks this visitor has (``booked``) of the number allowed at one time (``at_most``)."""

    booked: int
    at_most: int

    @property
    def reached(self) -> bool:
        """Whether one more is too many."""
        return self.booked >= self.at_most


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of a moment with several places: ``taken`` (held and pending ones too) and ``wanted``."""

    capacity: int
    taken: int
    wanted: int = 1

    @property
    def full(self) -> bool:
        """Whether the seats that are left are too few."""
        return self.taken + self.wanted > self.capacity


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a moment is asked for: when, by whom, and whether it is urgent (no notice then).

    Raises:
        ValueError: ``now`` is naive.
    """

    now: datetime
    urgent: bool = False
    visitor: VisitorLimit | None = None
    seats: Seats | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "now", as_utc(self.now))

    @property
    def closed(self) -> bool:
        """Whether no moment at all can be given on these terms."""
        return (self.visitor is not None and self.visitor.reached) or (
            self.seats is not None and self.seats.full
        )


class Slot(NamedTuple):
    """A moment that may be booked, in UTC, and the hosts (in the order asked) with whom it may.

    An offer of any host: one of ``hosts`` is enough. An offer of hosts together: all of them come.
    """

    start: datetime
    end: datetime
    hosts: tuple[int, ...]
