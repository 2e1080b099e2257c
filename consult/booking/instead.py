"""What there is in place of a moment that is gone: the same one with a colleague, and others near it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from consult.availability import Slot
from consult.booking.hosts import candidates
from consult.booking.placing import free_advisors

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.offering import Wish
    from consult.booking.placing import SlotTaken
    from consult.database import DbSession

MOST_OTHERS = 3


def in_place_of(
    session: DbSession,
    wish: Wish,
    starts_at: datetime,
    taken: SlotTaken,
    *,
    page_ids: tuple[int, ...] = (),
    now: datetime,
) -> tuple[Slot, ...]:
    """At most three moments; when one advisor was wished for, the same moment with a colleague comes first.

    ``page_ids`` are the advisors of the contact page, if the visitor came from one. A kind of talk with hosts of its
    own has no colleague in their place.
    """
    same: tuple[Slot, ...] = ()
    if len(wish.advisor_ids) == 1 and not wish.meeting_type.host_ids:
        ids = candidates(session, wish.meeting_type, page_ids=page_ids)
        others = tuple(each for each in ids if each not in wish.advisor_ids)
        theirs = replace(wish, advisor_ids=others, own_hold=None)
        free = free_advisors(session, theirs, starts_at, now=now) if others else ()
        length = timedelta(minutes=wish.meeting_type.minutes)
        same = (Slot(starts_at, starts_at + length, free[:1]),) if free else ()
    return (*same, *taken.alternatives)[:MOST_OTHERS]
