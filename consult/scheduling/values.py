"""What a meeting is, as far as a calendar can know it: frozen values that refuse to be wrong.

Every instant is aware; the zone is only the clock that people read. No subject, no database key and no
library type lives here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from consult.scheduling.text import checked_address, checked_link, checked_uid

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from consult.scheduling.recurrence import Recurrence


class Participation(StrEnum):
    """What a person said to the invite (PARTSTAT of a VEVENT, RFC 5545 3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"
    DELEGATED = "DELEGATED"


class Status(StrEnum):
    """How sure the meeting itself is (STATUS of a VEVENT, RFC 5545 3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name to show and a mail address.

    Raises:
        ValueError: the address is not one.
    """

    name: str
    address: str

    def __post_init__(self) -> None:
        checked_address(self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting, or one series, as one receiver's calendar holds it.

    ``sequence`` is the organizer's counter, ``changed_at`` the instant of the change that is being told: it
    becomes DTSTAMP and LAST-MODIFIED, so it is later in each message about the same UID (RFC 5546 2.1.5).
    ``attendee`` is the receiver of the mail, and nobody else is ever named; a feed leaves it out.
    ``recurrence_id`` is the start that an occurrence had in its series: the message is about that one only.
    ``alarm`` is how long before the start the receiver's calendar warns.

    Raises:
        ValueError: a naive instant, an end not after the start, a sequence below zero, an unknown zone, a
            UID, address or link that no calendar can carry, or a series that is an occurrence too.
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    created_at: datetime
    changed_at: datetime
    organizer: Person
    attendee: Person | None = None
    participation: Participation = Participation.NEEDS_ACTION
    zone: str = "Europe/Amsterdam"
    description: str = ""
    location: str = ""
    conference_url: str | None = None
    private_url: str | None = None
    status: Status = Status.CONFIRMED
    busy: bool = True
    alarm: timedelta | None = None
    recurrence: Recurrence | None = None
    excluded: tuple[datetime, ...] = field(default=())
    recurrence_id: datetime | None = None
    language: str = "nl"

    def __post_init__(self) -> None:
        checked_uid(self.uid)
        for link in (self.conference_url, self.private_url):
            if link is not None:
                checked_link(link)
        instants = (self.start, self.end, self.created_at, self.changed_at, *self.excluded)
        if any(instant.utcoffset() is None for instant in instants):
            raise ValueError("a meeting needs aware instants")
        if self.recurrence_id is not None and self.recurrence_id.utcoffset() is None:
            raise ValueError("a meeting needs aware instants")
        if self.end <= self.start:
            raise ValueError("a meeting ends after it starts")
        if not 0 <= self.sequence < 2**31:
            raise ValueError("a sequence counts from 0")
        if self.zone not in _zone_names():
            raise ValueError("an unknown time zone")
        if self.recurrence is not None and self.recurrence_id is not None:
            raise ValueError("one occurrence is not a series")
        if not self.language.replace("-", "").isalnum() or not self.language.isascii():
            raise ValueError("not a language tag")

    def starts(self) -> tuple[datetime, ...]:
        """When each occurrence starts, aware in the meeting's zone, excluded ones left out, in order."""
        if self.recurrence is None:
            return (self.start.astimezone(ZoneInfo(self.zone)),)
        every = self.recurrence.starts(self.start.astimezone(ZoneInfo(self.zone)))
        return tuple(start for start in every if start not in self.excluded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A calendar to subscribe to: the meetings of an advisor or a team.

    ``owner`` is named as organizer of everything in it, in place of the meeting's own organizer: that address
    holds the token with which an attendee answers, and a feed may be passed on.
    """

    name: str
    owner: Person
    meetings: tuple[Meeting, ...]
    description: str = ""


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())
