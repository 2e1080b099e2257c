"""One mail to each advisor at eight on a working day, when something waits: how much, and the way in.

Nothing in it says about whom.
Told once a day: the row of activity is the memory, and the advisor's row is held while it is looked at, so that any
number of workers may try.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, select

from consult.activity.models import Activity
from consult.activity.services import SYSTEM, record
from consult.booking.hosts import held_by
from consult.booking.models import Booking, BookingState
from consult.contact.models import Enquiry, EnquiryState
from consult.outbox.services import Mailing, queue
from consult.people.absences import is_away
from consult.people.models import Advisor
from consult.people.mornings import is_working_day, morning
from consult.web.public_urls import desk_url
from consult.worktime import instant_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from consult.database import DbSession
    from consult.settings import Settings

TOLD = "advisor.digest"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for one advisor this morning."""

    questions: int
    late: int
    talks: int


def run_round(
    begin: Callable[[], AbstractContextManager[DbSession]], settings: Settings, *, now: datetime
) -> int:
    """Tell whoever was not told today, each in a transaction of its own; gives how many mails were queued."""
    since = morning(settings, now)
    if since is None:
        return 0
    with begin() as session:
        if not is_working_day(session, settings, now):
            return 0
        query = select(Advisor.id).where(Advisor.active, ~exists().where(_told(since))).order_by(Advisor.id)
        ids = session.scalars(query).all()
    told = 0
    for advisor_id in ids:
        with begin() as session:
            told += tell(session, advisor_id, since, settings=settings, now=now)
    return told


def tell(session: DbSession, advisor_id: int, since: datetime, *, settings: Settings, now: datetime) -> bool:
    """Queue the mail of this morning, unless that was done, nothing waits, or the advisor is away."""
    advisor = session.get(Advisor, advisor_id, with_for_update=True)
    if advisor is None or session.scalar(select(exists().where(_told(since, advisor_id)))):
        return False
    record(session, ("advisor", advisor_id), TOLD, actor=SYSTEM, now=now)
    waiting = waiting_for(session, advisor_id, settings=settings, now=now)
    nothing = not (waiting.questions or waiting.talks)
    if nothing or is_away(session, advisor_id, now=now):
        return False
    mailing = Mailing(
        event="desk-digest",
        about=("advisor", advisor_id),
        to_name=advisor.name,
        to_address=advisor.email,
        from_name=settings.firm_name,
        language="nl",
        expires_at=since + timedelta(hours=12),
        context={"advisor": advisor, "waiting": waiting, "link": desk_url(settings)},
    )
    queue(session, mailing, settings=settings, now=now)
    return True


def waiting_for(session: DbSession, advisor_id: int, *, settings: Settings, now: datetime) -> Waiting:
    """The open questions that are in sight, those of them that are late, and the talks of today."""
    zone = ZoneInfo(settings.timezone)
    tonight = instant_of(now.astimezone(zone).date() + timedelta(days=1), time(0), zone)
    awake = Enquiry.snoozed_until.is_(None) | (Enquiry.snoozed_until <= now)
    questions, late = session.execute(
        select(func.count(), func.count().filter(Enquiry.answer_by < now)).where(
            Enquiry.advisor_id == advisor_id, Enquiry.state == EnquiryState.OPEN, awake
        )
    ).one()
    talks = session.scalar(
        select(func.count()).where(
            held_by((advisor_id,)),
            Booking.state == BookingState.CONFIRMED,
            Booking.starts_at >= now,
            Booking.starts_at < tonight,
        )
    )
    return Waiting(questions, late, talks or 0)


def _told(since: datetime, advisor_id: int | None = None) -> ColumnElement[bool]:
    """That this morning's mail was dealt with, for one advisor or for the one of the query around it."""
    return (
        (Activity.subject_kind == "advisor")
        & (Activity.subject_id == (Advisor.id if advisor_id is None else advisor_id))
        & (Activity.what == TOLD)
        & (Activity.at >= since)
    )
