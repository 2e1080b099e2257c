"""The first page of the figures: six big numbers, and the charts that most coordinators look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import lazy_gettext as _l

from consult.office.statistics.cards import Card, Headline, card_of, headline_of
from consult.office.statistics.showing import SLUGS, compared
from consult.statistics.figures import Area

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.office.statistics.showing import Wanted
    from consult.settings import Settings

# The big numbers in their order, each with the area where there is more of it.
HEADLINES = {
    "questions": Area.VOLUME,
    "talks": Area.VOLUME,
    "first_answer": Area.ANSWERS,
    "on_time": Area.ANSWERS,
    "no_shows": Area.TALKS,
    "continuity": Area.CONTINUITY,
}
# What the number of the whole period is called, where the title of the figure speaks of weeks.
NAMES = {
    "questions": _l("Vragen"),
    "talks": _l("Gesprekken gepland"),
    "first_answer": _l("De helft heeft antwoord binnen"),
    "on_time": _l("Op tijd beantwoord"),
    "no_shows": _l("Bezoeker kwam niet"),
    "continuity": _l("Vraag bij dezelfde adviseur"),
}
MISSED = "no_shows"
# Of these a chart stands under the numbers.
CHARTS = ("questions", "first_answer", "on_time", "talks")


@dataclass(frozen=True, slots=True)
class Overview:
    """Big numbers with the address where there is more, and charts with the address of their file."""

    tiles: list[tuple[Headline, str]]
    cards: list[tuple[Card, str]]


def overview(
    session: DbSession, wish: Wanted, language: str, *, settings: Settings, now: datetime
) -> Overview:
    """What the first page shows of a wish."""
    # Of an organisation or a few hardly a talk is missed: there is nothing to tell that is not hidden.
    wanted = {
        key: area for key, area in HEADLINES.items() if not (wish.asked.cut.is_narrow and key == MISSED)
    }
    asked = compared(
        session,
        dict.fromkeys(wanted.values()),
        wish,
        settings=settings,
        now=now,
        only=frozenset(wanted),
    )
    found = {each.now.key: each for each in asked}
    kept = wish.arguments
    return Overview(
        [
            (
                headline_of(found[key], str(NAMES[key]), language),
                url_for("office.figures_of", area=SLUGS[area], _anchor=key, **kept),
            )
            for key, area in HEADLINES.items()
            if key in found
        ],
        [
            (
                card_of(found[key], language, wish.before_name),
                url_for("office.figure_file", area=SLUGS[HEADLINES[key]], key=key, **kept),
            )
            for key in CHARTS
            if key in found
        ],
    )
