"""Organisations in a file: what each line would do, and what is wrong with it; nothing is stored by half.

The columns are those of the export. A line about an organisation that is known changes it; an empty cell leaves what
is known as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext
from sqlalchemy import func, select

from consult.people import municipalities
from consult.people.models import Advisor, Organisation, OrganisationKind
from consult.people.organisations import OrganisationFacts, named, save_organisation
from consult.people.sheets import Line, is_formula, read_sheet, write_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consult.database import DbSession

COLUMNS = ("naam", "soort", "provincie", "maildomein", "adviseur")
KINDS = {"gemeente": OrganisationKind.MUNICIPALITY, "anders": OrganisationKind.OTHER}
LONGEST = 200


class WrongColumns(Exception):
    """The headings are others; ``missing`` and ``unknown`` name them."""

    def __init__(self, missing: tuple[str, ...], unknown: tuple[str, ...]) -> None:
        super().__init__("wrong columns")
        self.missing, self.unknown = missing, unknown


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one line of the file."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What a file would do: the facts per organisation in order, how many are new, and every mistake."""

    facts: tuple[OrganisationFacts, ...]
    new: int
    mistakes: tuple[Mistake, ...]


def plan(session: DbSession, text: str) -> Planned:
    """Read a file and judge every line; changes nothing.

    Raises:
        WrongColumns: a heading is missing, or one is not ours.
        Unreadable, TooLong: see ``consult.people.sheets``.
    """
    sheet = read_sheet(text)
    missing = ("naam",) if "naam" not in sheet.headings else ()
    unknown = tuple(each for each in sheet.headings if each and each not in COLUMNS)
    if missing or unknown:
        raise WrongColumns(missing, unknown)
    people = _advisors(session)
    mistakes: list[Mistake] = []
    facts: list[OrganisationFacts] = []
    seen: dict[str, int] = {}
    new = 0
    for line in sheet.lines:
        found = [*_mistakes(line, people), *_twice(line, seen)]
        mistakes += (Mistake(line.number, text) for text in found)
        if found:
            continue
        known = named(session, line.cells["naam"])
        new += known is None
        facts.append(_facts(line, known, people))
    return Planned(tuple(facts), new, tuple(mistakes))


def carry_out(session: DbSession, planned: Planned) -> list[Organisation]:
    """Store all of it.

    Raises:
        ValueError: there are mistakes in it.
    """
    if planned.mistakes:
        raise ValueError("a file with mistakes is not stored")
    return [save_organisation(session, named(session, each.name), each) for each in planned.facts]


def export(session: DbSession) -> bytes:
    """Every organisation, in the columns that a file for reading in has."""
    words = {value: key for key, value in KINDS.items()}
    rows = session.execute(
        select(Organisation, Advisor.email)
        .outerjoin(Advisor, Advisor.id == Organisation.owner_id)
        .order_by(Organisation.name)
    )
    return write_sheet(
        COLUMNS,
        (
            (row[0].name, words[OrganisationKind(row[0].kind)], row[0].province, row[0].domain, row[1])
            for row in rows
        ),
    )


def _advisors(session: DbSession) -> dict[str, int]:
    """Ids by mail address and by name, in small letters."""
    rows = session.execute(
        select(Advisor.id, func.lower(Advisor.email), Advisor.name).where(Advisor.active)
    ).all()
    return {word: row[0] for row in rows for word in (row[1], row[2].casefold())}


def _mistakes(line: Line, people: Mapping[str, int]) -> Iterator[str]:
    cells = line.cells
    if line.extra:
        yield gettext("Deze regel heeft te veel kolommen.")
    if not cells.get("naam"):
        yield gettext("De naam ontbreekt.")
    for column, cell in cells.items():
        if is_formula(cell):
            yield gettext("In de kolom “%(column)s” staat een formule.", column=column)
        elif len(cell) > LONGEST or "\n" in cell:
            yield gettext("De tekst in de kolom “%(column)s” is te lang.", column=column)
    if (kind := cells.get("soort", "")) and kind.casefold() not in KINDS:
        yield gettext("“%(text)s” is geen soort. Kies gemeente of anders.", text=kind)
    if (province := cells.get("provincie", "")) and province not in provinces():
        yield gettext("“%(text)s” is geen provincie.", text=province)
    if (domain := cells.get("maildomein", "")) and ("." not in domain or "@" in domain or " " in domain):
        yield gettext("“%(text)s” is geen maildomein, zoals amsterdam.nl.", text=domain)
    if (person := cells.get("adviseur", "")) and person.casefold() not in people:
        yield gettext("Wij kennen de adviseur “%(text)s” niet.", text=person)


def _twice(line: Line, seen: dict[str, int]) -> Iterator[str]:
    name = line.cells.get("naam", "").casefold()
    if name and name in seen:
        yield gettext("Deze naam staat ook op regel %(number)s.", number=seen[name])
    elif name:
        seen[name] = line.number


def provinces() -> tuple[str, ...]:
    """The twelve, by name."""
    return tuple(sorted({each.province for each in municipalities.municipalities()}))


def _facts(line: Line, known: Organisation | None, people: Mapping[str, int]) -> OrganisationFacts:
    cells = line.cells
    kind = KINDS.get(cells.get("soort", "").casefold())
    person = people.get(cells.get("adviseur", "").casefold())
    return OrganisationFacts(
        name=known.name if known else cells["naam"],
        kind=kind or (OrganisationKind(known.kind) if known else OrganisationKind.OTHER),
        province=cells.get("provincie") or (known.province if known else None),
        domain=cells.get("maildomein", "").lower() or (known.domain if known else None),
        owner_id=person or (known.owner_id if known else None),
    )
