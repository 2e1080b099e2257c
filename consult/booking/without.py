"""Who could hold an advisor's talks if that one were away: whom the engine picks of those who are free. Stores nothing.

A talk that would go to somebody takes that one's time for the next talk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consult.booking.hosts import host_ids
from consult.booking.leaving import talks_hit
from consult.booking.offering import Wish, bookable_advisors
from consult.booking.placing import free_advisors
from consult.routing.engine import decide
from consult.routing.question import Question
from consult.timespan import Span

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.models import Booking
    from consult.database import DbSession
    from consult.routing.roster import Roster


@dataclass(frozen=True, slots=True)
class Taken:
    """A talk that an absence hits, and who would hold it; None: nobody is free then."""

    talk: Booking
    advisor_id: int | None


def talks_without(
    session: DbSession,
    advisor_id: int,
    span: Span,
    stand_in_id: int | None,
    roster: Roster,
    *,
    zone: str,
    now: datetime,
) -> list[Taken]:
    """The talks that the absence hits, by time; the stand-in holds what that one can, else whose turn it is.

    Working hours and limits count as they do when a talk is handed over.
    """
    given: dict[int, list[Span]] = {}
    found = []
    for talk in talks_hit(session, advisor_id, span, now=now):
        time = Span(talk.starts_at, talk.ends_at)
        free = [
            each
            for each in _free(session, talk, advisor_id, zone=zone, now=now)
            if not any(other.overlaps(time) for other in given.get(each, ()))
        ]
        taker = stand_in_id if stand_in_id in free else _next(talk, free, roster)
        if taker is not None:
            given.setdefault(taker, []).append(time)
            roster = roster.with_assignment(taker, now)
        found.append(Taken(talk, taker))
    return found


def _free(session: DbSession, talk: Booking, away_id: int, *, zone: str, now: datetime) -> tuple[int, ...]:
    """Those who work on its topic, or else anybody, and are free; who holds it along already is not."""
    taken = {away_id, *host_ids(talk)}
    for topic_id in dict.fromkeys((talk.topic_id, None)):
        ids = tuple(each for each in bookable_advisors(session, topic_id=topic_id) if each not in taken)
        wish = Wish(talk.meeting_type, ids, zone, urgent=True, far=talk.series_id is not None)
        free = free_advisors(session, wish, talk.starts_at, now=now) if ids else ()
        if free:
            return free
    return ()


def _next(talk: Booking, free: list[int], roster: Roster) -> int | None:
    """Of several who are free the one who knows this visitor or the organisation, else whose turn it is."""
    if not free:
        return None
    owners = (
        talk.contact.owner_id if talk.contact else None,
        talk.organisation.owner_id if talk.organisation else None,
    )
    question = Question(
        at=talk.starts_at,
        topic_id=talk.topic_id,
        page_id=talk.page_id,
        contact_owner_id=owners[0] if owners[0] in free else None,
        organisation_owner_id=owners[1] if owners[1] in free else None,
        language=talk.language,
        meeting_type_id=talk.meeting_type_id,
    )
    # Being free is what counts, whatever the topic; a rule for questions says nothing of who is free now.
    able = tuple(
        replace(each, generalist=True, capacity=None, absences=())
        for each in roster.advisors
        if each.id in free
    )
    return decide(question, replace(roster, advisors=able, fallback_ids=tuple(free))).advisor_id
