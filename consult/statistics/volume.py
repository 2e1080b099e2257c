"""How much comes in: questions per week and by channel, talks that are planned per week and by kind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from consult.booking.models import Booking, MeetingType
from consult.contact.models import Channel, Enquiry
from consult.statistics.counting import ALL, TOTAL, Told, either, week_line
from consult.statistics.hiding import Cell, Hiding, Line, count
from consult.statistics.middle import percent
from consult.statistics.scope import STANDS
from consult.statistics.sql import week_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consult.statistics.counting import Counting
    from consult.statistics.figures import Figure, Words

CHANNELS = {
    Channel.EMAIL: _l("Mail"),
    Channel.PHONE: _l("Bellen"),
    Channel.WHATSAPP: _l("Appen"),
}
Key = TypeVar("Key")


def figures(counting: Counting) -> tuple[Figure, ...]:
    """Questions per week, talks per week, the mix of channels; three statements."""
    asked = _questions(counting)
    return _questions_per_week(counting, asked), _talks_per_week(counting), _mix(counting, asked)


def _questions(counting: Counting) -> Counter[tuple[int, str]]:
    query = (
        select(
            week_of(Enquiry.asked_at, counting.period, counting.zone).label("week"),
            Enquiry.channel,
            func.count(),
        )
        .where(counting.scope.questions(counting.since, counting.until))
        .group_by("week", Enquiry.channel)
    )
    return Counter({(week, channel): number for week, channel, number in counting.session.execute(query)})


def _questions_per_week(counting: Counting, asked: Counter[tuple[int, str]]) -> Figure:
    told = Told(
        key="questions",
        title=_l("Vragen per week"),
        definition=_l(
            "Vragen die in de week binnenkwamen. Spam telt niet; samengevoegde vragen zijn er één."
        ),
        kind="stacked",
        heads=tuple((label, "count") for label in CHANNELS.values()),
    )
    return _per_week(counting, told, asked, tuple(CHANNELS))


def _talks_per_week(counting: Counting) -> Figure:
    query = (
        select(
            week_of(Booking.created_at, counting.period, counting.zone).label("week"),
            Booking.meeting_type_id,
            func.count(),
        )
        .where(STANDS, counting.scope.talks(Booking.created_at, counting.since, counting.until))
        .group_by("week", Booking.meeting_type_id)
    )
    planned = Counter({(week, kind): number for week, kind, number in counting.session.execute(query)})
    kinds = _kinds(counting, {kind for _, kind in planned})
    told = Told(
        key="talks",
        title=_l("Geplande gesprekken per week"),
        definition=_l(
            "Gesprekken die in de week zijn gepland en niet zijn afgezegd, op de dag van het plannen."
        ),
        kind="stacked",
        heads=tuple((label, "count") for label in kinds.values()),
    )
    return _per_week(counting, told, planned, tuple(kinds))


def _kinds(counting: Counting, planned: set[int]) -> dict[int, Words]:
    """The kinds of talk that visitors can plan, and those that were planned, in their order."""
    query = select(MeetingType.id, MeetingType.name, MeetingType.name_en, MeetingType.active)
    ordered = query.order_by(MeetingType.position, MeetingType.id)
    rows = counting.once("kinds", lambda: counting.session.execute(ordered).all())
    return {row.id: either(row.name, row.name_en) for row in rows if row.active or row.id in planned}


def _per_week(counting: Counting, told: Told, found: Counter[tuple[int, Key]], keys: Sequence[Key]) -> Figure:
    lines = [
        week_line(monday, tuple(count(found[week, key]) for key in keys))
        for week, monday in enumerate(counting.period.mondays())
    ]
    sums = (sum(found[week, key] for week in range(len(lines))) for key in keys)
    total = Line(TOTAL, tuple(count(number) for number in sums))
    return told.figure(lines, total, counting.hiding(Hiding(frozenset(range(len(keys))), across=True)))


def _mix(counting: Counting, asked: Counter[tuple[int, str]]) -> Figure:
    told = Told(
        key="channels",
        title=_l("Hoe mensen antwoord willen"),
        definition=_l("Het deel van de vragen per kanaal dat de bezoeker koos."),
        kind="bars",
        heads=((_l("Aandeel"), "percent"), (_l("Vragen"), "count")),
    )
    everything = asked.total()
    of = {key: sum(asked[week, key] for week in range(counting.period.weeks)) for key in CHANNELS}
    lines = [
        Line(label, (Cell(percent(of[key], everything), of[key]), count(of[key])), key=str(key))
        for key, label in CHANNELS.items()
    ]
    total = Line(ALL, (Cell(percent(everything, everything), everything), count(everything)))
    # A part of a known whole tells the count again.
    return told.figure(lines, total, counting.hiding(Hiding(frozenset({1}), {0: (1,)})))
