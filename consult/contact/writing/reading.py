"""Who read a question: written in the trail once per person, question and day, when the page's script tells it.

A page that is only looked at writes nothing, so who reads without script is not seen here.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from consult.activity.models import Activity
from consult.activity.services import record

if TYPE_CHECKING:
    from consult.database import DbSession

READ = "enquiry.read"


def note_reading(session: DbSession, enquiry_id: int, actor: str, *, zone: str, now: datetime) -> None:
    """Write down that this person read this question today (in ``zone``); twice a day is once."""
    midnight = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), tzinfo=ZoneInfo(zone))
    known = select(Activity.id).where(
        Activity.subject_kind == "enquiry",
        Activity.subject_id == enquiry_id,
        Activity.at >= midnight,
        Activity.what == READ,
        Activity.actor == actor,
    )
    if session.scalar(known.limit(1)) is None:
        record(session, ("enquiry", enquiry_id), READ, actor=actor, now=now)
