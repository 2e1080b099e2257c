"""Organisations in a file: what each line would do, and what is wrong with it; nothing is stored by half.

The columns are those of the export. A line about an organisation that is known changes it; an empty cell leaves what
is known as it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from consult.contact.continuity import record_owner, set_topic_owner
from consult.office.organisations.known import KINDS, OF_TOPIC, Known, everything_known, provinces
from consult.people.models import Advisor, Organisation, OrganisationKind
from consult.people.organisations import OrganisationFacts
from consult.people.sheets import read_sheet, write_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.sheets import Line

COLUMNS = ("naam", "soort", "provincie", "maildomein", "adviseur")
LONGEST = 200


class WrongColumns(Exception):
    """The headings are others; ``missing``, ``unknown`` and ``twice`` name them."""

    def __init__(self, missing: Sequence[str], unknown: Sequence[str], twice: Sequence[str]) -> None:
        super().__init__("wrong columns")
        self.missing, self.unknown, self.twice = missing, unknown, twice


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one line of the file."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """What one line would do. ``known`` is None for a new organisation; ``owners`` by topic, as far as it names them.

    ``changes`` says in sentences what differs from what is known; empty when nothing does.
    """

    facts: OrganisationFacts
    known: Organisation | None
    owners: Mapping[int, int]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """What a file would do, in its order, and every mistake in it."""

    rows: tuple[Row, ...]
    mistakes: tuple[Mistake, ...]
    new: tuple[Row, ...] = field(init=False)
    changed: tuple[Row, ...] = field(init=False)

    def __post_init__(self) -> None:
        new = tuple(row for row in self.rows if row.known is None)
        changed = tuple(row for row in self.rows if row.known is not None and row.changes)
        object.__setattr__(self, "new", new)
        object.__setattr__(self, "changed", changed)

    @property
    def unchanged(self) -> int:
        """How many lines say what is known."""
        return len(self.rows) - len(self.new) - len(self.changed)

    @property
    def mark(self) -> str:
        """Another one when the same file would do something else."""
        told = repr([(row.facts, sorted(row.owners.items()), row.changes) for row in self.rows])
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def columns(known: Known) -> tuple[str, ...]:
    """The headings of the export, with one for each topic."""
    return (*COLUMNS, *(f"{OF_TOPIC}{name}" for name in known.topics.values()))


def plan(session: DbSession, text: str) -> Planned:
    """Read a file and judge every line; changes nothing.

    Raises:
        WrongColumns: a heading is missing, is there twice, or is not ours.
        Unreadable, TooLong: see ``consult.people.sheets``.
    """
    sheet = read_sheet(text)
    known = everything_known(session)
    ours = {each.casefold() for each in columns(known)}
    named = [each for each in sheet.headings if each]
    missing = [each for each in COLUMNS[:1] if each not in named]
    unknown = [each for each in named if each not in ours]
    twice = sorted({each for each in named if named.count(each) > 1})
    if missing or unknown or twice:
        raise WrongColumns(missing, unknown, twice)
    mistakes: list[Mistake] = []
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line in sheet.lines:
        found = [*_mistakes(line, known), *_twice(line, seen)]
        mistakes += (Mistake(line.number, text) for text in found)
        if not found:
            rows.append(_row(line, known))
    return Planned(tuple(rows), tuple(mistakes))


def carry_out(
    session: DbSession, planned: Planned, *, actor: str, why: str, now: datetime
) -> list[Organisation]:
    """Store all of it, each other owner written down with ``why``; gives what was made or changed.

    Raises:
        ValueError: there are mistakes in it.
    """
    if planned.mistakes:
        raise ValueError("a file with mistakes is not stored")
    done = []
    for row in (*planned.new, *planned.changed):
        made, facts = row.known or Organisation(), row.facts
        before = made.owner_id
        made.name, made.kind, made.province = facts.name, facts.kind, facts.province
        made.domain, made.owner_id = facts.domain, facts.owner_id
        session.add(made)
        done.append((row, made, before))
    session.flush()
    noted: dict[str, Any] = {"actor": actor, "why": why, "now": now}
    for row, made, before in done:
        if made.owner_id != before:
            record_owner(session, made.id, None, before, made.owner_id, **noted)
        for topic_id, advisor_id in row.owners.items():
            owner = session.get_one(Advisor, advisor_id)
            set_topic_owner(session, made.id, topic_id, owner, **noted)
    return [made for _row, made, _before in done]


def export(session: DbSession) -> bytes:
    """Every organisation, in the columns that a file for reading in has."""
    known = everything_known(session)
    words = {value: key for key, value in KINDS.items()}

    def cells(each: Organisation) -> Iterator[str | None]:
        yield from (each.name, words[OrganisationKind(each.kind)], each.province, each.domain)
        yield known.called(each.owner_id)
        for topic_id in known.topics:
            yield known.called(known.owners.get((each.id, topic_id)))

    return write_sheet(columns(known), (list(cells(each)) for each in known.by_name()))


def _mistakes(line: Line, known: Known) -> Iterator[str]:
    cells = line.cells
    if line.extra:
        yield gettext("Deze regel heeft te veel kolommen.")
    if not cells.get("naam"):
        yield gettext("De naam ontbreekt.")
    yield from _not_a_text(line)
    if (kind := cells.get("soort", "")) and kind.casefold() not in KINDS:
        yield gettext("“%(text)s” is geen soort. Kies gemeente of anders.", text=kind)
    if (province := cells.get("provincie", "")) and province not in provinces():
        yield gettext("“%(text)s” is geen provincie.", text=province)
    if (domain := cells.get("maildomein", "")) and ("." not in domain or "@" in domain or " " in domain):
        yield gettext("“%(text)s” is geen maildomein, zoals amsterdam.nl.", text=domain)
    organisation = known.named(cells.get("naam", ""))
    for topic_id, person in _people(line, known):
        if not known.may_be(person, organisation, topic_id):
            yield gettext("Wij kennen de adviseur “%(text)s” niet.", text=person)


def _not_a_text(line: Line) -> Iterator[str]:
    for column, cell in line.cells.items():
        if column in line.formulas:
            yield gettext("In de kolom “%(column)s” staat een formule.", column=column)
        elif len(cell) > LONGEST or "\n" in cell:
            yield gettext("De tekst in de kolom “%(column)s” is te lang.", column=column)


def _twice(line: Line, seen: dict[str, int]) -> Iterator[str]:
    name = line.cells.get("naam", "").casefold()
    if name and name in seen:
        yield gettext("Deze naam staat ook op regel %(number)s.", number=seen[name])
    elif name:
        seen[name] = line.number


def _people(line: Line, known: Known) -> Iterator[tuple[int | None, str]]:
    """Whom the line names, with the topic; None: for everything else."""
    headings = {None: "adviseur"} | {n: f"{OF_TOPIC}{name}".casefold() for n, name in known.topics.items()}
    for topic_id, heading in headings.items():
        if person := line.cells.get(heading, ""):
            yield topic_id, person


def _row(line: Line, known: Known) -> Row:
    cells, there = line.cells, known.named(line.cells["naam"])
    kind = KINDS.get(cells.get("soort", "").casefold())
    people = {topic_id: known.advisor_id(person) for topic_id, person in _people(line, known)}
    owners = {n: each for n, each in people.items() if n is not None and each is not None}
    facts = OrganisationFacts(
        name=there.name if there else cells["naam"],
        kind=kind or (OrganisationKind(there.kind) if there else OrganisationKind.OTHER),
        province=cells.get("provincie") or (there.province if there else None),
        domain=cells.get("maildomein", "").lower() or (there.domain if there else None),
        owner_id=people.get(None) or (there.owner_id if there else None),
    )
    return Row(facts, there, owners, tuple(known.differences(there, facts, owners)) if there else ())
