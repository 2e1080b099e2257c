"""What an attendee's calendar says: REPLY, COUNTER, DECLINECOUNTER and REFRESH, from the bytes of any client.

Reads PARTSTAT and never STATUS or SUMMARY (Google keeps CONFIRMED on a decline, Exchange translates the
title); does without ORGANIZER (Exchange leaves it out). Decides nothing: whether an answer counts is for whoever
knows the booking.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from consult.scheduling.lines import Block, Flaw, Line, Unreadable, calendar_block
from consult.scheduling.text import address_of, many_lines, one_line
from consult.scheduling.times import ZONE_NAMES, Clocks, clocks_of, length, local
from consult.scheduling.values import Participation

__all__ = ["Answer", "Flaw", "Method", "Respondent", "Unreadable", "read"]

MOST_BYTES = 512 * 1024
MOST_MEETINGS = 50
LONGEST_COMMENT = 5000

_NAMES = ZONE_NAMES | {
    "METHOD",
    "UID",
    "RECURRENCE-ID",
    "SEQUENCE",
    "DTSTAMP",
    "ATTENDEE",
    "ORGANIZER",
    "COMMENT",
    "DTSTART",
    "DTEND",
    "DURATION",
}
_NUMBER = re.compile(r"[0-9]{1,10}")


class Method(StrEnum):
    """What the attendee's calendar asks or answers (RFC 5546 1.4)."""

    REPLY = "REPLY"
    COUNTER = "COUNTER"
    DECLINECOUNTER = "DECLINECOUNTER"
    REFRESH = "REFRESH"


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who answers, and with what. ``delegated_to`` holds the addresses of those sent instead."""

    address: str
    name: str
    participation: Participation
    delegated_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer about one meeting, series or occurrence.

    ``recurrence_id``, ``stamp`` (DTSTAMP) and the times are aware UTC. ``sequence`` is 0 when the client
    leaves it out (RFC 5545 3.8.7.4). ``start`` and ``end`` are the proposal of a COUNTER, and None otherwise: what
    a REPLY repeats of the meeting must change nothing.
    """

    method: Method
    uid: str
    recurrence_id: datetime | None
    sequence: int
    stamp: datetime | None
    respondent: Respondent | None
    comment: str
    start: datetime | None
    end: datetime | None


def read(raw: bytes, *, zone: str = "Europe/Amsterdam", charset: str | None = None) -> tuple[Answer, ...]:
    """The answers in a calendar part: one, or one for each occurrence of a series that is answered at once.

    ``zone`` is the clock of times without a zone; ``charset`` is what the mail says of the part. A REPLY and
    a COUNTER always have a respondent, a COUNTER always a start.

    Raises:
        Unreadable: anything else than those four methods with a UID, a readable time and one respondent; for
            any bytes whatever, this is the only exception.
    """
    calendar = calendar_block(raw, _NAMES, most_bytes=MOST_BYTES, charset=charset)
    stated = calendar.first("METHOD")
    try:
        method = Method(stated.value.strip().upper() if stated else "")
    except ValueError as error:
        raise Unreadable(Flaw.METHOD) from error
    meetings = list(calendar.inside("VEVENT"))
    if not 1 <= len(meetings) <= MOST_MEETINGS:
        raise Unreadable(Flaw.NO_MEETING)
    clocks = clocks_of(calendar, zone)
    return tuple(_answer(meeting, method, clocks) for meeting in meetings)


def _answer(meeting: Block, method: Method, clocks: Clocks) -> Answer:
    uid = meeting.first("UID")
    if uid is None or not 1 <= len(uid.text.strip()) <= 255:
        raise Unreadable(Flaw.IDENTITY)
    start = _instant(meeting.first("DTSTART"), clocks) if method is Method.COUNTER else None
    if method is Method.COUNTER and start is None:
        raise Unreadable(Flaw.TIME)
    return Answer(
        method=method,
        uid=uid.text.strip(),
        recurrence_id=_instant(meeting.first("RECURRENCE-ID"), clocks),
        sequence=_sequence(meeting),
        stamp=_instant(meeting.first("DTSTAMP"), clocks),
        respondent=_respondent(meeting, method),
        comment=_comment(meeting),
        start=start,
        end=_end(meeting, start, clocks),
    )


def _sequence(meeting: Block) -> int:
    stated = meeting.first("SEQUENCE")
    if stated is None:
        return 0
    digits = stated.value.strip()
    if not _NUMBER.fullmatch(digits) or int(digits) >= 2**31:
        raise Unreadable(Flaw.IDENTITY)
    return int(digits)


def _respondent(meeting: Block, method: Method) -> Respondent | None:
    people = [found for line in meeting.every("ATTENDEE") if (found := _person(line)).address]
    if len({person.address.lower() for person in people}) > 1 and method is not Method.REPLY:
        # A counter-proposal may list everybody; the one who makes it has answered and does not organize.
        organizer = meeting.first("ORGANIZER")
        own = address_of(organizer.value).lower() if organizer else ""
        people = [
            person
            for person in people
            if person.participation is not Participation.NEEDS_ACTION and person.address.lower() != own
        ]
    one = {person.address.lower(): person for person in people}
    if len(one) == 1:
        return next(iter(one.values()))
    if one or method in {Method.REPLY, Method.COUNTER}:
        raise Unreadable(Flaw.ATTENDEE)
    return None


def _person(line: Line) -> Respondent:
    stated = line.param("PARTSTAT").strip().upper()
    known = stated in set(Participation)
    return Respondent(
        # Apple may write a principal's path and put the address in EMAIL (RFC 7986 6.2).
        address=address_of(line.value) or address_of(line.param("EMAIL")),
        name=one_line(line.param("CN"))[:200],
        participation=Participation(stated) if known else Participation.NEEDS_ACTION,
        delegated_to=tuple(filter(None, map(address_of, line.params_of("DELEGATED-TO")[:10]))),
    )


def _comment(meeting: Block) -> str:
    texts = (many_lines(line.text) for line in meeting.every("COMMENT")[:20])
    return "\n".join(filter(None, texts))[:LONGEST_COMMENT]


def _end(meeting: Block, start: datetime | None, clocks: Clocks) -> datetime | None:
    if start is None:
        return None
    stated, lasting = meeting.first("DTEND"), meeting.first("DURATION")
    end = _instant(stated, clocks)
    if end is None and lasting is not None:
        end = start + length(lasting)
    if end is not None and end <= start:
        raise Unreadable(Flaw.TIME)
    return end


def _instant(line: Line | None, clocks: Clocks) -> datetime | None:
    return None if line is None else local(line, clocks).astimezone(UTC)
