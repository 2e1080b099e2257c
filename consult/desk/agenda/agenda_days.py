"""An agenda in days: what stands on each, in order, with where it stands on a sheet of quarters of an hour.

Knows the rows and the words, no request. All wall-clock times are those of the firm's zone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext

from consult.desk.agenda import agenda_queries, talk_queries
from consult.desk.items import place_name, stamp
from consult.people.schedules import work_calendars
from consult.timespan import Span
from consult.web import current, dates
from consult.worktime import day_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.desk.agenda.agenda_queries import Away, HostedGroup
    from consult.desk.agenda.talk_queries import BookingRow

QUARTER = 15
USUAL_HOURS = (8, 18)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on one day. ``kind`` is a class of the sheet; ``first`` and ``quarters`` say where on it."""

    span: Span
    kind: str
    title: str
    detail: str = ""
    badge: str | None = None
    href: str | None = None
    first: int = 0
    quarters: int = 1

    @property
    def time(self) -> str:
        """When it begins."""
        return dates.zoned_time(self.span.start, current.settings().timezone, current.language())


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a block of working time stands on the sheet."""

    first: int
    quarters: int


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """One day: its entries in order, when the advisor works, and what holds for (a part of) the day."""

    on: date
    is_today: bool
    hours: tuple[str, ...]
    work: tuple[Span, ...]
    entries: list[Entry]
    notes: list[str]
    worked: tuple[Mark, ...] = ()

    @property
    def label(self) -> str:
        """The day with its weekday."""
        text = dates.day(self.on, current.language())
        return text[:1].upper() + text[1:]

    @property
    def is_free(self) -> bool:
        """Whether nobody works and nothing stands on it."""
        return not (self.work or self.entries)


def agenda_of(
    session: DbSession, advisor_id: int, first: date, count: int, *, now: datetime
) -> list[AgendaDay]:
    """So many days of one advisor's agenda, the first one first."""
    zone = ZoneInfo(current.settings().timezone)
    today = now.astimezone(zone).date()
    week = work_calendars(session, (advisor_id,), now=now)[advisor_id].week
    wholes = {
        on: Span(day_start(on, zone), day_start(on + timedelta(days=1), zone))
        for on in (first + timedelta(days=ahead) for ahead in range(count))
    }
    shown = Span(day_start(first, zone), day_start(first + timedelta(days=count), zone))
    entries = sorted(_entries(session, advisor_id, shown, now), key=lambda entry: entry.span.start)
    away = agenda_queries.absences(session, advisor_id, shown)
    return [
        AgendaDay(
            on,
            on == today,
            tuple(_hours(span) for span in week.spans_on(on)),
            week.spans_on(on),
            [entry for entry in entries if entry.span.overlaps(whole)],
            list(_notes(away, whole)),
        )
        for on, whole in wholes.items()
    ]


def on_sheet(days: Sequence[AgendaDay]) -> tuple[list[tuple[int, str]], list[AgendaDay]]:
    """The hours beside a sheet (row and time), and the days with every entry in its place on it.

    The sheet begins at eight and ends at six, or where the first and the last entry reach further.
    """
    from_minute = min((_minute(span.start, day) for day in days for span in _spans(day)), default=24 * 60)
    to_minute = max((_minute(span.end, day) for day in days for span in _spans(day)), default=0)
    first_hour = min(USUAL_HOURS[0], from_minute // 60)
    last_hour = max(USUAL_HOURS[1], -(-to_minute // 60))
    hours = [((hour - first_hour) * 4, f"{hour}.00") for hour in range(first_hour, last_hour)]
    return hours, [_placed(day, first_hour * 60) for day in days]


def _placed(day: AgendaDay, begin: int) -> AgendaDay:
    def place(span: Span) -> Mark:
        start, end = _minute(span.start, day) - begin, _minute(span.end, day) - begin
        first = start // QUARTER
        return Mark(first, max(1, -(-end // QUARTER) - first))

    marks = [place(entry.span) for entry in day.entries]
    placed = [
        replace(entry, first=mark.first, quarters=mark.quarters)
        for entry, mark in zip(day.entries, marks, strict=True)
    ]
    return replace(day, entries=placed, worked=tuple(place(span) for span in day.work))


def _spans(day: AgendaDay) -> Iterator[Span]:
    yield from day.work
    yield from (entry.span for entry in day.entries)


def _minute(at: datetime, day: AgendaDay) -> int:
    """Minutes on the clock since the day began; what lies outside the day is at its edge."""
    local = at.astimezone(ZoneInfo(current.settings().timezone))
    if local.date() != day.on:
        return 0 if local.date() < day.on else 24 * 60
    return local.hour * 60 + local.minute


def _entries(session: DbSession, advisor_id: int, span: Span, now: datetime) -> Iterator[Entry]:
    yield from (_talk(row) for row in talk_queries.between(session, advisor_id, span))
    yield from (_group(row) for row in agenda_queries.groups(session, advisor_id, span))
    for asked in agenda_queries.proposals(session, advisor_id, span):
        yield Entry(
            span=Span(asked.starts_at, asked.ends_at),
            kind="asked",
            title=asked.name,
            detail=gettext("Voorstel voor dit moment"),
            href=url_for("desk.booking", reference=asked.reference),
        )
    for held in agenda_queries.holds(session, advisor_id, span, now=now):
        yield Entry(span=held, kind="held", title=gettext("Iemand is dit moment aan het boeken"))
    for busy in agenda_queries.elsewhere(session, advisor_id, span, now=now):
        yield Entry(span=busy, kind="foreign", title=gettext("Bezet in de eigen agenda"))


def _talk(row: BookingRow) -> Entry:
    kind = row.kind if current.language() == "nl" else row.kind_en
    details = [kind, place_name(row.place)]
    if row.in_series:
        details.append(gettext("uit een reeks"))
    answered = row.participation.lower() if row.participation else None
    return Entry(
        span=Span(row.starts_at, row.ends_at),
        kind="pending" if row.state == "pending" else "talk",
        title=row.name if not row.organisation else f"{row.name}, {row.organisation}",
        detail=" · ".join(details),
        badge="pending" if row.state == "pending" else answered,
        href=url_for("desk.booking", reference=row.reference),
    )


def _group(row: HostedGroup) -> Entry:
    return Entry(
        span=Span(row.starts_at, row.ends_at),
        kind="group",
        title=row.title if current.language() == "nl" else row.title_en,
        detail=gettext("%(taken)s van %(capacity)s plaatsen bezet", taken=row.taken, capacity=row.capacity),
        href=url_for("desk.group_session", slug=row.slug),
    )


def _notes(away: Iterable[Away], day: Span) -> Iterator[str]:
    zone, language = current.settings().timezone, current.language()
    for each in away:
        if not Span(each.starts_at, each.ends_at).overlaps(day):
            continue
        if each.ends_at >= day.end:
            text = gettext("Afwezig")
            if each.starts_at > day.start:
                start = dates.zoned_time(each.starts_at, zone, language)
                text = gettext("Afwezig vanaf %(time)s uur", time=start)
        else:
            text = gettext("Afwezig tot %(moment)s", moment=stamp(each.ends_at))
        yield (
            gettext("%(away)s. %(name)s neemt waar.", away=text, name=each.stand_in)
            if each.stand_in
            else text
        )


def _hours(span: Span) -> str:
    zone, language = current.settings().timezone, current.language()
    return f"{dates.zoned_time(span.start, zone, language)}–{dates.zoned_time(span.end, zone, language)}"
