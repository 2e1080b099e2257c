"""Around the figures of a page: the tabs, the lists of the filter, and which days are shown beside which others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import abort, request, url_for
from flask_babel import gettext
from sqlalchemy import func, select

from consult.contact.models import Enquiry
from consult.office.statistics.asking import (
    AGAINST,
    BEFORE,
    LAST_YEAR,
    NOTHING,
    WEEKS,
    Asked,
    NotAsked,
    asked_in,
    cut_name,
    usual_weeks,
)
from consult.office.statistics.choices import choices
from consult.office.statistics.compared import side_by_side
from consult.statistics.areas import compared as areas_compared
from consult.statistics.figures import Area
from consult.web import current
from consult.web.dates import local_date, short_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from consult.database import DbSession
    from consult.office.statistics.compared import Compared
    from consult.settings import Settings
    from consult.statistics.figures import Period

# The name of each area in an address.
SLUGS = {
    Area.VOLUME: "aantallen",
    Area.ANSWERS: "antwoorden",
    Area.TALKS: "gesprekken",
    Area.PAGES: "paginas",
    Area.ADVISORS: "adviseurs",
    Area.CONTINUITY: "vaste-adviseur",
    Area.SPREAD: "waarvandaan",
}
AREAS = {slug: area for area, slug in SLUGS.items()}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked, and the days that it comes to."""

    asked: Asked
    period: Period
    other: Period | None

    @property
    def before_name(self) -> str:
        """How the other period is named in a legend."""
        if self.asked.against == LAST_YEAR:
            return gettext("Een jaar eerder")
        return gettext("De %(number)s weken ervoor", number=self.asked.weeks)

    @property
    def arguments(self) -> dict[str, Any]:
        """What every link of the page carries on."""
        return dict(self.asked.arguments())

    @property
    def days(self) -> str:
        """``17 aug 2026 tot en met 15 nov 2026``."""
        return _days(self.period)

    @property
    def other_days(self) -> str:
        """The same of the other period; empty without one."""
        return _days(self.other) if self.other else ""

    def file_name(self, key: str) -> str:
        """``cijfers-vragen-thema-3-2026-08-17-2026-11-15.csv``: what it holds can be told without opening it."""
        parts = ["cijfers", key, cut_name(self.asked.cut), f"{self.period.first}", f"{self.period.last}"]
        plain = re.sub(r"[^a-z0-9-]+", "-", "-".join(filter(None, parts)).casefold())
        return f"{plain}.csv"


def wanted(session: DbSession, now: datetime) -> Wanted:
    """What this request asks for; a page that is not there when it asks for something that is not offered."""
    zone = current.settings().timezone
    today: date = local_date(now, zone)
    first = session.scalar(select(func.min(Enquiry.asked_at)))
    try:
        asked = asked_in(request.args, usual_weeks(first and local_date(first, zone), today))
    except NotAsked:
        abort(404)
    return Wanted(asked, asked.period(today), asked.other_period(today))


def compared(
    session: DbSession,
    areas: Iterable[Area],
    wish: Wanted,
    *,
    settings: Settings,
    now: datetime,
    only: frozenset[str] = frozenset(),
) -> list[Compared]:
    """The figures of some areas beside those of the other period; ``only`` these keys, or all."""
    periods, cut = (wish.period, wish.other), wish.asked.cut
    return side_by_side(*areas_compared(session, areas, periods, cut, settings=settings, now=now, only=only))


def area_titles() -> dict[Area, tuple[str, str]]:
    """What each area is called on its tab, and above its page."""
    return {
        Area.VOLUME: (gettext("Aantallen"), gettext("Hoeveel er is gevraagd")),
        Area.ANSWERS: (gettext("Antwoordtijd"), gettext("Hoe snel wij antwoorden")),
        Area.TALKS: (gettext("Gesprekken"), gettext("Gesprekken en bijeenkomsten")),
        Area.PAGES: (gettext("Pagina’s"), gettext("Van pagina naar contact")),
        Area.ADVISORS: (gettext("Verdeling"), gettext("Verdeling over adviseurs")),
        Area.CONTINUITY: (gettext("Vaste adviseur"), gettext("Dezelfde adviseur")),
        Area.SPREAD: (gettext("Herkomst"), gettext("Waar het vandaan komt")),
    }


def around(session: DbSession, wish: Wanted, here: Area | None) -> dict[str, Any]:
    """Tabs and filter of a page about ``here``, or of the overview.

    Aborts with 404 when the cut is of something that is not there.
    """
    groups = choices(session, current.language())
    chosen = cut_name(wish.asked.cut)
    known = {value: name for _title, options in groups for value, name in options}
    if chosen and chosen not in known:
        abort(404)
    kept = wish.arguments
    titles = area_titles()
    overview = {
        "label": gettext("Overzicht"),
        "href": url_for("office.figures", **kept),
        "current": here is None,
    }
    tabs = [
        {
            "label": titles[area][0],
            "href": url_for("office.figures_of", area=slug, **kept),
            "current": here == area,
        }
        for area, slug in SLUGS.items()
    ]
    return {
        "wish": wish,
        "area_tabs": [overview, *tabs],
        "cut_groups": groups,
        "chosen_cut": chosen,
        "cut_title": known.get(chosen, ""),
        "week_choices": [(each, _weeks(each)) for each in WEEKS],
        "against_choices": list(zip(AGAINST, _against(), strict=True)),
    }


def _weeks(number: int) -> str:
    if number == 52:
        return gettext("Het laatste jaar (52 weken)")
    return gettext("De laatste %(number)s weken", number=number)


def _against() -> tuple[str, str, str]:
    named = {
        BEFORE: gettext("De weken ervoor"),
        LAST_YEAR: gettext("Dezelfde weken een jaar eerder"),
        NOTHING: gettext("Niets"),
    }
    first, second, third = (named[each] for each in AGAINST)
    return first, second, third


def _days(period: Period) -> str:
    first, last = (short_day(day, current.language()) for day in (period.first, period.last))
    return gettext("%(first)s tot en met %(last)s", first=first, last=last)
