"""Talks as colleagues see them: list, look, say what came of one."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult import clock
from consult.activity.services import advisor_actor
from consult.api.callers import let_in
from consult.api.desk_schemas import BookingsQuery, OutcomeIn
from consult.api.naming import advisor_named, meeting_type_named
from consult.api.operations import ACTS, LOOKS, call
from consult.api.paging import page_of
from consult.api.payloads.bookings import BookingFull, BookingLine, BookingList
from consult.api.problems import Problem, invalid, not_found
from consult.booking.aftermath import Aftermath, NotYet, record_outcome
from consult.booking.hosts import held_by, host_ids
from consult.booking.models import Booking
from consult.booking.services import by_reference
from consult.database import db
from consult.people.models import Advisor
from consult.web import current, dates

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Select

    from consult.api.callers import Caller
    from consult.api.operations import Asked


@call("GET", "/bookings", tag="desk", query=BookingsQuery, gives=BookingList, scopes=LOOKS, problems=(404,))
def bookings(asked: Asked[BookingsQuery]) -> BookingList:
    """Talks, those planned last first; ``from`` and ``to`` are dates of the firm, both included."""
    rows, links = page_of(db.session, _narrowed(asked.given), Booking.id, asked.given, newest_first=True)
    return BookingList(bookings=[BookingLine.of(each) for each in rows], links=links)


@call("GET", "/bookings/<reference>", tag="desk", gives=BookingFull, scopes=LOOKS, problems=(404,))
def booking(asked: Asked[None], reference: str) -> BookingFull:
    """One talk with who it is with and what came of it."""
    del asked
    found = by_reference(db.session, reference)
    if found is None:
        raise not_found()
    return BookingFull.of(found)


@call(
    "POST",
    "/bookings/<reference>/outcome",
    tag="desk",
    body=OutcomeIn,
    gives=BookingFull,
    scopes=ACTS,
    problems=(404, 409),
)
def record_booking_outcome(asked: Asked[OutcomeIn], reference: str) -> BookingFull:
    """Say what came of a talk that was, in place of what was said before."""
    found, advisor = talk_to_act_on(asked.key, reference)
    given = asked.given
    held_on = dates.local_date(found.starts_at, current.settings().timezone)
    if given.follow_up_on is not None and given.follow_up_on < held_on:
        raise invalid([{"pointer": "/followUpOn", "detail": gettext("Kies een datum na het gesprek.")}])
    said = Aftermath(
        outcome=given.outcome,
        text=given.text,
        next_step=given.next_step,
        follow_up_on=given.follow_up_on,
    )
    try:
        record_outcome(db.session, found, said, actor=advisor_actor(advisor.id), now=clock.now())
    except NotYet:
        raise Problem(409, gettext("Dit gesprek is nog niet geweest, of het ging niet door.")) from None
    return BookingFull.of(found)


def talk_to_act_on(caller: Caller, reference: str) -> tuple[Booking, Advisor]:
    """The talk with this number and in whose name a program acts on it.

    Raises:
        Problem: 404 when there is none; 403 without the scope ``desk``, or when it is another advisor's.
    """
    let_in(ACTS, public=False)
    found = by_reference(db.session, reference)
    if found is None:
        raise not_found()
    hosts = host_ids(found)
    if not caller.may_act_on(hosts):
        raise Problem(403, gettext("Dit gesprek is van een andere adviseur."))
    return found, db.session.get_one(Advisor, caller.advisor_id or hosts[0])


def _narrowed(asked: BookingsQuery) -> Select[Booking]:
    query = select(Booking).options(
        joinedload(Booking.meeting_type),
        joinedload(Booking.advisor),
        joinedload(Booking.organisation),
    )
    if asked.state is not None:
        query = query.where(Booking.state == asked.state)
    if asked.advisor is not None:
        query = query.where(held_by((advisor_named(asked.advisor).id,)))
    if asked.meeting_type is not None:
        query = query.where(Booking.meeting_type_id == meeting_type_named(asked.meeting_type).id)
    if asked.first is not None:
        query = query.where(Booking.starts_at >= _midnight(asked.first))
    if asked.last is not None:
        query = query.where(Booking.starts_at < _midnight(asked.last + timedelta(days=1)))
    return query


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(current.settings().timezone))
