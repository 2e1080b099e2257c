"""Rows to count: questions and talks as a test writes them down, put into the database past the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from consult.booking.models import Booking
from consult.contact.models import Enquiry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consult.database import DbSession

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(text: str) -> datetime:
    """A moment on the clock of Amsterdam: ``2026-11-02 10:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question; moments are aware, what is named by number has that id."""

    id: int
    asked: datetime
    promised: datetime
    channel: str = "email"
    state: str = "closed"
    topic: int | None = None
    page: int | None = None
    organisation: int | None = None
    contact: int | None = None
    advisor: int | None = None
    stand_in_for: int | None = None
    answered: datetime | None = None
    closed: datetime | None = None
    spam: datetime | None = None
    merged_into: int | None = None
    promised_after: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A talk of half an hour."""

    id: int
    created: datetime
    starts: datetime
    kind: int
    advisor: int
    state: str = "confirmed"
    outcome: str | None = None
    topic: int | None = None
    page: int | None = None
    organisation: int | None = None
    series: int | None = None


def store(session: DbSession, questions: Iterable[Question], talks: Iterable[Talk] = ()) -> None:
    """Put them into the database as they are."""
    if asked := [_question(each) for each in questions]:
        session.execute(insert(Enquiry), asked)
    if planned := [_talk(each) for each in talks]:
        session.execute(insert(Booking), planned)
    session.flush()


def _question(each: Question) -> dict[str, object]:
    return {
        "id": each.id,
        "reference": f"C-{each.id}",
        "form_key": f"q{each.id}",
        "reply_token": f"t{each.id}",
        "question": "Vraag",
        "name": "Gewist",
        "state": each.state,
        "channel": each.channel,
        "topic_id": each.topic,
        "page_id": each.page,
        "organisation_id": each.organisation,
        "contact_id": each.contact,
        "advisor_id": each.advisor,
        "stand_in_for_id": each.stand_in_for,
        "asked_at": each.asked,
        "first_answer_by": each.promised,
        "answer_by": each.promised_after or each.promised,
        "answered_at": each.answered,
        "closed_at": each.closed,
        "spam_at": each.spam,
        "merged_into_id": each.merged_into,
        "decision": {},
    }


def _talk(each: Talk) -> dict[str, object]:
    return {
        "id": each.id,
        "reference": f"A-{each.id}",
        "form_key": f"b{each.id}",
        "uid": f"b{each.id}@example.nl",
        "state": each.state,
        "meeting_type_id": each.kind,
        "advisor_id": each.advisor,
        "starts_at": each.starts,
        "ends_at": each.starts + timedelta(minutes=30),
        "place": "video",
        "name": "Gewist",
        "email": f"gewist-{each.id}@consult.invalid",
        "topic_id": each.topic,
        "page_id": each.page,
        "organisation_id": each.organisation,
        "created_at": each.created,
        "changed_at": each.created,
        "outcome": each.outcome,
        "series_id": each.series,
        "original_start": each.starts if each.series else None,
        "decision": {},
    }
