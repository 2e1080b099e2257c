"""Questions and their threads, spread over the days before now and heaviest on the last two.

Knows nothing of talks. What a thread says is drawn from the texts; when it happened follows the office clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Final

from consult.operations.sample.moments import DAY, local_day
from consult.operations.sample.shapes import Channel, PlannedEnquiry, Why
from consult.operations.sample.threads import Fate, Thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from random import Random

    from consult.operations.sample.content import Content, Question, SampleAdvisor
    from consult.operations.sample.moments import OfficeClock
    from consult.operations.sample.shapes import PlannedAbsence, PlannedContact

PROMISE: Final = DAY
URGENT_PROMISE: Final = 120
WARN_AT: Final = 0.75
# Every so many questions, counted from the newest, one is urgent; the first of them is still open.
URGENT_EVERY: Final = 13
URGENT_FROM: Final = 2
# What becomes of questions of a certain age, the newest first, in turn: a desk shows everything, whatever the seed.
FRESH: Final[tuple[Fate, ...]] = (
    "open", "unassigned", "open", "closed", "open", "waiting", "open", "follow_up", "open", "unassigned",
)  # fmt: skip
LAST_DAYS: Final[tuple[Fate, ...]] = (
    "open", "closed", "waiting", "closed", "follow_up", "closed", "snoozed", "closed", "closed", "waiting",
)  # fmt: skip
LAST_WEEKS: Final[tuple[Fate, ...]] = (
    "closed", "closed", "waiting", "closed", "closed", "closed", "snoozed", "closed", "closed", "waiting",
    "closed", "closed", "closed", "closed", "open", "closed", "closed", "follow_up", "closed", "closed",
)  # fmt: skip
# Minutes of the day between which questions come in, with their share.
HOURS: Final = ((450, 540, 8), (540, 660, 30), (660, 750, 18), (750, 810, 8), (810, 960, 24), (960, 1050, 8),
                (1050, 1350, 4))  # fmt: skip
CHANNELS: Final[tuple[tuple[Channel, int], ...]] = (("email", 55), ("phone", 30), ("whatsapp", 15))


@dataclass(frozen=True, slots=True)
class Desk:
    """What a question meets: texts, people and the clock; ``now`` is the latest moment anything has happened."""

    content: Content
    clock: OfficeClock
    advisors: tuple[SampleAdvisor, ...]
    absences: tuple[PlannedAbsence, ...]
    contacts: tuple[PlannedContact, ...]
    now: datetime
    by_slug: dict[str, SampleAdvisor]

    def away(self, slug: str, day: date) -> PlannedAbsence | None:
        """The absence that this advisor has on this date, or None."""
        return next(
            (one for one in self.absences if one.advisor == slug and one.first_on <= day <= one.last_on), None
        )


def enquiries(desk: Desk, rng: Random, count: int, days: int) -> tuple[PlannedEnquiry, ...]:
    """So many questions of the last ``days`` days, numbered from 1 in order of time."""
    moments = sorted(_moments(desk, rng, count, days), reverse=True)
    questions = _in_turn(desk.content.questions, rng)
    fates = _Fates(desk, rng)
    made = [
        _enquiry(desk, rng, count - back, asked_at, next(questions), fates.of(asked_at), urgent=_urgent(back))
        for back, asked_at in enumerate(moments)
    ]
    return tuple(reversed(made))


class _Fates:
    """What becomes of one question after the other, by age."""

    def __init__(self, desk: Desk, rng: Random) -> None:
        self._clock = desk.clock
        self._here = desk.clock.position(desk.now)
        self._rng = rng
        self._patterns = ((DAY, cycle(FRESH)), (3 * DAY, cycle(LAST_DAYS)), (10 * DAY, cycle(LAST_WEEKS)))

    def of(self, asked_at: datetime) -> Fate:
        """The fate of the next question, asked at this moment."""
        age = self._here - self._clock.position(asked_at)
        for older, pattern in self._patterns:
            if age < older:
                return next(pattern)
        return "waiting" if self._rng.random() < 0.015 else "closed"


def _urgent(back: int) -> bool:
    return back % URGENT_EVERY == URGENT_FROM


def _in_turn(questions: tuple[Question, ...], rng: Random) -> Iterator[Question]:
    """All questions in a random order, again and again, so that neighbours differ."""
    while True:
        yield from rng.sample(questions, len(questions))


def _moments(desk: Desk, rng: Random, count: int, days: int) -> list[datetime]:
    today = local_day(desk.now)
    dates = [today - timedelta(days=back) for back in range(days)]
    weights = [
        (1.0 if desk.clock.is_working_day(day) else 0.06) * (1.2 - back / days / 2)
        for back, day in enumerate(dates)
    ]
    busy = min(count // 4, max(6, 2 * count // days))
    before = next(day for day in reversed(desk.clock.working_days) if day < today)
    chosen = rng.choices(dates, weights, k=count - 2 * busy) + [today] * busy + [before] * busy
    spans = rng.choices(HOURS, [share for *_, share in HOURS], k=count)
    moments = []
    for day, (first, last, _) in zip(chosen, spans, strict=True):
        moment = desk.clock.instant(day, rng.uniform(first, last))
        if moment >= desk.now:
            moment = _earlier_today(desk, rng, today, before)
        moments.append(moment)
    return moments


def _earlier_today(desk: Desk, rng: Random, today: date, before: date) -> datetime:
    """A moment between half past seven and now; when it is not yet that late, of the evening before."""
    morning = desk.clock.instant(today, 450)
    so_far = (desk.now - morning).total_seconds()
    if so_far > 600:
        return morning + timedelta(seconds=round(rng.uniform(0, so_far - 300)))
    return desk.clock.instant(before, rng.uniform(1020, 1320))


def _enquiry(
    desk: Desk, rng: Random, number: int, asked_at: datetime, question: Question, fate: Fate, *, urgent: bool
) -> PlannedEnquiry:
    content = desk.content
    place = int(len(desk.contacts) * rng.random() ** 1.6)
    contact = desk.contacts[place]
    page = next((page for page in content.pages if page.topic == question.topic and rng.random() < 0.7), None)
    on_page = [slug for slug in page.advisors if slug in desk.by_slug] if page else []
    wanted = rng.choice(on_page) if on_page and rng.random() < 0.35 else None
    advisor, why = _assigned(desk, rng, question.topic, contact.owner, wanted, on_page, local_day(asked_at))
    channel = rng.choices([name for name, _ in CHANNELS], [share for _, share in CHANNELS])[0]
    thread = Thread(desk, rng, asked_at, channel, question.topic, urgent=urgent)
    thread.run(None if fate == "unassigned" else advisor.slug, fate)
    runs = thread.state == "open"
    since = thread.entries[-1].at if runs and thread.answered_at else asked_at
    start, promise = desk.clock.position(since), URGENT_PROMISE if urgent else PROMISE
    return PlannedEnquiry(
        number=number,
        asked_at=asked_at,
        channel=channel,
        contact=place,
        organisation=contact.organisation,
        topic=question.topic,
        page=page.slug if page else None,
        subject=question.subject,
        text=question.text,
        urgent=urgent,
        needs=rng.choice(content.needs) if urgent else None,
        reachable=rng.choice(content.reachable) if channel == "phone" else None,
        wanted=wanted,
        advisor=thread.advisor,
        why=why if thread.advisor else None,
        state=thread.state,
        answer_by=desk.clock.deadline(start + promise),
        due_soon_at=desk.clock.at(start + WARN_AT * promise) if runs else None,
        answered_at=thread.answered_at,
        closed_at=thread.closed_at,
        snoozed_until=thread.snoozed_until,
        entries=tuple(thread.entries),
    )


def _assigned(
    desk: Desk, rng: Random, topic: str, owner: str | None, wanted: str | None, on_page: list[str], day: date
) -> tuple[SampleAdvisor, Why]:
    """Who gets a question, and why: who was asked for, knows this person, is on the page, or knows the topic."""
    by_slug = desk.by_slug
    why: Why
    if wanted:
        chosen, why = by_slug[wanted], "wanted"
    elif owner and rng.random() < 0.6:
        chosen, why = by_slug[owner], "owner"
    elif on_page:
        chosen, why = by_slug[rng.choice(on_page)], "page"
    elif able := [one for one in desk.advisors if topic in one.topics]:
        chosen, why = rng.choices(able, [one.weight for one in able])[0], "topic"
    else:
        chosen, why = next((one for one in desk.advisors if one.fallback), desk.advisors[0]), "fallback"
    away = desk.away(chosen.slug, day)
    return (by_slug[away.stand_in], "stand_in") if away else (chosen, why)
