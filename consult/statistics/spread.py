"""The same measures side by side: per topic, per page, per province and per organisation.

What is about organisations has its small counts hidden, also as a group: the total of a province stands in one
figure, its organisations in another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from consult.booking.models import Booking
from consult.contact.models import ContactPage, Enquiry
from consult.people.models import Organisation, Topic
from consult.statistics.answers import ANSWERED, ASKED, Speed, on_time
from consult.statistics.counting import ALL, Told, either
from consult.statistics.figures import CutKind
from consult.statistics.hiding import Hiding, Line, count, hidden_cells
from consult.statistics.scope import STANDS, province_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row

    from consult.statistics.counting import Counting
    from consult.statistics.figures import Figure, Unit, Words

HEADS: tuple[tuple[Words, Unit], ...] = (
    (_l("Vragen"), "count"),
    (_l("Gesprekken"), "count"),
    (_l("Eerste antwoord, de helft binnen"), "hours"),
    (_l("Op tijd"), "percent"),
)
DEFINITION = _l(
    "Vragen en geplande gesprekken uit de periode, met hoe snel en hoe vaak op tijd is geantwoord."
)
COUNTS = frozenset({0, 1})
NO_TOPIC, NO_PAGE = _l("Zonder thema"), _l("Zonder pagina")
NO_ORGANISATION, NO_PROVINCE = _l("Zonder organisatie"), _l("Zonder provincie")


class Found:
    """What was found for every topic, page, organisation and province, each under its own id or name."""

    def __init__(self) -> None:
        self.questions: Counter[int | str | None] = Counter()
        self.talks: Counter[int | str | None] = Counter()
        self.speed: defaultdict[int | str | None, Speed] = defaultdict(Speed)

    def line(self, key: int | str | None, label: Words) -> Line:
        """The line of one of them."""
        return _line(
            label, self.questions[key], self.talks[key], self.speed[key], "" if key is None else str(key)
        )

    def asked(self, key: int | str | None, hours: float | None, on_time: int | None) -> None:
        """One more question."""
        self.questions[key] += 1
        self.speed[key].add(hours, on_time)

    def lines(self, names: Mapping[int | str, Words], nobodys: Words) -> list[Line]:
        """A line for each that has anything, and one for what belongs to none."""
        there = {*self.questions, *self.talks}
        lines = [self.line(key, name) for key, name in names.items() if key in there]
        return [*lines, self.line(None, nobodys)] if None in there else lines

    def total(self) -> Line:
        """Everything together."""
        everything = Speed()
        for each in self.speed.values():
            everything.merge(each)
        return _line(ALL, self.questions.total(), self.talks.total(), everything)


def _line(label: Words, questions: int, talks: int, speed: Speed, key: str = "") -> Line:
    return Line(label, (count(questions), count(talks), speed.median, speed.punctual), key=key)


def figures(counting: Counting) -> tuple[Figure, ...]:
    """What the cut does not name already: by topic, page, province, organisation; six statements, or seven."""
    of_pages = _pages(counting)
    topics, pages, organisations = _found(counting, {each.id: each.topic_id for each in of_pages})
    parts: list[Figure] = []
    if counting.cut.kind != CutKind.TOPIC:
        lines = topics.lines(_topics(counting), NO_TOPIC)
        parts.append(_figure(counting, _told("by_topic", _l("Per thema")), lines, topics.total()))
    if counting.cut.kind != CutKind.PAGE:
        lines = pages.lines({each.id: each.title for each in of_pages}, NO_PAGE)
        parts.append(_figure(counting, _told("by_page", _l("Per pagina")), lines, pages.total()))
    if counting.cut.kind != CutKind.ORGANISATION:
        parts += _of_who_asks(counting, organisations)
    return tuple(parts)


def _told(key: str, title: Words) -> Told:
    return Told(key=key, title=title, definition=DEFINITION, kind="bars", heads=HEADS)


def _figure(counting: Counting, told: Told, lines: list[Line], total: Line) -> Figure:
    return told.figure(lines, total, counting.hiding(Hiding(COUNTS)), ranked=True)


def _found(counting: Counting, page_topic: Mapping[int | None, int | None]) -> tuple[Found, Found, Found]:
    """Everything by topic, by page and by organisation."""
    worked = counting.worked()
    topics, pages, organisations = Found(), Found(), Found()
    query = select(
        Enquiry.topic_id, Enquiry.page_id, Enquiry.organisation_id, ASKED, ANSWERED, on_time(counting.now)
    )
    asked = query.where(counting.scope.questions(counting.since, counting.until))
    for topic, page, organisation, came, answered, is_good in counting.rows(asked):
        hours = None if answered is None else worked.hours(came, answered)
        topics.asked(topic or page_topic.get(page), hours, is_good)
        pages.asked(page, hours, is_good)
        organisations.asked(organisation, hours, is_good)
    own = (Booking.topic_id, Booking.page_id, Booking.organisation_id)
    planned = counting.scope.talks(Booking.created_at, counting.since, counting.until)
    talks = select(*own, func.count()).where(STANDS, planned).group_by(*own)
    for topic, page, organisation, number in counting.rows(talks):
        topics.talks[topic or page_topic.get(page)] += number
        pages.talks[page] += number
        organisations.talks[organisation] += number
    return topics, pages, organisations


def _topics(counting: Counting) -> dict[int | str, Words]:
    query = select(Topic.id, Topic.name, Topic.name_en).order_by(Topic.position, Topic.id)
    rows = counting.once("topics", lambda: counting.session.execute(query).all())
    return {row.id: either(row.name, row.name_en) for row in rows}


def _pages(counting: Counting) -> Sequence[Row[int, str, int | None]]:
    query = select(ContactPage.id, ContactPage.title, ContactPage.topic_id).order_by(ContactPage.title)
    return counting.once("pages", lambda: counting.session.execute(query).all())


def _of_who_asks(counting: Counting, organisations: Found) -> list[Figure]:
    query = select(Organisation.id, Organisation.name, Organisation.code, Organisation.province)
    rows = counting.once("organisations", lambda: counting.session.execute(query).all())
    province: dict[int | str | None, str | None] = {
        row.id: province_of(row.code, row.province) for row in rows
    }
    provinces = Found()
    for key in {*organisations.questions, *organisations.talks}:
        where = province.get(key)
        provinces.questions[where] += organisations.questions[key]
        provinces.talks[where] += organisations.talks[key]
        provinces.speed[where].merge(organisations.speed[key])
    names: dict[int | str, Words] = {each: each for each in sorted({*filter(None, province.values())})}
    of_provinces = provinces.lines(names, NO_PROVINCE)
    total = organisations.total()
    hidden, _ = hidden_cells(of_provinces, total, Hiding(COUNTS))
    must = frozenset((of_provinces[number].key, column) for number, column in hidden if column in COUNTS)
    of_all = [
        replace(line, group=province.get(int(line.key)) or "" if line.key else "")
        for line in organisations.lines({row.id: row.name for row in rows}, NO_ORGANISATION)
    ]
    by_organisation = _told("by_organisation", _l("Per organisatie"))
    figures = [by_organisation.figure(of_all, total, Hiding(COUNTS, must=must), ranked=True)]
    if counting.cut.kind != CutKind.PROVINCE:
        by_province = _told("by_province", _l("Per provincie"))
        figures.insert(0, by_province.figure(of_provinces, total, Hiding(COUNTS), ranked=True))
    return figures
