"""What an absence would do to the work: what it hits, who would get it, and how full the others would be.

Nothing is stored: the routing engine and the offer of moments are asked as they are when it really happens.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.booking.groups.models import GroupSession, GroupState, SessionHost
from consult.booking.without import talks_without
from consult.contact.models import EnquiryState
from consult.contact.rules.without import questions_without, roster_without
from consult.office.load.queries import load_in
from consult.timespan import Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.booking.without import Taken
    from consult.contact.rules.without import Passed
    from consult.database import DbSession
    from consult.office.load.queries import PersonLoad


@dataclass(frozen=True, slots=True)
class Supposed:
    """An absence that nobody planned: whose, when, and who would stand in."""

    advisor_id: int
    span: Span
    stand_in_id: int | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """One advisor's open questions now and then, and the talks in that time."""

    load: PersonLoad
    questions: int
    talks: timedelta

    @property
    def open_then(self) -> int:
        """How many questions would be open; never under zero."""
        return max(0, self.load.unfinished + self.questions)

    @property
    def booked_then(self) -> timedelta:
        """How long the talks in that time would take."""
        return max(timedelta(0), self.load.booked + self.talks)

    @property
    def too_full(self) -> bool:
        """Whether this advisor would have more than was agreed."""
        return self.load.capacity is not None and self.questions > 0 and self.open_then > self.load.capacity


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that the absence would do. ``sessions``: group sessions, which need another host by hand."""

    questions: Sequence[Passed]
    talks: Sequence[Taken]
    sessions: Sequence[GroupSession]
    shifts: Sequence[Shift]
    promised_in: int

    @property
    def is_calm(self) -> bool:
        """Whether nothing is hit."""
        return not (self.questions or self.talks or self.sessions)

    @property
    def of_nobody(self) -> int:
        """How much nobody could take."""
        return sum(each.decision.advisor_id is None for each in self.questions) + sum(
            each.advisor_id is None for each in self.talks
        )


def suppose(session: DbSession, supposed: Supposed, *, zone: str, now: datetime) -> Outcome:
    """Ask what this absence would do; reads only. A part of it that is over counts for nothing."""
    whose, stand_in = supposed.advisor_id, supposed.stand_in_id
    span = Span(max(supposed.span.start, now), supposed.span.end)
    passed = questions_without(session, whose, span, stand_in, now=now)
    # What was promised stands before what waits for the visitor.
    questions = sorted(passed, key=lambda each: each.enquiry.state != EnquiryState.OPEN)
    roster = roster_without(session, whose, span, stand_in, now=now)
    talks = talks_without(session, whose, span, stand_in, roster, zone=zone, now=now)
    hosted = (
        select(GroupSession)
        .join(SessionHost, SessionHost.group_session_id == GroupSession.id)
        .where(
            SessionHost.advisor_id == whose,
            GroupSession.state == GroupState.PLANNED,
            GroupSession.starts_at < span.end,
            GroupSession.ends_at > span.start,
        )
        .order_by(GroupSession.starts_at)
    )
    return Outcome(
        questions,
        talks,
        session.scalars(hosted).all(),
        _shifts(session, supposed, questions, talks, span, now=now),
        sum(
            each.enquiry.state == EnquiryState.OPEN
            and each.enquiry.due_soon_at is not None
            and each.enquiry.answer_by < span.end
            for each in questions
        ),
    )


def _shifts(
    session: DbSession,
    supposed: Supposed,
    questions: Sequence[Passed],
    talks: Sequence[Taken],
    span: Span,
    *,
    now: datetime,
) -> list[Shift]:
    """Who is away first, then the others whose work grows, then the rest; each by name."""
    away = supposed.advisor_id
    got = Counter(each.decision.advisor_id for each in questions)
    held: Counter[int | None] = Counter()
    for each in talks:
        minutes = round((each.talk.ends_at - each.talk.starts_at) / timedelta(minutes=1))
        held[each.advisor_id] += minutes
    shifts = []
    for number, load in load_in(session, span, now=now).items():
        if number == away:
            given = timedelta(minutes=sum(held.values()))
            shifts.append(Shift(load, got[away] - len(questions), -given))
        else:
            shifts.append(Shift(load, got[number], timedelta(minutes=held[number])))
    return sorted(shifts, key=lambda each: (each.load.advisor_id != away, not (each.questions or each.talks)))
