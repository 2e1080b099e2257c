"""Talks as they go out: what who planned one gets back, and what colleagues see of one."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (pydantic reads it)
from typing import TYPE_CHECKING

from consult.api.payloads.base import Links, Outgoing, Utc
from consult.api.payloads.sites import AdvisorOut
from consult.booking.hosts import HOSTING
from consult.booking.models import BookingState, InviteeRole, Outcome, Place  # noqa: TC001 (pydantic reads it)
from consult.scheduling.values import Participation  # noqa: TC001 (pydantic reads it)

if TYPE_CHECKING:
    from consult.booking.models import Booking

# Members that are told as they are kept.
PLAIN = (
    "location",
    "email",
    "phone",
    "note",
    "language",
    "created_at",
    "cancelled_at",
    "cancel_reason",
    "outcome",
    "outcome_text",
    "next_step",
    "follow_up_on",
)


class Held(Outgoing):
    """A moment is kept under this key until then."""

    hold: str
    start: Utc
    until: Utc


class BookingOut(Outgoing):
    """A talk; ``uid`` is that of its calendar object, ``hosts`` the names of the advisors who hold it."""

    reference: str
    uid: str
    state: BookingState
    start: Utc
    end: Utc
    advisor: AdvisorOut
    hosts: list[str]

    @classmethod
    def of(cls, row: Booking) -> BookingOut:
        """As it stands now."""
        return cls.model_validate(_talk(row))


class Planned(BookingOut):
    """A talk was planned: its private page, and who got enough mail of us that day and is not told of this one."""

    manage_url: str
    not_mailed: list[str]

    @classmethod
    def with_link(cls, row: Booking, manage_url: str, not_mailed: list[str]) -> Planned:
        """As it was planned."""
        return cls.model_validate(_talk(row) | {"manage_url": manage_url, "not_mailed": not_mailed})


class InviteeOut(Outgoing):
    """Who is invited, and what that person last answered (PARTSTAT, RFC 5545 3.2.12)."""

    role: InviteeRole
    name: str
    participation: Participation


class BookingLine(Outgoing):
    """A talk in a list."""

    reference: str
    state: BookingState
    start: Utc
    end: Utc
    meeting_type: str
    place: Place
    name: str
    organisation: str | None
    advisor: AdvisorOut

    @classmethod
    def of(cls, row: Booking) -> BookingLine:
        """As it stands now."""
        return cls.model_validate(_line(row))


class BookingFull(BookingOut):
    """A talk with who it is with, where, and what came of it."""

    meeting_type: str
    place: Place
    location: str | None
    name: str
    email: str
    phone: str | None
    organisation: str | None
    note: str | None
    topic: str | None
    language: str
    created_at: Utc
    cancelled_at: Utc | None
    cancel_reason: str | None
    invitees: list[InviteeOut]
    outcome: Outcome | None
    outcome_text: str | None
    next_step: str | None
    follow_up_on: date | None

    @classmethod
    def of(cls, row: Booking) -> BookingFull:
        """As it stands now."""
        plain = {each: getattr(row, each) for each in PLAIN}
        invitees = [
            {"role": each.role, "name": each.name, "participation": each.participation}
            for each in row.invitations
        ]
        topic = row.topic.slug if row.topic else None
        return cls.model_validate(_talk(row) | _line(row) | plain | {"invitees": invitees, "topic": topic})


class BookingList(Outgoing):
    """A page of talks, those planned last first."""

    bookings: list[BookingLine]
    links: Links


def _talk(row: Booking) -> dict[str, object]:
    return {
        "reference": row.reference,
        "uid": row.uid,
        "state": row.state,
        "start": row.starts_at,
        "end": row.ends_at,
        "advisor": AdvisorOut.of(row.advisor),
        "hosts": [each.name for each in row.invitations if each.role in HOSTING],
    }


def _line(row: Booking) -> dict[str, object]:
    return {
        "reference": row.reference,
        "state": row.state,
        "start": row.starts_at,
        "end": row.ends_at,
        "meeting_type": row.meeting_type.slug,
        "place": row.place,
        "name": row.name,
        "organisation": row.organisation.name if row.organisation else None,
        "advisor": AdvisorOut.of(row.advisor),
    }
