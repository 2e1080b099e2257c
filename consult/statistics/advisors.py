"""How the work lies among the advisors, and whether it is fair: against the very share that routing balances on.

Tells of colleagues and not of who asks, so that nothing is hidden unless the cut is about an organisation or a few.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, func, literal, select

from consult.booking.models import Booking
from consult.contact.models import Enquiry
from consult.people.models import Advisor
from consult.people.services import for_routing
from consult.routing.balance import THOUSANDTHS, Traffic, fair_shares
from consult.statistics.counting import ALL, Told, sum_of
from consult.statistics.hiding import Cell, Hiding, Line, count
from consult.statistics.scope import STANDS
from consult.statistics.sql import seconds
from consult.timespan import Span

if TYPE_CHECKING:
    from consult.statistics.counting import Counting
    from consult.statistics.figures import Figure

DAY = timedelta(days=1)
SECONDS_A_DAY = 86_400


def figures(counting: Counting) -> tuple[Figure, ...]:
    """The load of each advisor and, of everything together, the fairness; at most six statements."""
    given = _given(counting)
    query = select(Advisor.id, Advisor.name, Advisor.active).order_by(Advisor.name)
    people = counting.once("advisors", lambda: counting.session.execute(query).all())
    names = {row.id: row.name for row in people if row.active or row.id in given}
    load = _load(counting, given, names)
    return (load,) if counting.cut.kind is not None else (load, _fairness(counting, given, names))


def _given(counting: Counting) -> dict[int, Counter[int]]:
    """How many questions each advisor was given, by the start of the day (UTC, as routing counts) in seconds."""
    day = seconds(Enquiry.asked_at) - seconds(Enquiry.asked_at) % literal(SECONDS_A_DAY, BigInteger)
    query = (
        select(Enquiry.advisor_id, day.label("day"), func.count())
        .where(counting.scope.questions(counting.since, counting.until), Enquiry.advisor_id.is_not(None))
        .group_by(Enquiry.advisor_id, "day")
    )
    given: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for advisor_id, on, number in counting.session.execute(query):
        given[advisor_id or 0][int(on)] += number
    return given


def _load(counting: Counting, given: dict[int, Counter[int]], names: dict[int, str]) -> Figure:
    told = Told(
        key="load",
        title=_l("Werk per adviseur"),
        definition=_l(
            "Vragen uit de periode bij wie ze nu heeft, en gesprekken in de periode bij wie ze leidt."
        ),
        kind="bars",
        heads=((_l("Vragen"), "count"), (_l("Gesprekken"), "count")),
    )
    query = select(Booking.advisor_id, func.count()).where(
        STANDS, counting.scope.talks(Booking.starts_at, counting.since, counting.until)
    )
    rows = counting.session.execute(query.group_by(Booking.advisor_id))
    talks = {row[0]: row[1] for row in rows}
    lines = [
        Line(name, (count(given[each].total()), count(talks.get(each, 0))), key=str(each))
        for each, name in names.items()
    ]
    return told.figure(lines, sum_of(lines, 2), counting.hiding(Hiding(frozenset({0, 1}))), ranked=True)


def _fairness(counting: Counting, given: dict[int, Counter[int]], names: dict[int, str]) -> Figure:
    told = Told(
        key="fairness",
        title=_l("Eerlijk verdeeld"),
        definition=_l(
            "Vragen gedeeld door het eerlijke deel: naar gewicht, over wie er die dag was. 1 is precies eerlijk."
        ),
        kind="bars",
        heads=((_l("Verhouding"), "ratio"), (_l("Vragen"), "count"), (_l("Eerlijk deel"), "count")),
        note=_l("Wie de vrager al kent gaat voor; daardoor is de verhouding zelden precies 1."),
    )
    shares = _shares(counting, given)
    lines = []
    for each, name in names.items():
        got, fair = given[each].total(), shares.get(each, 0)
        ratio = round(got * THOUSANDTHS / fair, 2) if fair else None
        lines.append(
            Line(name, (Cell(ratio, got), count(got), Cell(round(fair / THOUSANDTHS, 1), got)), key=str(each))
        )
    everything = sum(questions.total() for questions in given.values())
    fair = sum(shares.values())
    total = (
        Cell(round(everything * THOUSANDTHS / fair, 2) if fair else None, everything),
        count(everything),
        Cell(round(fair / THOUSANDTHS, 1), everything),
    )
    return told.figure(lines, Line(ALL, total), None, ranked=True)


def _shares(counting: Counting, given: dict[int, Counter[int]]) -> dict[int, int]:
    """The fair share of each advisor in thousandths; who left had a right up to the last question."""
    advisors, _fallback = for_routing(counting.session, now=counting.since, workloads={})
    there = [
        each if each.active else replace(each, left_at=_moment(max(given[each.id])) + DAY)
        for each in advisors
        if each.active or each.id in given
    ]
    per_day = sum(given.values(), Counter[int]())
    traffic = [
        Traffic(Span(max(_moment(on), counting.since), min(_moment(on) + DAY, counting.until)), number)
        for on, number in per_day.items()
    ]
    return fair_shares(there, traffic)


def _moment(day: int) -> datetime:
    return datetime.fromtimestamp(day, UTC)
