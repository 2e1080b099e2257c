"""Talks: who comes to which, what they answered, whether it was moved or cancelled, and how it went.

Knows nothing of where talks fit. Nothing that has happened is later than now.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Final, cast

from consult.operations.sample.agendas import spots
from consult.operations.sample.moments import DAY
from consult.operations.sample.shapes import Participation, Place, PlannedBooking, PlannedMove

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from random import Random

    from consult.operations.sample.agendas import Spot
    from consult.operations.sample.enquiries import Desk
    from consult.operations.sample.shapes import PlannedEnquiry

# What visitors answered to talks to come, in turn, and whether they propose another moment.
COMING: Final[tuple[tuple[Participation, bool], ...]] = (
    ("ACCEPTED", False), ("NEEDS-ACTION", False), ("ACCEPTED", False), ("DECLINED", False), ("ACCEPTED", False),
    ("TENTATIVE", True), ("ACCEPTED", False), ("NEEDS-ACTION", False), ("ACCEPTED", False), ("TENTATIVE", False),
    ("ACCEPTED", False), ("NEEDS-ACTION", False),
)  # fmt: skip
# The shares of what they had answered to talks that were.
ANSWERS: Final[tuple[Participation, ...]] = ("ACCEPTED", "NEEDS-ACTION", "TENTATIVE", "DECLINED")
PAST_ANSWERS: Final = (78, 17, 4, 1)
# Every so many talks that are over, one was a no-show.
NO_SHOW_EVERY: Final = 18
CANCELLED: Final = 0.08
MOVED: Final = 0.11
AFTER_A_QUESTION: Final = 0.45
# Minutes of working time between making a booking and the talk: at least, and on average on top of that.
LEAST_LEAD: Final = 240
LEAD: Final = 3 * DAY


class _Turns:
    """What comes in turn, so that every plan has some of each."""

    def __init__(self) -> None:
        self.coming = cycle(COMING)
        self.no_show = cycle(place == NO_SHOW_EVERY // 2 for place in range(NO_SHOW_EVERY))


def bookings(
    desk: Desk, rng: Random, count: int, days: int, asked: tuple[PlannedEnquiry, ...]
) -> tuple[PlannedBooking, ...]:
    """So many talks around now, numbered from 1 in the order in which they were made."""
    by_advisor: dict[str, list[PlannedEnquiry]] = {}
    for enquiry in asked:
        by_advisor.setdefault(enquiry.advisor or "", []).append(enquiry)
    turns = _Turns()
    made = [
        _lived(desk, rng, _booking(desk, rng, spot, by_advisor.get(spot.advisor, [])), spot.day, turns)
        for spot in spots(desk, rng, count, days)
    ]
    made.sort(key=lambda one: (one.created_at, one.starts_at, one.advisor))
    return tuple(replace(one, number=number) for number, one in enumerate(made, start=1))


def _booking(desk: Desk, rng: Random, spot: Spot, asked: list[PlannedEnquiry]) -> PlannedBooking:
    starts_at = desk.clock.instant(spot.day, spot.minute)
    created_at = _created(desk, rng, starts_at)
    enquiry = _enquiry_before(rng, created_at, asked)
    contact = enquiry.contact if enquiry else int(len(desk.contacts) * rng.random() ** 1.6)
    place = rng.choice(spot.kind.places)
    locations = desk.content.places.get(place)
    return PlannedBooking(
        number=0,
        meeting_type=spot.kind.slug,
        advisor=spot.advisor,
        contact=contact,
        organisation=desk.contacts[contact].organisation,
        topic=enquiry.topic if enquiry else rng.choice(desk.by_slug[spot.advisor].topics),
        page=enquiry.page if enquiry else None,
        enquiry=enquiry.number if enquiry else None,
        created_at=created_at,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=spot.kind.minutes),
        buffer_before=spot.kind.buffer_before,
        buffer_after=spot.kind.buffer_after,
        place=cast("Place", place),
        location=rng.choice(locations) if locations else None,
        note=rng.choice(desk.content.talks["about"]),
        state="confirmed",
        participation="NEEDS-ACTION",
        answered_at=None,
        moves=(),
        cancelled_at=None,
        cancel_reason=None,
        proposed_start=None,
        held=None,
        outcome=None,
        next_step=None,
    )


def _lived(desk: Desk, rng: Random, planned: PlannedBooking, day: date, turns: _Turns) -> PlannedBooking:
    """The talk with everything that has happened to it up to now."""
    past = planned.ends_at <= desk.now
    changed, until = planned.created_at, min(desk.now, planned.starts_at)
    if rng.random() < MOVED:
        changed = _between(desk, rng, changed, until)
        from_start = _another_moment(desk, rng, day, (-4, 4))
        reason = rng.choice(desk.content.talks["move_reasons"])
        planned = replace(planned, moves=(PlannedMove(changed, from_start, reason),))
    answer, proposes = (rng.choices(ANSWERS, PAST_ANSWERS)[0], False) if past else next(turns.coming)
    if proposes:
        planned = replace(planned, proposed_start=_another_moment(desk, rng, day, (1, 4)))
    if answer != "NEEDS-ACTION":
        changed = _between(desk, rng, changed, until)
        planned = replace(planned, participation=answer, answered_at=changed)
    if not proposes and rng.random() < CANCELLED:
        return replace(
            planned,
            state="cancelled",
            cancelled_at=_between(desk, rng, changed, until),
            cancel_reason=rng.choice(desk.content.talks["cancel_reasons"]),
        )
    if not past:
        return planned
    return replace(planned, held=False) if next(turns.no_show) else _held(desk, rng, planned)


def _held(desk: Desk, rng: Random, planned: PlannedBooking) -> PlannedBooking:
    """A talk that was held, mostly with an outcome and now and then with a next step."""
    talks = desk.content.talks
    return replace(
        planned,
        held=True,
        outcome=rng.choice(talks["outcomes"]) if rng.random() < 0.85 else None,
        next_step=rng.choice(talks["next_steps"]) if rng.random() < 0.4 else None,
    )


def _created(desk: Desk, rng: Random, starts_at: datetime) -> datetime:
    """When a talk was booked: before now, and some working hours or days before it begins."""
    clock = desk.clock
    here = clock.position(desk.now)
    made = clock.position(starts_at) - LEAST_LEAD - rng.expovariate(1 / LEAD)
    if made > here - 5:
        made = here - 5 - rng.uniform(0, LEAD)
    return clock.at(max(made, 0))


def _enquiry_before(rng: Random, moment: datetime, asked: Sequence[PlannedEnquiry]) -> PlannedEnquiry | None:
    """One of the last ten questions to this advisor before that moment, or none."""
    last = bisect_left(asked, moment, key=lambda enquiry: enquiry.asked_at)
    if last == 0 or rng.random() >= AFTER_A_QUESTION:
        return None
    return asked[rng.randrange(max(0, last - 10), last)]


def _another_moment(desk: Desk, rng: Random, day: date, between: tuple[int, int]) -> datetime:
    """A usual start on another working day, so many working days away."""
    shift = rng.choice([days for days in range(between[0], between[1] + 1) if days])
    place = bisect_left(desk.clock.working_days, day) + shift
    return desk.clock.instant(
        desk.clock.working_days[max(place, 0)], rng.choice((570, 630, 660, 840, 900, 930))
    )


def _between(desk: Desk, rng: Random, first: datetime, last: datetime) -> datetime:
    """A moment in working time between these two; the first when there is no working time between them."""
    clock = desk.clock
    start, end = clock.position(first), clock.position(last)
    return (
        max(first, min(clock.at(start + (end - start) * rng.uniform(0.05, 0.9)), last))
        if end > start
        else first
    )
