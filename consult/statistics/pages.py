"""What the contact pages bring: contacts per page, and how often their hand-outs are opened and saved.

Readers are not followed: of who reads an article without making contact, nothing is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, and_, func, select

from consult.booking.models import Booking
from consult.contact.models import ContactPage, Enquiry, HandoutCount
from consult.statistics.counting import TOTAL, Told, sum_of, week_line
from consult.statistics.figures import CutKind
from consult.statistics.hiding import Hiding, Line, count
from consult.statistics.scope import STANDS
from consult.statistics.sql import place_among

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

    from consult.statistics.counting import Counting
    from consult.statistics.figures import Figure, Unit, Words

NO_PAGE = _l("Zonder pagina")
OPENED: tuple[tuple[Words, Unit], ...] = ((_l("Bekeken"), "count"), (_l("Gedownload"), "count"))


def figures(counting: Counting) -> tuple[Figure, ...]:
    """Contacts per page, and hand-outs per page and week unless the cut is about who asks; at most five statements."""
    handouts = _handouts(counting) if not counting.cut.is_narrow else {}
    contacts = _contacts(counting, handouts)
    if counting.cut.is_narrow:
        return (contacts,)
    return contacts, _handouts_per_week(counting)


def _contacts(counting: Counting, handouts: dict[int, tuple[int, int]]) -> Figure:
    shown = () if counting.cut.is_narrow else OPENED
    told = Told(
        key="contacts",
        title=_l("Contact per pagina"),
        definition=_l(
            "Vragen en geplande gesprekken die via de pagina binnenkwamen. Wij volgen geen lezers."
        ),
        kind="bars",
        heads=((_l("Vragen"), "count"), (_l("Gesprekken"), "count"), *shown),
        note=_l("Bekeken en gedownload gaan over de hand-out van de pagina.") if shown else "",
    )
    asked = _per_page(counting, Enquiry.page_id, counting.scope.questions(counting.since, counting.until))
    planned = counting.scope.talks(Booking.created_at, counting.since, counting.until)
    talks = _per_page(counting, Booking.page_id, and_(STANDS, planned))
    titles = {
        each.id: each.title
        for each in counting.session.execute(select(ContactPage.id, ContactPage.title, ContactPage.active))
        if each.id in {*asked, *talks, *handouts} or (each.active and counting.cut.kind is None)
    }
    lines = []
    for page_id in (*titles, None):
        opened = handouts.get(page_id or 0, (0, 0)) if shown else ()
        counts = (asked.get(page_id, 0), talks.get(page_id, 0), *opened)
        if page_id is not None or any(counts):
            label = NO_PAGE if page_id is None else titles[page_id]
            lines.append(Line(label, tuple(map(count, counts)), key=str(page_id or "")))
    return told.figure(
        lines, sum_of(lines, len(told.heads)), counting.hiding(Hiding(frozenset({0, 1}))), ranked=True
    )


def _per_page(
    counting: Counting, page_id: InstrumentedAttribute[int | None], where: ColumnElement[bool]
) -> dict[int | None, int]:
    rows = counting.session.execute(select(page_id, func.count()).where(where).group_by(page_id))
    return {row[0]: row[1] for row in rows}


def _of_cut(counting: Counting) -> ColumnElement[bool]:
    """The hand-outs of the pages of the cut, on the days of the period."""
    period, cut = counting.period, counting.cut
    days = HandoutCount.day.between(period.first, period.last)
    if cut.kind == CutKind.PAGE:
        return and_(days, HandoutCount.page_id == cut.key)
    if cut.kind == CutKind.TOPIC:
        pages = select(ContactPage.id).where(ContactPage.topic_id == cut.key)
        return and_(days, HandoutCount.page_id.in_(pages))
    return days


def _handouts(counting: Counting) -> dict[int, tuple[int, int]]:
    query = select(HandoutCount.page_id, func.sum(HandoutCount.views), func.sum(HandoutCount.downloads))
    rows = counting.session.execute(query.where(_of_cut(counting)).group_by(HandoutCount.page_id))
    return {page_id: (int(views), int(downloads)) for page_id, views, downloads in rows}


def _handouts_per_week(counting: Counting) -> Figure:
    told = Told(
        key="handouts",
        title=_l("Hand-outs per week"),
        definition=_l("Hoe vaak een hand-out is bekeken en gedownload. Wij tellen keren, geen personen."),
        kind="lines",
        heads=OPENED,
    )
    week = place_among(HandoutCount.day, list(counting.period.mondays()), Date())
    query = select(week.label("week"), func.sum(HandoutCount.views), func.sum(HandoutCount.downloads))
    rows = counting.session.execute(query.where(_of_cut(counting)).group_by("week"))
    found = {number: (int(views), int(downloads)) for number, views, downloads in rows}
    lines = [
        week_line(monday, tuple(map(count, found.get(number, (0, 0)))))
        for number, monday in enumerate(counting.period.mondays())
    ]
    return told.figure(lines, sum_of(lines, 2, TOTAL), None)
