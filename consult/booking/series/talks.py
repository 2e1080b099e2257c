"""Make the talks of a series: ordinary bookings, each like the one before it, and the time they take."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from consult.activity.services import record
from consult.booking.models import Booking, BookingState, Invitation
from consult.booking.taking import take_for_booking
from consult.links.services import next_reference
from consult.timespan import Span
from consult.web.dates import local_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.booking.series.models import TalkSeries
    from consult.database import DbSession
    from consult.settings import Settings


def references(session: DbSession, count: int, *, settings: Settings, now: datetime) -> list[str]:
    """So many new numbers. Their counter keeps all that book apart until the commit."""
    year = local_date(now, settings.timezone).year
    return [next_reference(session, "A", year) for _ in range(count)]


def add_talks(
    session: DbSession,
    series: TalkSeries,
    like: Booking,
    starts: Sequence[datetime],
    numbers: Sequence[str],
    *,
    form_key: str,
    actor: str,
    now: datetime,
) -> None:
    """Add a talk like the given one at each start, with its time; flushes.

    Raises:
        sqlalchemy.exc.IntegrityError: the database says that a time is taken, or that the form arrived before.
    """
    for number, start, reference in zip(range(len(starts)), starts, numbers, strict=True):
        talk = _copy(like, start, start + (series.ends_at - series.starts_at), now=now)
        talk.form_key, talk.reference = f"{form_key}:{number}", reference
        talk.uid = f"{secrets.token_hex(16)}@{series.uid.rpartition('@')[2]}"
        series.talks.append(talk)
    session.flush()
    for talk in series.talks[len(series.talks) - len(starts) :]:
        take_for_booking(session, talk, Span(talk.starts_at, talk.ends_at), None)
        record(
            session, ("booking", talk.id), "booking.created", actor=actor, now=now, advisor=talk.advisor_id
        )


def _copy(like: Booking, start: datetime, end: datetime, *, now: datetime) -> Booking:
    return Booking(
        state=BookingState.CONFIRMED,
        original_start=start,
        starts_at=start,
        ends_at=end,
        meeting_type=like.meeting_type,
        advisor=like.advisor,
        place=like.place,
        location=like.location,
        name=like.name,
        email=like.email,
        phone=like.phone,
        note=like.note,
        organisation_id=like.organisation_id,
        contact_id=like.contact_id,
        topic_id=like.topic_id,
        page_id=like.page_id,
        enquiry_id=like.enquiry_id,
        language=like.language,
        created_at=now,
        changed_at=now,
        invitations=[
            Invitation(
                role=each.role,
                name=each.name,
                address=each.address,
                language=each.language,
                reply_token=secrets.token_hex(16),
            )
            for each in like.invitations
        ],
    )
