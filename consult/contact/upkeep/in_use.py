"""What still uses an advisor, a team, a topic or a page, so that none is deleted from under something.

Reads the foreign keys of every table there is, and what routing rules name: a table that is added later counts by
itself. Knows no words for a screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import func, literal, select, union_all

from consult.contact.models import ContactPage
from consult.contact.rules.versions import current_version, rules_of
from consult.database import Base
from consult.people.models import Advisor, Team, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Table

    from consult.contact.rules.written import RoutingRule
    from consult.database import DbSession

Subject: TypeAlias = Advisor | Team | Topic | ContactPage

# What belongs to a subject and goes with it: table and column.
OWN_PARTS = frozenset(
    {
        ("absence", "advisor_id"),
        ("advisor_topic", "advisor_id"),
        ("article_watch", "page_id"),
        ("busy_calendar", "advisor_id"),
        ("date_override", "advisor_id"),
        ("draft", "advisor_id"),
        ("feed_address", "advisor_id"),
        ("feed_address", "team_id"),
        ("foreign_busy", "advisor_id"),
        ("former_slug", "page_id"),
        ("handout_file", "page_id"),
        ("own_rules", "advisor_id"),
        ("page_advisor", "page_id"),
        ("portrait", "advisor_id"),
        ("presence", "advisor_id"),
        ("saved_reply", "advisor_id"),
        ("team_member", "team_id"),
        ("working_hours", "advisor_id"),
    }
)


class InUse(Exception):
    """It cannot be deleted; ``uses`` says what uses it."""

    def __init__(self, uses: tuple[Use, ...]) -> None:
        super().__init__("in use")
        self.uses = uses


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """So many rows of a table name the subject in this column; of ``routing_rule`` the names of the rules."""

    table: str
    column: str
    count: int
    names: tuple[str, ...] = ()


def in_use(session: DbSession, subject: Subject) -> tuple[Use, ...]:
    """Everything that names the subject, by table and column; its own parts (hours, absences …) do not count."""
    counts = [
        select(literal(table.name), literal(column.name), func.count())
        .select_from(table)
        .where(column == subject.id)
        for table, column in references(subject)
    ]
    found = [Use(*row) for row in session.execute(union_all(*counts)) if row[2]] if counts else []
    if rules := rules_naming(session, subject):
        found.append(Use("routing_rule", "rules", len(rules), rules))
    return tuple(sorted(found))


def rules_naming(session: DbSession, subject: Subject) -> tuple[str, ...]:
    """The names of the rules that count now and name the subject."""
    return tuple(each.name for each in rules_of(current_version(session)) if _names(each, subject))


def delete_unused(session: DbSession, subject: Subject) -> None:
    """Delete it with its own parts.

    Raises:
        InUse: something uses it.
    """
    if uses := in_use(session, subject):
        raise InUse(uses)
    session.delete(subject)
    session.flush()


def references(subject: Subject) -> Iterator[tuple[Table, Column[int]]]:
    """Every table and column that can name such a subject, its own parts left out."""
    own = type(subject).__table__
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is own and (table.name, key.parent.name) not in OWN_PARTS:
                yield table, key.parent


def _names(rule: RoutingRule, subject: Subject) -> bool:
    match subject:
        case Advisor():
            return subject.id in rule.advisor_ids
        case Team():
            return subject.id == rule.team_id
        case Topic():
            return subject.id in rule.conditions.topic_ids
        case _:
            return subject.id in rule.conditions.page_ids
