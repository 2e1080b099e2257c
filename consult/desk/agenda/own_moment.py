"""A moment that an advisor chose in person: what stands in its way, and whether a reason is enough to take it.

Hours, holidays, notice, limits and what the own calendar elsewhere says are there to protect the advisor, who may
decide otherwise. Nobody may overlap a talk, a hold or a group session, or plan in the past or in an absence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from consult import availability
from consult.activity.services import record
from consult.availability import BusyKind, Days, Rule
from consult.booking.offering import hosts_for
from consult.booking.reasons import MAX_AHEAD, sentence

if TYPE_CHECKING:
    from datetime import datetime

    from consult.availability import Refusal
    from consult.booking.models import Booking
    from consult.booking.offering import Wish
    from consult.database import DbSession

OURS_TO_BREAK = frozenset(
    {
        Rule.NOTICE,
        Rule.HORIZON,
        Rule.OUTSIDE_HOURS,
        Rule.DAY_CHANGED,
        Rule.HOLIDAY,
        Rule.OFF_STEP,
        Rule.DAY_LIMIT,
        Rule.WEEK_LIMIT,
    }
)


@dataclass(frozen=True, slots=True)
class Judged:
    """Why a moment is not free, in sentences, none when it is; ``may_anyway`` when a reason is enough."""

    sentences: tuple[str, ...]
    may_anyway: bool


def judge(session: DbSession, wish: Wish, starts_at: datetime, *, now: datetime) -> Judged:
    """What is against this very moment for the advisors of the wish, all of them."""
    zone = ZoneInfo(wish.zone)
    on = min(max(starts_at, now), now + MAX_AHEAD).astimezone(zone).date()
    hosts = hosts_for(session, wish, Days(on, on, zone), now=now)
    refusals = [
        refusal for host in hosts for refusal in availability.why_not((host,), starts_at, wish.terms(now))
    ]
    sentences = tuple(dict.fromkeys(sentence(refusal, wish.zone) for refusal in refusals))
    complete = len(hosts) == len(wish.advisor_ids)
    return Judged(sentences, complete and all(_is_ours(refusal) for refusal in refusals))


def note_reason(session: DbSession, booking: Booking, why: str, *, actor: str, now: datetime) -> None:
    """Write down why a talk stands at a moment that was not on offer."""
    record(session, ("booking", booking.id), "booking.in_person", actor=actor, now=now, why=why)
    session.flush()


def _is_ours(refusal: Refusal) -> bool:
    return refusal.rule in OURS_TO_BREAK or refusal.kind is BusyKind.FOREIGN
