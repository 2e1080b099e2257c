"""The shape of what is counted: a period, a cut, and a figure that a chart, a table and a mail are made of.

Knows no table and no page. Words are lazy: they are in the language of whoever reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Self, TypeAlias
from zoneinfo import ZoneInfo

from consult.worktime import day_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask_babel.speaklater import LazyString

    Words: TypeAlias = str | LazyString

DAY, WEEK = timedelta(days=1), timedelta(days=7)
# As many weeks back the same days of the week and nearly the same time of the year.
YEAR_OF_WEEKS = 52 * WEEK

Value: TypeAlias = float | int | None
Unit: TypeAlias = Literal["count", "percent", "hours", "days", "ratio"]
Kind: TypeAlias = Literal["columns", "stacked", "lines", "bars"]


@dataclass(frozen=True, slots=True)
class Period:
    """Whole weeks on the calendar of the firm, from Monday ``first`` up to and including Sunday ``last``.

    Raises:
        ValueError: it does not begin on a Monday, or does not end on a Sunday after it.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first.weekday() != 0 or self.last.weekday() != 6 or self.last < self.first:
            raise ValueError("a period is whole weeks, Monday up to and including Sunday")

    @classmethod
    def of_weeks(cls, weeks: int, *, today: date) -> Self:
        """The last ``weeks`` whole weeks before the one that ``today`` is in."""
        last = today - timedelta(days=today.weekday() + 1)
        return cls(last - weeks * WEEK + DAY, last)

    @property
    def weeks(self) -> int:
        """How many weeks it is."""
        return (self.last - self.first + DAY) // WEEK

    def mondays(self) -> Iterator[date]:
        """The first day of each week, in order."""
        return (self.first + number * WEEK for number in range(self.weeks))

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """From which instant up to which other one (not included) it lasts on the clock of ``zone``; in UTC."""
        return day_start(self.first, ZoneInfo(zone)), day_start(self.last + DAY, ZoneInfo(zone))

    def previous(self) -> Self:
        """As many weeks, right before."""
        length = self.last - self.first + DAY
        return type(self)(self.first - length, self.last - length)

    def same_last_year(self) -> Self:
        """The same weeks of a year ago: 52 weeks back, so that each Monday stays a Monday."""
        return type(self)(self.first - YEAR_OF_WEEKS, self.last - YEAR_OF_WEEKS)


class CutKind(StrEnum):
    """By what the figures are narrowed down."""

    TOPIC = "topic"
    PAGE = "page"
    ORGANISATION = "organisation"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Cut:
    """What is counted: everything, or what belongs to one topic, page or organisation (id) or one province (name).

    Raises:
        ValueError: there is a kind without the right sort of key, or a key without a kind.
    """

    kind: CutKind | None = None
    key: int | str | None = None

    def __post_init__(self) -> None:
        sorts: dict[type, bool] = {
            type(None): self.kind is None,
            str: self.kind == CutKind.PROVINCE,
            int: self.kind not in {None, CutKind.PROVINCE},
        }
        if not sorts.get(type(self.key), False):
            raise ValueError(f"a cut by {self.kind} is not named {self.key!r}")

    @property
    def is_narrow(self) -> bool:
        """Whether it tells of an organisation or of a few, so that small counts are hidden."""
        return self.kind in {CutKind.ORGANISATION, CutKind.PROVINCE}


EVERYTHING = Cut()


class Area(StrEnum):
    """What one page shows; see ``consult.statistics.areas`` for the figures of each."""

    VOLUME = "volume"
    ANSWERS = "answers"
    TALKS = "talks"
    PAGES = "pages"
    ADVISORS = "advisors"
    CONTINUITY = "continuity"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Row:
    """One week, advisor, page …: a value per head of its figure.

    None is "nothing to say" (no answer in that week), shown as a dash. In a row that is ``hidden`` each None is a count
    under five, or one that such a count would follow from; shown as hidden. ``key`` is the Monday of a week (ISO 8601),
    else the id, code or name of what the row is about; a row about all others has none.
    """

    label: Words
    values: tuple[Value, ...]
    hidden: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one chart, one table and one file show; ``definition`` says in a line exactly what was counted.

    ``kind`` is the drawing that suits it: columns or stacked columns or lines over the weeks, bars over things.
    ``units`` has the unit of each head: percent is 0 to 100, hours are working hours, a ratio of 1 is exactly right.
    Of "bars" only the heads with the unit of the first one are drawn; a table and a file show all of them.
    """

    key: str
    title: Words
    definition: Words
    kind: Kind
    heads: tuple[Words, ...]
    units: tuple[Unit, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    note: Words = ""

    @property
    def unit(self) -> Unit:
        """The unit that is drawn."""
        return self.units[0]

    @property
    def is_empty(self) -> bool:
        """Whether no row has anything to say."""
        return not any(row.hidden or any(row.values) for row in self.rows)
