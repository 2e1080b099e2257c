"""What one page of figures is asked for: the period, the cut, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from consult.statistics.figures import WEEK, Figure, Period, Row
from consult.statistics.hiding import Cell, Hiding, Line, count, rows_of
from consult.statistics.scope import Scope, scope_of
from consult.statistics.worked import firm_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from sqlalchemy import Select

    from consult.database import DbSession
    from consult.settings import Settings
    from consult.statistics.figures import Cut, Kind, Unit, Words
    from consult.statistics.worked import WorkedTime

Known = TypeVar("Known")
# Rows that are read together: fewer than a round of garbage collection waits for.
AT_ONCE = 300
TOTAL = _l("Hele periode")
ALL = _l("Samen")
HIDDEN = _l("Aantallen van 1 tot en met 4 zijn verborgen, en wat daaruit zou volgen.")


@dataclass(frozen=True, slots=True)
class Counting:
    """Everything that a figure is counted from; ``since`` up to ``until`` is the period on the firm's clock.

    ``only`` names the figures that are wanted, all of them when it is empty. ``whole`` is from the first up to the last
    week of whatever is counted together; ``known`` holds what is the same for all of it.
    """

    session: DbSession
    period: Period
    scope: Scope
    settings: Settings
    now: datetime
    since: datetime
    until: datetime
    whole: Period
    only: frozenset[str] = frozenset()
    known: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        session: DbSession,
        period: Period,
        cut: Cut,
        *,
        settings: Settings,
        now: datetime,
        only: frozenset[str] = frozenset(),
    ) -> Counting:
        """Look up what the cut holds; at most one statement."""
        since, until = period.bounds(settings.timezone)
        scope = scope_of(session, cut)
        return cls(session, period, scope, settings, now, since, until, period, only)

    def beside(self, other: Period) -> tuple[Counting, Counting]:
        """The same for this period and for another one; what is the same for both is looked up once."""
        since, until = other.bounds(self.settings.timezone)
        first, last = min(self.period.first, other.first), max(self.period.last, other.last)
        both = replace(self, whole=Period(first, last))
        return both, replace(both, period=other, since=since, until=until)

    def wants(self, key: str) -> bool:
        """Whether the figure with this key is wanted."""
        return not self.only or key in self.only

    def once(self, name: str, ask: Callable[[], Known]) -> Known:
        """What ``ask`` gives, asked the first time only."""
        if name not in self.known:
            self.known[name] = ask()
        found: Known = self.known[name]
        return found

    def worked(self) -> WorkedTime:
        """The firm's working time since the first day that is counted; one statement."""
        return self.once(
            "worked", lambda: firm_time(self.session, self.whole.first, settings=self.settings, now=self.now)
        )

    def rows(self, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
        """The rows of a query of columns, for tens of thousands: without a session's work for each.

        A few at a time: so many rows at once make Python look through all of its memory for waste.
        """
        for some in self.session.connection().execute(query).partitions(AT_ONCE):
            yield from some

    @property
    def weeks(self) -> slice:
        """The place of the weeks of the period among those of ``whole``."""
        first = (self.period.first - self.whole.first) // WEEK
        return slice(first, first + self.period.weeks)

    @property
    def zone(self) -> str:
        """The zone of the firm."""
        return self.settings.timezone

    @property
    def cut(self) -> Cut:
        """What the figures are narrowed down to."""
        return self.scope.cut

    def hiding(self, hiding: Hiding) -> Hiding | None:
        """Hide small counts where the cut tells of an organisation or a few; nothing elsewhere."""
        return hiding if self.cut.is_narrow else None


@dataclass(frozen=True, slots=True)
class Told:
    """What a figure says of itself before anything is counted; a head goes with its unit."""

    key: str
    title: Words
    definition: Words
    kind: Kind
    heads: tuple[tuple[Words, Unit], ...]
    note: Words = ""

    def figure(
        self, lines: Sequence[Line], total: Line | None, hiding: Hiding | None, *, ranked: bool = False
    ) -> Figure:
        """The figure with these lines; with ``hiding`` small counts are hidden and the note says so.

        ``ranked``: in order of the first column instead of that of the lines.
        """
        rows, last = rows_of(lines, total, hiding)
        rows = _ranked(rows) if ranked else rows
        is_hidden = any(row.hidden for row in rows) or (last is not None and last.hidden)
        # Words of a reader: joined when they are read.
        note = LazyString(_joined, self.note, HIDDEN) if is_hidden else self.note
        heads, units = tuple(head for head, _ in self.heads), tuple(unit for _, unit in self.heads)
        return Figure(self.key, self.title, self.definition, self.kind, heads, units, rows, last, note)


def week_line(monday: date, cells: tuple[Cell, ...]) -> Line:
    """The line of the week that begins on this date."""
    label = _l("week %(number)s", number=monday.isocalendar().week)
    return Line(label, cells, key=monday.isoformat())


def sum_of(lines: Sequence[Line], columns: int, label: Words = ALL) -> Line:
    """The total of lines that are all counts."""
    return Line(
        label, tuple(count(sum(line.cells[column].basis for line in lines)) for column in range(columns))
    )


def _ranked(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The most first; those without a number by name, so that their place tells nothing; then what has no name."""

    def place(row: Row) -> tuple[bool, bool, float, str]:
        return not row.key, row.values[0] is None, -(row.values[0] or 0), str(row.label)

    return tuple(sorted(rows, key=place))


def either(dutch: str, english: str) -> Words:
    """A name that is kept in both languages, in that of the reader."""
    return LazyString(_in_language, dutch, english)


def _in_language(dutch: str, english: str) -> str:
    locale = get_locale()
    return english if locale is not None and locale.language == "en" and english else dutch


def _joined(*parts: Words) -> str:
    return " ".join(str(part) for part in parts if str(part))
