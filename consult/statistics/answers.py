"""How fast and how faithfully people are answered: the first answer in working hours, and against what was promised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Integer, case, func, literal, select

from consult.contact.models import Enquiry
from consult.statistics.counting import TOTAL, Told, week_line
from consult.statistics.hiding import Cell, Hiding, Line, count
from consult.statistics.middle import median, ninetieth, percent
from consult.statistics.sql import seconds, week_of

if TYPE_CHECKING:
    from datetime import datetime

    from consult.statistics.counting import Counting
    from consult.statistics.figures import Figure

PROMISED: ColumnElement[datetime] = func.coalesce(Enquiry.first_answer_by, Enquiry.answer_by)


ASKED, ANSWERED = seconds(Enquiry.asked_at), seconds(Enquiry.answered_at)


def on_time(now: datetime) -> ColumnElement[int]:
    """1 for a first answer by the promised moment, 0 for one after it or none by then; NULL: nothing to judge yet."""
    over = func.coalesce(Enquiry.closed_at, literal(now, Enquiry.closed_at.type))
    # Closed before it was due, or still within its time: nothing was broken.
    return case(
        (Enquiry.answered_at <= PROMISED, literal(1, Integer)),
        (Enquiry.answered_at.is_not(None), literal(0, Integer)),
        (over >= PROMISED, literal(0, Integer)),
    )


@dataclass(slots=True)
class Speed:
    """What became of some questions: hours up to the first answer, how many were judged, how many were on time."""

    hours: list[float] = field(default_factory=list)
    judged: int = 0
    on_time: int = 0

    def add(self, hours: float | None, on_time: int | None) -> None:
        """Count one question: working hours up to the first answer, and whether it was on time."""
        if hours is not None:
            self.hours.append(hours)
        if on_time is not None:
            self.judged += 1
            self.on_time += on_time

    def merge(self, other: Speed) -> None:
        """Count what the other counted."""
        self.hours += other.hours
        self.judged += other.judged
        self.on_time += other.on_time

    @property
    def median(self) -> Cell:
        """Half of the first answers came within so many working hours."""
        # In order, so that whatever sorts them next is done at once.
        self.hours.sort()
        return Cell(median(self.hours), len(self.hours))

    @property
    def ninetieth(self) -> Cell:
        """Nine out of ten first answers came within so many working hours."""
        return Cell(ninetieth(self.hours), len(self.hours))

    @property
    def punctual(self) -> Cell:
        """So many of a hundred were answered by the promised time."""
        return Cell(percent(self.on_time, self.judged), self.judged)


def figures(counting: Counting) -> tuple[Figure, ...]:
    """The first answer and the promise per week; two statements."""
    weeks, everything = [Speed() for _ in range(counting.period.weeks)], Speed()
    hours = counting.worked().hours
    week = week_of(Enquiry.asked_at, counting.period, counting.zone)
    query = select(week, ASKED, ANSWERED, on_time(counting.now)).where(
        counting.scope.questions(counting.since, counting.until)
    )
    for number, asked, answered, is_good in counting.rows(query):
        weeks[number].add(None if answered is None else hours(asked, answered), is_good)
    for each in weeks:
        everything.merge(each)
    return _first_answer(counting, weeks, everything), _on_time(counting, weeks, everything)


def _first_answer(counting: Counting, weeks: list[Speed], everything: Speed) -> Figure:
    told = Told(
        key="first_answer",
        title=_l("Eerste antwoord"),
        definition=_l(
            "Werkuren van vraag tot eerste antwoord, per week van binnenkomst. Avond, weekend en feestdag tellen niet."
        ),
        kind="lines",
        heads=(
            (_l("De helft binnen"), "hours"),
            (_l("Negen van de tien binnen"), "hours"),
            (_l("Beantwoord"), "count"),
        ),
        note=_l("Vragen zonder antwoord tellen nog niet mee."),
    )

    def cells(speed: Speed) -> tuple[Cell, ...]:
        return speed.median, speed.ninetieth, count(len(speed.hours))

    return _figure(counting, told, [cells(each) for each in weeks], cells(everything))


def _on_time(counting: Counting, weeks: list[Speed], everything: Speed) -> Figure:
    told = Told(
        key="on_time",
        title=_l("Op tijd beantwoord"),
        definition=_l(
            "Het deel van de vragen met een eerste antwoord vóór het beloofde moment, per week van binnenkomst."
        ),
        kind="lines",
        heads=((_l("Op tijd"), "percent"), (_l("Vragen"), "count")),
        note=_l("Een vraag zonder antwoord telt pas mee als het beloofde moment voorbij is."),
    )

    def cells(speed: Speed) -> tuple[Cell, ...]:
        return speed.punctual, count(speed.judged)

    return _figure(counting, told, [cells(each) for each in weeks], cells(everything))


def _figure(
    counting: Counting, told: Told, weeks: list[tuple[Cell, ...]], everything: tuple[Cell, ...]
) -> Figure:
    lines = [week_line(monday, cells) for monday, cells in zip(counting.period.mondays(), weeks, strict=True)]
    hiding = Hiding(frozenset({len(everything) - 1}))
    return told.figure(lines, Line(TOTAL, everything), counting.hiding(hiding))
