"""Put one topic, team or page in the place of another, so that the other can go; and let an advisor's work pass on.

What somebody did stays that person's: of an advisor only what is still to come is passed on.
"""

from __future__ import annotations

from dataclasses import replace as changed
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, exists, update

from consult.contact.models import ContactPage, FormerSlug
from consult.contact.rules.versions import current_version, rules_of, save_rules
from consult.contact.upkeep.in_use import Subject, in_use, references, rules_naming
from consult.people.models import Advisor, Team, Topic, team_member

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Column, Table

    from consult.contact.rules.written import RoutingRule
    from consult.contact.upkeep.in_use import Use
    from consult.database import DbSession

# What an advisor passes on: table and column.
STILL_TO_COME = frozenset(
    {
        ("absence", "stand_in_id"),
        ("organisation", "owner_id"),
        ("page_advisor", "advisor_id"),
        ("topic_owner", "advisor_id"),
    }
)


class NotTheSameKind(ValueError):
    """Only a topic can stand for a topic, a team for a team, a page for a page, and nothing for itself."""


def replace(session: DbSession, old: Subject, new: Subject, *, by: str, now: datetime) -> None:
    """Let everything that names ``old`` name ``new``, and delete ``old``; an old page's addresses lead to the new one.

    Raises:
        NotTheSameKind: ``new`` cannot stand for it.
        RulesChanged: somebody saved rules at this very moment.
    """
    if type(old) is not type(new) or old.id == new.id or isinstance(old, Advisor):
        raise NotTheSameKind
    for table, column in references(old):
        _repoint(session, table, column, old.id, new.id)
    if isinstance(old, ContactPage) and isinstance(new, ContactPage):
        session.execute(update(FormerSlug).where(FormerSlug.page_id == old.id).values(page_id=new.id))
        session.add(FormerSlug(slug=old.slug, page_id=new.id))
    _in_rules(session, old, new, by=by, now=now)
    session.flush()
    session.expire_all()
    session.delete(old)
    session.flush()


def pass_on(session: DbSession, old: Advisor, new: Advisor, *, by: str, now: datetime) -> None:
    """Let ``new`` have what ``old`` would still get: organisations, places on pages and in rules.

    ``old`` leaves the teams and the safety net, and works here no more. Persons are switched where they can be told,
    and questions and talks that run are handed over, one by one or in one step with an absence.

    Raises:
        NotTheSameKind: it is the same advisor, or one who works here no more.
        RulesChanged: somebody saved rules at this very moment.
    """
    if old.id == new.id or not new.active:
        raise NotTheSameKind
    for table, column in references(old):
        if (table.name, column.name) in STILL_TO_COME:
            _repoint(session, table, column, old.id, new.id)
    session.execute(delete(team_member).where(team_member.c.advisor_id == old.id))
    _in_rules(session, old, new, by=by, now=now)
    old.active = old.fallback = False
    session.flush()
    session.expire_all()


def stays(session: DbSession, advisor: Advisor) -> tuple[Use, ...]:
    """What an advisor keeps after passing on: what that person did, and what runs."""
    passed = STILL_TO_COME | {
        ("contact", "owner_id"),
        ("team_member", "advisor_id"),
        ("routing_rule", "rules"),
    }
    return tuple(use for use in in_use(session, advisor) if (use.table, use.column) not in passed)


def _repoint(session: DbSession, table: Table, column: Column[int], old: int, new: int) -> None:
    """Let the rows name ``new``; where the key says that ``new`` is there already, the old row goes."""
    others = [each for each in table.primary_key.columns if each is not column]
    if column.primary_key:
        there = table.alias()
        twin = exists().where(
            there.c[column.name] == new, and_(*(there.c[each.name] == each for each in others))
        )
        session.execute(delete(table).where(column == old, twin))
    session.execute(update(table).where(column == old).values({column.name: new}))


def _in_rules(session: DbSession, old: Subject, new: Subject, *, by: str, now: datetime) -> None:
    if not rules_naming(session, old):
        return
    version = current_version(session)
    rules = tuple(_renamed(each, old, new) for each in rules_of(version))
    save_rules(session, rules, based_on=version.number if version else 0, by=by, now=now)


def _renamed(rule: RoutingRule, old: Subject, new: Subject) -> RoutingRule:
    match old:
        case Advisor():
            ids = dict.fromkeys(new.id if each == old.id else each for each in rule.advisor_ids)
            return changed(rule, advisor_ids=tuple(ids))
        case Team():
            return changed(rule, team_id=new.id) if rule.team_id == old.id else rule
        case Topic():
            topic_ids = _swapped(rule.conditions.topic_ids, old.id, new.id)
            return changed(rule, conditions=changed(rule.conditions, topic_ids=topic_ids))
        case _:
            page_ids = _swapped(rule.conditions.page_ids, old.id, new.id)
            return changed(rule, conditions=changed(rule.conditions, page_ids=page_ids))


def _swapped(ids: frozenset[int], old: int, new: int) -> frozenset[int]:
    return frozenset(new if each == old else each for each in ids)
