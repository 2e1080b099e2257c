"""The agenda: a day, a week or a list of weeks of one advisor; all of it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext

from consult import clock
from consult.database import db
from consult.desk.agenda import agenda_queries
from consult.desk.agenda.agenda_days import agenda_of, on_sheet
from consult.desk.guard import Colleague, page
from consult.web import current, dates

if TYPE_CHECKING:
    from consult.desk.agenda.agenda_days import AgendaDay
    from consult.desk.agenda.agenda_queries import Person

WORKDAYS = 5
REACH = timedelta(days=3650)


class Shape(StrEnum):
    """How much of the agenda is shown, as the address says it."""

    DAY = "dag"
    WEEK = "week"
    LIST = "lijst"


LENGTHS = {Shape.DAY: 1, Shape.WEEK: 7, Shape.LIST: 28}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: whose agenda, which shape, from which day."""

    person: Person
    is_own: bool
    shape: Shape
    on: date

    @property
    def first(self) -> date:
        """The first day shown: the day itself, or the Monday of its week."""
        return self.on if self.shape is Shape.DAY else self.on - timedelta(days=self.on.weekday())

    @property
    def count(self) -> int:
        """How many days are shown."""
        return LENGTHS[self.shape]

    def href(self, **changes: Any) -> str:
        """The address of this agenda, with some of it changed."""
        asked: dict[str, Any] = {"weergave": str(self.shape), "dag": self.on.isoformat()}
        if not self.is_own:
            asked["van"] = self.person.slug
        return url_for("desk.agenda", **asked | changes)


@page("/agenda")
def agenda(who: Colleague) -> str:
    """One advisor's agenda; the own one unless another is asked for."""
    people = agenda_queries.people(db.session)
    asked = _asked(who, people)
    days = agenda_of(db.session, asked.person.id, asked.first, asked.count, now=clock.now())
    hours: list[tuple[int, str]] = []
    if asked.shape is not Shape.LIST:
        hours, days = on_sheet(_without_empty_weekend(days))
    return render_template(
        "desk/agenda.html",
        asked=asked,
        people=people,
        days=days,
        hours=hours,
        is_list=asked.shape is Shape.LIST,
        has_any=any(day.entries for day in days),
        period=_period(asked),
        shapes=_shapes(asked),
        today_href=asked.href(dag=_today().isoformat()),
        earlier_href=asked.href(dag=(asked.first - timedelta(days=asked.count)).isoformat()),
        later_href=asked.href(dag=(asked.first + timedelta(days=asked.count)).isoformat()),
        plan_href=url_for("desk.plan_talk", adviseur=None if asked.is_own else asked.person.slug),
    )


def _asked(who: Colleague, people: list[Person]) -> Asked:
    wanted = request.args.get("van")
    own = next((each for each in people if each.id == who.advisor_id), None)
    person = next((each for each in people if each.slug == wanted), None) or own or next(iter(people), None)
    if person is None:
        abort(404)
    shape = request.args.get("weergave", "")
    on: date = request.args.get("dag", _today(), type=date.fromisoformat)
    on = min(max(on, _today() - REACH), _today() + REACH)
    return Asked(person, person is own, Shape(shape) if shape in set(Shape) else Shape.WEEK, on)


def _today() -> date:
    return dates.local_date(clock.now(), current.settings().timezone)


def _without_empty_weekend(days: list[AgendaDay]) -> list[AgendaDay]:
    """A weekend in which nobody works and nothing stands takes no room beside the week."""
    if len(days) <= WORKDAYS or not all(day.is_free for day in days[WORKDAYS:]):
        return days
    return days[:WORKDAYS]


def _period(asked: Asked) -> str:
    language = current.language()
    if asked.shape is Shape.DAY:
        text = dates.day(asked.on, language, year=True)
        return text[:1].upper() + text[1:]
    last = asked.first + timedelta(days=asked.count - 1)
    first = dates.short_day(asked.first, language)
    if asked.first.year == last.year:
        first = first.rpartition(" ")[0]
    if asked.shape is Shape.WEEK:
        return gettext(
            "Week %(number)s, %(first)s – %(last)s",
            number=asked.first.isocalendar().week,
            first=first,
            last=dates.short_day(last, language),
        )
    return f"{first} – {dates.short_day(last, language)}"


def _shapes(asked: Asked) -> list[dict[str, Any]]:
    labels = {Shape.DAY: gettext("Dag"), Shape.WEEK: gettext("Week"), Shape.LIST: gettext("Lijst")}
    return [
        {"label": label, "href": asked.href(weergave=str(shape)), "current": shape is asked.shape}
        for shape, label in labels.items()
    ]
