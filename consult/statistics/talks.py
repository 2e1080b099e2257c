"""How talks go: how long before they are planned, and whether people come."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, literal, select

from consult.booking.models import Booking, BookingState, Outcome
from consult.statistics.counting import TOTAL, Told, week_line
from consult.statistics.hiding import Cell, Hiding, Line, count
from consult.statistics.middle import median, ninetieth, percent
from consult.statistics.scope import STANDS
from consult.statistics.sql import seconds, week_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from consult.statistics.counting import Counting
    from consult.statistics.figures import Figure

CANCELLED, UNSAID = "cancelled", "unsaid"


def figures(counting: Counting) -> tuple[Figure, ...]:
    """Lead time, no-shows and what became of talks, per week; two statements."""
    became = _outcomes(counting)
    lead_time = (_lead_time(counting),) if counting.wants("lead_time") else ()
    return *lead_time, _no_shows(counting, became), _ended(counting, became)


def _lead_time(counting: Counting) -> Figure:
    told = Told(
        key="lead_time",
        title=_l("Wachttijd op een gesprek"),
        definition=_l(
            "Dagen van plannen tot gesprek, per week van plannen. Wat is afgezegd en reeksen tellen niet."
        ),
        kind="lines",
        heads=(
            (_l("De helft binnen"), "days"),
            (_l("Negen van de tien binnen"), "days"),
            (_l("Gesprekken"), "count"),
        ),
    )
    query = select(
        week_of(Booking.created_at, counting.period, counting.zone),
        seconds(Booking.created_at),
        seconds(Booking.starts_at),
    ).where(
        STANDS,
        Booking.series_id.is_(None),
        counting.scope.talks(Booking.created_at, counting.since, counting.until),
    )
    zone, days = ZoneInfo(counting.zone), defaultdict[int, list[int]](list)
    for week, created, starts in counting.session.execute(query):
        days[week].append(_day(starts, zone) - _day(created, zone))

    def cells(waited: list[int]) -> tuple[Cell, ...]:
        number = len(waited)
        return Cell(median(waited), number), Cell(ninetieth(waited), number), count(number)

    lines = [week_line(monday, cells(days[week])) for week, monday in enumerate(counting.period.mondays())]
    total = Line(TOTAL, cells([each for waited in days.values() for each in waited]))
    return told.figure(lines, total, counting.hiding(Hiding(frozenset({2}))))


def _day(at: int, zone: ZoneInfo) -> int:
    return datetime.fromtimestamp(at, zone).toordinal()


def _outcomes(counting: Counting) -> Counter[tuple[int, str]]:
    """How many talks of each week were attended, missed, cancelled, or have nothing said about them yet."""
    became = case(
        (Booking.state == BookingState.CANCELLED, CANCELLED), else_=func.coalesce(Booking.outcome, UNSAID)
    )
    query = (
        select(
            week_of(Booking.starts_at, counting.period, counting.zone).label("week"),
            became.label("became"),
            func.count(),
        )
        .where(
            counting.scope.talks(Booking.starts_at, counting.since, counting.until),
            (Booking.ends_at <= literal(counting.now, Booking.ends_at.type)) | ~STANDS,
        )
        .group_by("week", "became")
    )
    return Counter({(week, what): number for week, what, number in counting.session.execute(query)})


def _no_shows(counting: Counting, became: Counter[tuple[int, str]]) -> Figure:
    told = Told(
        key="no_shows",
        title=_l("Niet verschenen"),
        definition=_l(
            "Het deel van de gesprekken waar de bezoeker niet kwam, van die met een ingevulde uitkomst."
        ),
        kind="lines",
        heads=(
            (_l("Niet verschenen"), "percent"),
            (_l("Niet gekomen"), "count"),
            (_l("Uitkomst ingevuld"), "count"),
        ),
    )

    def cells(missed: int, said: int) -> tuple[Cell, ...]:
        return Cell(percent(missed, said), said), count(missed), count(said)

    def of(weeks: range) -> tuple[Cell, ...]:
        missed = sum(became[week, Outcome.NO_SHOW] for week in weeks)
        return cells(missed, missed + sum(became[week, Outcome.ATTENDED] for week in weeks))

    # With how many came, the part that did not tells the count again.
    hiding = Hiding(frozenset({1, 2}), {0: (1, 2)})
    return _weekly(counting, told, of, hiding)


def _ended(counting: Counting, became: Counter[tuple[int, str]]) -> Figure:
    told = Told(
        key="outcomes",
        title=_l("Hoe gesprekken afliepen"),
        definition=_l(
            "Gesprekken per week van het gesprek zelf. Alleen gesprekken die voorbij zijn of zijn afgezegd."
        ),
        kind="stacked",
        heads=(
            (_l("Doorgegaan"), "count"),
            (_l("Bezoeker kwam niet"), "count"),
            (_l("Afgezegd"), "count"),
            (_l("Nog niet ingevuld"), "count"),
        ),
    )

    def of(weeks: range) -> tuple[Cell, ...]:
        kinds = (Outcome.ATTENDED, Outcome.NO_SHOW, CANCELLED, UNSAID)
        return tuple(count(sum(became[week, kind] for week in weeks)) for kind in kinds)

    return _weekly(counting, told, of, Hiding(frozenset(range(4)), across=True))


def _weekly(
    counting: Counting, told: Told, of: Callable[[range], tuple[Cell, ...]], hiding: Hiding
) -> Figure:
    lines = [
        week_line(monday, of(range(week, week + 1))) for week, monday in enumerate(counting.period.mondays())
    ]
    return told.figure(lines, Line(TOTAL, of(range(counting.period.weeks))), counting.hiding(hiding))
