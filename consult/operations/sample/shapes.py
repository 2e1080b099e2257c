"""The values a plan is made of; the words in them are those that the features store.

Knows nothing of how they come about. Instants are aware UTC; people, topics, pages and organisations are named by
slug, code or place in the plan, never by a database key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date, datetime

    from consult.operations.sample.content import Content, SampleAdvisor, SampleTeam

Channel = Literal["email", "phone", "whatsapp"]
EnquiryState = Literal["open", "waiting", "closed"]
EntryKind = Literal[
    "visitor",
    "reply",
    "note",
    "assigned",
    "handed_over",
    "call_no_answer",
    "call_spoken",
    "snoozed",
    "closed",
]
Why = Literal["wanted", "owner", "stand_in", "page", "topic", "fallback"]
Place = Literal["video", "phone", "office", "visit", "neutral"]
BookingState = Literal["pending", "confirmed", "cancelled"]
Participation = Literal["NEEDS-ACTION", "ACCEPTED", "TENTATIVE", "DECLINED"]


@dataclass(frozen=True, slots=True)
class PlannedAbsence:
    """Days on which an advisor is away, both included, and who stands in."""

    advisor: str
    stand_in: str
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class PlannedContact:
    """An invented person; ``organisation`` is a CBS code or None, ``owner`` the advisor who knows this person."""

    name: str
    email: str
    phone: str
    function: str
    organisation: str | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """One thing that happened in a thread.

    ``author`` is an advisor's slug, "visitor" or "house"; ``to`` is who got the question when it was assigned or
    handed over. Visitor, reply and note have ``text``; a hand-over's text is its reason, a call's what was said.
    """

    at: datetime
    kind: EntryKind
    author: str
    text: str = ""
    to: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedEnquiry:
    """A question and all that happened to it; ``contact`` is a place in the plan's contacts.

    The question itself is ``text``, not an entry; ``entries`` are in order of time, and none is later than the
    plan's now. ``answer_by`` is the promise: one working day, two working hours when urgent, counted anew from what the
    visitor wrote last; at ``due_soon_at`` three quarters of it have passed, None when it does not run. ``urgent`` has
    ``needs``, and a wish to be called has ``reachable``. Without an advisor there is no ``why``.
    """

    number: int
    asked_at: datetime
    channel: Channel
    contact: int
    organisation: str | None
    topic: str
    page: str | None
    subject: str
    text: str
    urgent: bool
    needs: str | None
    reachable: str | None
    wanted: str | None
    advisor: str | None
    why: Why | None
    state: EnquiryState
    answer_by: datetime
    due_soon_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    snoozed_until: datetime | None
    entries: tuple[PlannedEntry, ...]


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """A talk was moved: when, from which start, and why."""

    at: datetime
    from_start: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PlannedBooking:
    """A talk; buffers in minutes around ``starts_at`` and ``ends_at`` are the advisor's as well.

    ``enquiry`` is the number of the question it follows from. ``held`` is None until the talk is over, False for
    a no-show. ``proposed_start`` is a visitor's proposal that waits for an answer.
    """

    number: int
    meeting_type: str
    advisor: str
    contact: int
    organisation: str | None
    topic: str
    page: str | None
    enquiry: int | None
    created_at: datetime
    starts_at: datetime
    ends_at: datetime
    buffer_before: int
    buffer_after: int
    place: Place
    location: str | None
    note: str
    state: BookingState
    participation: Participation
    answered_at: datetime | None
    moves: tuple[PlannedMove, ...]
    cancelled_at: datetime | None
    cancel_reason: str | None
    proposed_start: datetime | None
    held: bool | None
    outcome: str | None
    next_step: str | None


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """Everything to load, for one seed and one moment; ``content`` holds topics, pages and kinds of talks.

    ``advisors`` and ``teams`` replace those of ``content`` when more advisors were asked for.
    """

    seed: int
    now: datetime
    content: Content
    advisors: tuple[SampleAdvisor, ...]
    teams: tuple[SampleTeam, ...]
    absences: tuple[PlannedAbsence, ...]
    contacts: tuple[PlannedContact, ...]
    enquiries: tuple[PlannedEnquiry, ...]
    bookings: tuple[PlannedBooking, ...]
