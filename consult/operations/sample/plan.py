"""The whole plan: the same for the same seed and moment, whatever the machine.

Knows no database and no clock: the caller says what time it is.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final

from consult.operations.sample import cast
from consult.operations.sample.bookings import bookings as plan_bookings
from consult.operations.sample.content import content
from consult.operations.sample.enquiries import Desk
from consult.operations.sample.enquiries import enquiries as plan_enquiries
from consult.operations.sample.moments import OfficeClock, local_day
from consult.operations.sample.shapes import SamplePlan

USUAL_NOW: Final = 10 * 60 + 30
# So many talks fit into a week of one advisor, at the very least; it bounds how far back the clock must reach.
TALKS_A_WEEK: Final = 4
AHEAD: Final = timedelta(days=120)
BACK: Final = timedelta(days=60)


def plan(
    seed: int,
    today: date,
    *,
    advisors: int = 6,
    enquiries: int = 300,
    bookings: int = 120,
    days: int = 90,
    now: datetime | None = None,
) -> SamplePlan:
    """What to load: questions of the last ``days`` days, and talks two thirds before and one third after today.

    ``now`` is the moment until which things have happened, half past ten of ``today`` in Amsterdam unless given;
    it must lie on ``today``.

    Raises:
        ValueError: there is no advisor, fewer than two days, or ``now`` is naive or on another date.
    """
    if advisors < 1 or days < 2:
        raise ValueError("a plan needs at least one advisor and two days")
    if now is not None and (now.tzinfo is None or local_day(now) != today):
        raise ValueError("now is an aware instant on the date of today in Amsterdam")
    texts = content()
    weeks = bookings // (advisors * TALKS_A_WEEK)
    clock = OfficeClock(today - timedelta(days=days, weeks=weeks) - BACK, today + AHEAD)
    moment = now.astimezone(UTC) if now else clock.instant(today, USUAL_NOW)
    people = cast.advisors(texts, _random(seed, "advisors"), advisors)
    away = cast.absences(texts, people, today)
    contacts = cast.contacts(texts, _random(seed, "contacts"), people, enquiries)
    desk = Desk(texts, clock, people, away, contacts, moment, {advisor.slug: advisor for advisor in people})
    asked = plan_enquiries(desk, _random(seed, "enquiries"), enquiries, days)
    return SamplePlan(
        seed=seed,
        now=moment,
        content=texts,
        advisors=people,
        teams=cast.teams(texts, people),
        absences=away,
        contacts=contacts,
        enquiries=asked,
        bookings=plan_bookings(desk, _random(seed, "bookings"), bookings, days, asked),
    )


def _random(seed: int, part: str) -> Random:
    """A stream of its own for every part, so that more questions do not change who the contacts are."""
    return Random(f"{seed} {part}")
