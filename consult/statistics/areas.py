"""Ask for the figures of one page, or for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.statistics import advisors, answers, continuity, pages, spread, talks, volume
from consult.statistics.counting import Counting
from consult.statistics.figures import EVERYTHING, Area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from consult.database import DbSession
    from consult.settings import Settings
    from consult.statistics.figures import Cut, Figure, Period

AREAS: Mapping[Area, Callable[[Counting], tuple[Figure, ...]]] = {
    Area.VOLUME: volume.figures,
    Area.ANSWERS: answers.figures,
    Area.TALKS: talks.figures,
    Area.PAGES: pages.figures,
    Area.ADVISORS: advisors.figures,
    Area.CONTINUITY: continuity.figures,
    Area.SPREAD: spread.figures,
}


def of_area(
    session: DbSession,
    area: Area,
    period: Period,
    cut: Cut = EVERYTHING,
    *,
    settings: Settings,
    now: datetime,
) -> tuple[Figure, ...]:
    """The figures of one area in the order of its page; changes nothing.

    The number of statements does not grow with what there is to count. Which figures there are depends on the cut:
    what says nothing of it is left out (fairness of one topic, hand-outs of one organisation).
    """
    return AREAS[area](Counting.of(session, period, cut, settings=settings, now=now))


def compared(
    session: DbSession,
    areas: Iterable[Area],
    periods: tuple[Period, Period | None],
    cut: Cut = EVERYTHING,
    *,
    settings: Settings,
    now: datetime,
    only: frozenset[str] = frozenset(),
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """The figures of some areas in two periods (none in the second when there is none); ``only`` these keys, or all.

    Names, holidays and what the cut holds are looked up once for both.
    """
    period, other = periods
    counting = Counting.of(session, period, cut, settings=settings, now=now, only=only)
    both = counting.beside(other) if other else (counting,)
    areas = tuple(areas)
    found = [
        tuple(figure for area in areas for figure in AREAS[area](each) if counting.wants(figure.key))
        for each in both
    ]
    return found[0], found[1] if other else ()


def figures(
    session: DbSession, period: Period, cut: Cut = EVERYTHING, *, settings: Settings, now: datetime
) -> tuple[Figure, ...]:
    """All figures, area after area."""
    counting = Counting.of(session, period, cut, settings=settings, now=now)
    return tuple(figure for of in AREAS.values() for figure in of(counting))
