"""A promise that is about to break is told in time: to the advisor, then to the stand-in, then to the coordinators.

Each is told once for each promise: the rows of activity are the memory, so any number of workers may look. A question
that waits for the visitor is left alone, and so is one of which the promise was kept. One that was put off is not: the
promise ran on, and the question comes back in sight with what is told.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, exists, select

from consult.activity.models import Activity
from consult.activity.services import SYSTEM, record
from consult.contact import promise_emails as emails
from consult.contact.models import Enquiry, EnquiryState
from consult.contact.tending.snoozing import wake
from consult.people.absences import stand_in_of
from consult.people.coordinators import coordinators
from consult.people.schedules import business_clocks
from consult.worktime import NoWorkingTime

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy.orm import InstrumentedAttribute

    from consult.database import DbSession
    from consult.settings import Settings

AT_ONCE = 50
# A stand-in has this much of the firm's working time before the coordinators hear of it too.
COORDINATORS_AFTER = timedelta(hours=1)


def run_round(
    begin: Callable[[], AbstractContextManager[DbSession]], settings: Settings, *, now: datetime
) -> None:
    """Tell what is due, in transactions of its own of at most fifty questions each."""
    for act in (warn, tell_overdue, tell_coordinators):
        done = AT_ONCE
        while done == AT_ONCE:
            with begin() as session:
                done = act(session, settings=settings, now=now)


def warn(session: DbSession, *, settings: Settings, now: datetime) -> int:
    """Remind the advisor, or who stands in, that a quarter of the time is left. Gives how many it looked at."""
    when = (Enquiry.due_soon_at <= now) & (Enquiry.answer_by > now)
    found = _waiting(session, when, "enquiry.due_soon", Enquiry.due_soon_at)
    for enquiry in found:
        if enquiry.advisor is None:
            for account in coordinators(session):
                emails.coordinator_due_soon(session, enquiry, account, settings=settings, now=now)
        else:
            told = stand_in_of(session, enquiry.advisor.id, now=now) or enquiry.advisor
            emails.due_soon(session, enquiry, told, settings=settings, now=now)
        wake(session, enquiry, actor=SYSTEM, now=now)
        record(session, ("enquiry", enquiry.id), "enquiry.due_soon", actor=SYSTEM, now=now)
    session.flush()
    return len(found)


def tell_overdue(session: DbSession, *, settings: Settings, now: datetime) -> int:
    """Tell that a promise is broken: the advisor, and who stands in; without one, the coordinators at once."""
    found = _waiting(session, Enquiry.answer_by <= now, "enquiry.overdue", Enquiry.answer_by)
    for enquiry in found:
        stand_in = stand_in_of(session, enquiry.advisor.id, now=now) if enquiry.advisor else None
        for each in filter(None, (enquiry.advisor, stand_in)):
            emails.overdue(session, enquiry, each, settings=settings, now=now)
        wake(session, enquiry, actor=SYSTEM, now=now)
        record(session, ("enquiry", enquiry.id), "enquiry.overdue", actor=SYSTEM, now=now)
        if stand_in is None:
            _escalate(session, enquiry, settings=settings, now=now)
    session.flush()
    return len(found)


def tell_coordinators(session: DbSession, *, settings: Settings, now: datetime) -> int:
    """Tell the coordinators of what a stand-in left for an hour of the firm's working time."""
    when = Enquiry.answer_by <= now - COORDINATORS_AFTER
    told = exists().where(_told("enquiry.overdue", Enquiry.answer_by))
    (clock,) = business_clocks(session, None, settings=settings, now=now)
    done = 0
    for enquiry in _waiting(session, when & told, "enquiry.escalated", Enquiry.answer_by):
        try:
            ripe = clock.add(enquiry.answer_by, COORDINATORS_AFTER) <= now
        except NoWorkingTime:
            ripe = True
        if ripe:
            _escalate(session, enquiry, settings=settings, now=now)
            done += 1
    session.flush()
    return done


def _escalate(session: DbSession, enquiry: Enquiry, *, settings: Settings, now: datetime) -> None:
    for account in coordinators(session):
        # A coordinator who has the question was told as its advisor.
        if enquiry.advisor_id is None or account.advisor is None or account.advisor.id != enquiry.advisor_id:
            emails.coordinator_overdue(session, enquiry, account, settings=settings, now=now)
    record(session, ("enquiry", enquiry.id), "enquiry.escalated", actor=SYSTEM, now=now)


def _waiting(
    session: DbSession, when: ColumnElement[bool], what: str, since: InstrumentedAttribute[Any]
) -> Sequence[Enquiry]:
    """Questions whose move is ours and of which this was not told yet, held until the transaction ends."""
    found = session.scalars(
        select(Enquiry)
        .where(
            Enquiry.state == EnquiryState.OPEN,
            Enquiry.due_soon_at.is_not(None),
            when,
            ~exists().where(_told(what, since)),
        )
        .order_by(Enquiry.answer_by)
        .limit(AT_ONCE)
        .with_for_update(of=Enquiry, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    # Another worker may have told and let go between looking and locking.
    ids = [each.id for each in found]
    told = set(
        session.scalars(select(Enquiry.id).where(Enquiry.id.in_(ids), exists().where(_told(what, since))))
    )
    return [each for each in found if each.id not in told]


def _told(what: str, since: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """That this was told about the question since its present promise came to that point."""
    return (
        (Activity.subject_kind == "enquiry")
        & (Activity.subject_id == Enquiry.id)
        & (Activity.what == what)
        & (Activity.at >= since)
    )
