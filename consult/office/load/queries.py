"""How the work lies: per person what is open, late and promised, the hours of talks, and who is away in two weeks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from consult.availability import minute_of
from consult.booking.models import BusyPeriod
from consult.contact.models import Enquiry, EnquiryState
from consult.people.models import Absence, Advisor
from consult.timespan import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.database import DbSession

AHEAD = timedelta(days=14)


class Away(NamedTuple):
    """An absence and who stands in."""

    starts_at: datetime
    ends_at: datetime
    stand_in: str | None


@dataclass(slots=True)
class PersonLoad:
    """What one advisor has: ``promised`` still has time, ``booked`` the length of the talks of two weeks."""

    advisor_id: int
    name: str
    capacity: int | None
    unfinished: int = 0
    late: int = 0
    promised: int = 0
    waiting: int = 0
    booked: timedelta = timedelta(0)
    away: list[Away] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether this advisor gets nothing new."""
        return self.capacity is not None and self.unfinished >= self.capacity


def team_load(session: DbSession, *, now: datetime, team_id: int | None = None) -> list[PersonLoad]:
    """Everybody who works here, or in one team, by name. Four statements, whatever their number."""
    people = load_in(session, Span(now, now + AHEAD), now=now, team_id=team_id)
    stand_in = select(Advisor.name).where(Advisor.id == Absence.stand_in_id).scalar_subquery()
    away = select(Absence.advisor_id, Absence.starts_at, Absence.ends_at, stand_in).where(
        Absence.ends_at > now, Absence.starts_at < now + AHEAD
    )
    for advisor_id, *absence in session.execute(away.order_by(Absence.starts_at)):
        if advisor_id in people:
            people[advisor_id].away.append(Away(*absence))
    return list(people.values())


def load_in(
    session: DbSession, span: Span, *, now: datetime, team_id: int | None = None
) -> dict[int, PersonLoad]:
    """By advisor what is open now, and the length of the talks that begin in ``span``; without absences."""
    query = select(Advisor.id, Advisor.name, Advisor.capacity).where(Advisor.active).order_by(Advisor.name)
    if team_id is not None:
        query = query.where(Advisor.teams.any(id=team_id))
    people = {row.id: PersonLoad(row.id, row.name, row.capacity) for row in session.execute(query)}
    _count_questions(session, people, now=now)
    _add_up_talks(session, people, span)
    return people


def unmatched(session: DbSession, *, now: datetime, days: int = 14) -> Sequence[tuple[str, str, str]]:
    """Reference, words and alarm of the newest questions that no rule, page or topic had an answer for."""
    query = (
        select(Enquiry.reference, Enquiry.question, Enquiry.decision["alarm"].as_string())
        .where(
            Enquiry.asked_at > now - timedelta(days=days),
            Enquiry.state.in_((EnquiryState.OPEN, EnquiryState.WAITING)),
            Enquiry.decision["alarm"].as_string().is_not(None),
        )
        .order_by(Enquiry.asked_at.desc())
        .limit(20)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _count_questions(session: DbSession, people: dict[int, PersonLoad], *, now: datetime) -> None:
    open_, runs = Enquiry.state == EnquiryState.OPEN, Enquiry.due_soon_at.is_not(None)
    query = (
        select(
            Enquiry.advisor_id,
            func.count(),
            func.count().filter(open_ & runs & (Enquiry.answer_by <= now)),
            func.count().filter(open_ & runs & (Enquiry.answer_by > now)),
            func.count().filter(Enquiry.state == EnquiryState.WAITING),
        )
        .where(Enquiry.state.in_((EnquiryState.OPEN, EnquiryState.WAITING)), Enquiry.advisor_id.in_(people))
        .group_by(Enquiry.advisor_id)
    )
    for advisor_id, unfinished, late, promised, waiting in session.execute(query):
        load = people[advisor_id or 0]
        load.unfinished, load.late, load.promised, load.waiting = unfinished, late, promised, waiting


def _add_up_talks(session: DbSession, people: dict[int, PersonLoad], span: Span) -> None:
    # The time that talks take of anybody, so that who holds one along counts as well.
    minutes = func.sum(BusyPeriod.talk_end_minute - BusyPeriod.counted_minute)
    talks = (
        select(BusyPeriod.advisor_id, minutes)
        .where(
            BusyPeriod.advisor_id.in_(people),
            BusyPeriod.booking_id.is_not(None),
            BusyPeriod.counted_minute >= minute_of(span.start),
            BusyPeriod.counted_minute < minute_of(span.end),
        )
        .group_by(BusyPeriod.advisor_id)
    )
    for advisor_id, taken in session.execute(talks):
        people[advisor_id].booked = timedelta(minutes=taken)
