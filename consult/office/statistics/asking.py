"""What somebody wants to see: read from the address, so that it can be kept as a bookmark and sent to a colleague.

Knows the names in an address; refuses to know a figure. What is not in the lists is not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.statistics.figures import EVERYTHING, Cut, CutKind, Period

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

WEEKS = (4, 13, 26, 52)
USUAL_WEEKS = 13
# While there is nothing yet to hold a quarter against.
FIRST_WEEKS = 4
BEFORE, LAST_YEAR, NOTHING = "ervoor", "vorig-jaar", "niets"
AGAINST = (BEFORE, LAST_YEAR, NOTHING)
CUT_NAMES = {
    CutKind.TOPIC: "thema",
    CutKind.PAGE: "pagina",
    CutKind.ORGANISATION: "organisatie",
    CutKind.PROVINCE: "provincie",
}


class NotAsked(ValueError):
    """The address asks for something that is not in the lists."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How many whole weeks, held against what, of what; ``usual`` is how many an address means that does not say."""

    weeks: int = USUAL_WEEKS
    against: str = BEFORE
    cut: Cut = EVERYTHING
    usual: int = USUAL_WEEKS

    def period(self, today: date) -> Period:
        """The last whole weeks before the one that ``today`` (on the firm's calendar) is in."""
        return Period.of_weeks(self.weeks, today=today)

    def other_period(self, today: date) -> Period | None:
        """The weeks that these are held against; None when against nothing."""
        period = self.period(today)
        if self.against == NOTHING:
            return None
        return period.same_last_year() if self.against == LAST_YEAR else period.previous()

    def arguments(self) -> dict[str, str | int]:
        """The same as arguments of an address; what is usual is left out."""
        found: dict[str, str | int] = {}
        # Said in a young house: what is kept as a bookmark there stays the same when it grows up.
        if (self.weeks, self.usual) != (USUAL_WEEKS, USUAL_WEEKS):
            found["weken"] = self.weeks
        if self.against != BEFORE:
            found["naast"] = self.against
        if self.cut.kind is not None:
            found["van"] = cut_name(self.cut)
        return found


def asked_in(arguments: Mapping[str, str], usual: int = USUAL_WEEKS) -> Asked:
    """What an address asks for; empty means what is usual.

    Raises:
        NotAsked: a number of weeks, a comparison or a cut that is not offered.
    """
    weeks = arguments.get("weken") or str(usual)
    against = arguments.get("naast") or BEFORE
    if weeks not in {str(each) for each in WEEKS} or against not in AGAINST:
        raise NotAsked
    return Asked(int(weeks), against, _cut(arguments.get("van") or ""), usual)


def usual_weeks(first: date | None, today: date) -> int:
    """A quarter; in a house whose first question (its date) is too young to hold one against another, fewer weeks."""
    before = Period.of_weeks(USUAL_WEEKS, today=today).previous()
    return FIRST_WEEKS if first is not None and first > before.last else USUAL_WEEKS


def cut_name(cut: Cut) -> str:
    """``thema-3`` or ``provincie-Utrecht``; empty for everything."""
    return f"{CUT_NAMES[cut.kind]}-{cut.key}" if cut.kind is not None else ""


def _cut(name: str) -> Cut:
    if not name:
        return EVERYTHING
    kind_name, _dash, key = name.partition("-")
    kind = next((kind for kind, known in CUT_NAMES.items() if known == kind_name), None)
    if kind is None or not key or (kind != CutKind.PROVINCE and not (key.isascii() and key.isdigit())):
        raise NotAsked
    # A number that no row can have is not looked for: a database refuses it.
    if kind != CutKind.PROVINCE and int(key[:10]) >= 2**31:
        raise NotAsked
    return Cut(kind, key[:100] if kind == CutKind.PROVINCE else int(key[:10]))
