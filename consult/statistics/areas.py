"""Ask for the figures of one page, or for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.statistics import advisors, answers, continuity, pages, spread, talks, volume
from consult.statistics.counting import Counting
from consult.statistics.figures import EVERYTHING, Area

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
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


def figures(
    session: DbSession, period: Period, cut: Cut = EVERYTHING, *, settings: Settings, now: datetime
) -> tuple[Figure, ...]:
    """All figures, area after area."""
    counting = Counting.of(session, period, cut, settings=settings, now=now)
    return tuple(figure for of in AREAS.values() for figure in of(counting))
