"""The routing rules in the database: each saving is a version, and an undo is a new version equal to an older one.

Knows how rules are kept and who may be named; what a rule does stands in ``consult.routing``.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.activity.services import record
from consult.contact.models import RuleVersion
from consult.contact.roster import everybody
from consult.contact.rules.written import RoutingRule, read_rules, written
from consult.routing.faults import Fault, RuleFault, find_faults
from consult.routing.rules import RuleSet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession

# What does not exist cannot be meant; the other faults may be what somebody wants for now.
REFUSED = frozenset({Fault.UNKNOWN_ADVISOR, Fault.UNKNOWN_TEAM, Fault.UNKNOWN_TOPIC})
KEPT = 8


class AbsentTarget(Exception):
    """A rule names an advisor, a team or a topic that does not exist; ``faults`` says which."""

    def __init__(self, faults: tuple[RuleFault, ...]) -> None:
        super().__init__("a rule names what does not exist")
        self.faults = faults


class RulesChanged(Exception):
    """Somebody else saved the rules meanwhile."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The version that was made, and what its maker should know about the rules in it."""

    version: RuleVersion
    faults: tuple[RuleFault, ...]


_kept: OrderedDict[tuple[int, str], RuleSet] = OrderedDict()
_keeping = Lock()


def load_rules(session: DbSession) -> RuleSet:
    """The rules that count now, compiled once per version; one statement when they did not change."""
    newest = select(RuleVersion.number, RuleVersion.digest).order_by(RuleVersion.number.desc()).limit(1)
    row = session.execute(newest).first()
    if row is None:
        return RuleSet()
    key = (row.number, row.digest)
    found = _kept.get(key)
    if found is None:
        rules = session.scalars(select(RuleVersion.rules).where(RuleVersion.number == row.number)).one()
        found = compiled(row.number, read_rules(rules))
        with _keeping:
            _kept[key] = found
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return found


def compiled(number: int, rules: Sequence[RoutingRule]) -> RuleSet:
    """The rules as the engine takes them."""
    return RuleSet(version=number, rules=tuple(each.as_rule() for each in rules))


def current_version(session: DbSession) -> RuleVersion | None:
    """The version that counts now."""
    return session.scalars(select(RuleVersion).order_by(RuleVersion.number.desc()).limit(1)).first()


def versions(session: DbSession, *, most: int = 50) -> Sequence[RuleVersion]:
    """The newest versions, newest first: who saved them and when."""
    return session.scalars(select(RuleVersion).order_by(RuleVersion.number.desc()).limit(most)).all()


def rules_of(version: RuleVersion | None) -> tuple[RoutingRule, ...]:
    """The rules of a version, in order; none without one."""
    return read_rules(version.rules) if version else ()


def numbered(session: DbSession, rules: Sequence[RoutingRule]) -> tuple[RoutingRule, ...]:
    """The same rules, each new one with an id that no rule of any version had: decisions keep naming the same rule.

    New is what has no id, or one below zero as drafts give.
    """
    last = max((each.id or 0 for each in rules), default=0)
    for kept in session.scalars(select(RuleVersion.rules)):
        last = max(last, *(each.id or 0 for each in read_rules(kept)), 0)
    told: dict[int, RoutingRule] = {}
    for each in rules:
        number = each.id
        # A copy of a rule is another rule.
        if number is None or number < 0 or number in told:
            number = last = last + 1
        told[number] = each.with_id(number)
    return tuple(told.values())


def faults_of(session: DbSession, rules: Sequence[RoutingRule], *, now: datetime) -> tuple[RuleFault, ...]:
    """What is wrong with these rules, in their order: ``id`` must be known (``numbered``)."""
    return find_faults(compiled(0, rules), everybody(session, now=now))


def save_rules(
    session: DbSession,
    rules: Sequence[RoutingRule],
    *,
    based_on: int,
    by: str,
    now: datetime,
    undo_of: int | None = None,
) -> Saved:
    """Make these the rules from now on. ``based_on`` is the version that was changed (0: none), ``by`` the actor.

    Raises:
        AbsentTarget: a rule names an advisor, team or topic that does not exist.
        RulesChanged: somebody else saved after ``based_on``.
    """
    newest = current_version(session)
    if (newest.number if newest else 0) != based_on:
        raise RulesChanged
    rules = numbered(session, rules)
    faults = faults_of(session, rules, now=now)
    if absent := tuple(each for each in faults if each.fault in REFUSED):
        raise AbsentTarget(absent)
    as_json = written(rules)
    version = RuleVersion(
        number=based_on + 1,
        rules=as_json,
        digest=digest_of(rules),
        saved_by=by,
        saved_at=now,
        undo_of=undo_of,
    )
    try:
        with session.begin_nested():
            session.add(version)
    except IntegrityError:
        # Two people pressed at once: the number can be given once.
        raise RulesChanged from None
    record(session, ("rules", version.number), "rules.saved", actor=by, now=now, undo_of=undo_of)
    session.flush()
    return Saved(version, faults)


def undo(session: DbSession, number: int, *, based_on: int, by: str, now: datetime) -> Saved:
    """Make the rules of an older version count again, as a new version.

    Raises:
        LookupError: there is no version with that number.
        AbsentTarget: it names what was deleted since.
        RulesChanged: somebody else saved after ``based_on``.
    """
    old = session.get(RuleVersion, number)
    if old is None:
        raise LookupError(f"no version {number}")
    return save_rules(session, read_rules(old.rules), based_on=based_on, by=by, now=now, undo_of=number)


def digest_of(rules: Sequence[RoutingRule]) -> str:
    """The same for the same rules in the same order, and for no others."""
    return hashlib.sha256(json.dumps(written(rules), sort_keys=True).encode()).hexdigest()
