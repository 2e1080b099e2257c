"""Sample kinds of talks, and talks with their invitations, the time they take, and what happened to them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from consult.activity.models import Activity
from consult.activity.services import VISITOR
from consult.availability import BusyKind, minute_of
from consult.booking.models import (
    Booking,
    BusyPeriod,
    Invitation,
    InviteeRole,
    MeetingType,
    Outcome,
)
from consult.operations.sample_decisions import chosen
from consult.operations.sample_rows import Keys, Numbering, Progress, store, store_plain
from consult.scheduling.values import Participation

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.operations.sample.shapes import PlannedBooking, SamplePlan
    from consult.settings import Settings


def store_meeting_types(session: DbSession, plan: SamplePlan, keys: Keys) -> None:
    """Store the kinds of talks, in their order."""
    kinds = plan.content.meeting_types
    rows = [
        {
            "slug": kind.slug,
            "name": kind.name,
            "name_en": kind.name_en,
            "description": kind.description,
            "description_en": kind.description_en,
            "minutes": kind.minutes,
            "buffer_before_minutes": kind.buffer_before,
            "buffer_after_minutes": kind.buffer_after,
            "places": list(kind.places),
            "position": place,
            "series": kind.series,
        }
        for place, kind in enumerate(kinds)
    ]
    keys.meeting_type = dict(
        zip((kind.slug for kind in kinds), store(session, MeetingType, rows), strict=True)
    )


def store_bookings(
    session: DbSession,
    plan: SamplePlan,
    keys: Keys,
    numbering: Numbering,
    *,
    settings: Settings,
    progress: Progress,
) -> None:
    """Store the talks. One that stands takes its time, buffers included; a cancelled one takes none."""
    progress.begin("talks", len(plan.bookings))
    rows = [_booking(plan, one, keys, numbering, settings) for one in plan.bookings]
    ids = store(session, Booking, rows, progress)
    pairs = list(zip(plan.bookings, ids, strict=True))
    store_plain(session, Invitation, [row for one, key in pairs for row in _invitations(plan, one, key)])
    busy = [_busy(one, key, keys) for one, key in pairs if one.state == "confirmed"]
    store_plain(session, BusyPeriod, busy)
    store_plain(session, Activity, [row for one, key in pairs for row in _activity(one, key, keys)])


def _booking(
    plan: SamplePlan, one: PlannedBooking, keys: Keys, numbering: Numbering, settings: Settings
) -> dict[str, Any]:
    contact = plan.contacts[one.contact]
    advisor_id = keys.advisor[one.advisor]
    changes = [
        one.created_at,
        *(move.at for move in one.moves),
        *([one.cancelled_at] if one.cancelled_at else []),
    ]
    return {
        "reference": numbering.reference("A", one.created_at),
        "form_key": f"sample-{plan.seed}-{one.number}",
        "uid": f"{secrets.token_hex(16)}@{settings.answer_domain}",
        # RFC 5546 2.1.4: moved or cancelled, the sequence rises by one each time.
        "sequence": len(changes) - 1,
        "state": one.state,
        "meeting_type_id": keys.meeting_type[one.meeting_type],
        "advisor_id": advisor_id,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "place": one.place,
        "location": one.location,
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "note": one.note,
        "organisation_id": keys.organisation[one.organisation] if one.organisation else None,
        "contact_id": keys.contact[one.contact],
        "topic_id": keys.topic[one.topic],
        "page_id": keys.page[one.page] if one.page else None,
        "enquiry_id": keys.enquiry[one.enquiry] if one.enquiry else None,
        "decision": chosen(advisor_id, one.created_at),
        "created_at": one.created_at,
        "changed_at": max(changes),
        "cancelled_at": one.cancelled_at,
        "cancel_reason": one.cancel_reason,
        "outcome": None if one.held is None else Outcome.ATTENDED if one.held else Outcome.NO_SHOW,
        "outcome_text": one.outcome,
        "next_step": one.next_step,
    }


def _invitations(plan: SamplePlan, one: PlannedBooking, booking_id: int) -> list[dict[str, Any]]:
    """The visitor's invitation with its answer, and that of the advisor, who made the time free by offering it."""
    contact = plan.contacts[one.contact]
    advisor = next(each for each in plan.advisors if each.slug == one.advisor)
    return [
        _invitation(
            booking_id, InviteeRole.VISITOR, contact.name, contact.email, one.participation, one.answered_at
        ),
        _invitation(
            booking_id, InviteeRole.ADVISOR, advisor.name, advisor.email, Participation.ACCEPTED, None
        ),
    ]


def _invitation(
    booking_id: int,
    role: InviteeRole,
    name: str,
    address: str,
    participation: str,
    answered_at: datetime | None,
) -> dict[str, Any]:
    return {
        "booking_id": booking_id,
        "role": role,
        "name": name,
        "address": address,
        "reply_token": secrets.token_hex(16),
        "participation": participation,
        "answered_at": answered_at,
    }


def _busy(one: PlannedBooking, booking_id: int, keys: Keys) -> dict[str, Any]:
    start, end = minute_of(one.starts_at), minute_of(one.ends_at)
    return {
        "advisor_id": keys.advisor[one.advisor],
        "start_minute": start - one.buffer_before,
        "end_minute": end + one.buffer_after,
        "counted_minute": start,
        "kind": int(BusyKind.BOOKING),
        "talk_end_minute": end,
        "booking_id": booking_id,
    }


def _activity(one: PlannedBooking, booking_id: int, keys: Keys) -> list[dict[str, Any]]:
    made_for = {"advisor": keys.advisor[one.advisor]}
    rows = [_happened(booking_id, one.created_at, "booking.created", data=made_for)]
    for move in one.moves:
        before = {"before": move.from_start.isoformat()}
        rows.append(_happened(booking_id, move.at, "booking.moved", why=move.reason, data=before))
    if one.answered_at:
        answer = {"participation": one.participation}
        rows.append(_happened(booking_id, one.answered_at, "booking.answered", data=answer))
    if one.cancelled_at:
        rows.append(_happened(booking_id, one.cancelled_at, "booking.cancelled"))
    return rows


def _happened(
    booking_id: int, at: datetime, what: str, *, why: str | None = None, data: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "at": at,
        "subject_kind": "booking",
        "subject_id": booking_id,
        "what": what,
        "actor": VISITOR,
        "why": why,
        "data": data or {},
    }
