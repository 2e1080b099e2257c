"""The rules as a coordinator is changing them: kept until saved or thrown away; nothing is decided by them.

Everybody has one draft. When somebody else saves meanwhile, the draft stays as it is until its maker takes over what
was saved, or lets the draft go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consult.contact.models import RuleDraft, RuleVersion
from consult.contact.rules.changes import Changes, changes, merged
from consult.contact.rules.versions import Saved, current_version, rules_of, save_rules
from consult.contact.rules.written import read_rules, written

if TYPE_CHECKING:
    from datetime import datetime

    from consult.contact.rules.written import RoutingRule
    from consult.database import DbSession


@dataclass(frozen=True, slots=True)
class Draft:
    """The rules on somebody's desk. ``mine`` is what differs from ``based_on``, ``theirs`` what was saved since then.

    Without a draft these are the rules that count, and nothing differs.
    """

    rules: tuple[RoutingRule, ...]
    based_on: int
    newest: int
    mine: Changes
    theirs: Changes
    undo_of: int | None = None

    @property
    def overtaken(self) -> bool:
        """Whether somebody else saved since."""
        return self.based_on != self.newest

    @property
    def pending(self) -> bool:
        """Whether there is anything to save, or to decide about."""
        return bool(self.mine) or self.overtaken


def draft_of(session: DbSession, account_id: int) -> Draft:
    """What this person is making of the rules."""
    version = current_version(session)
    newest, counting = (version.number if version else 0), rules_of(version)
    kept = session.get(RuleDraft, account_id)
    base = _base(session, kept)
    rules = read_rules(kept.rules) if kept else base
    # A draft that changes nothing is none: then the newest rules are the ones to look at.
    if kept is None or rules == base:
        nothing = changes(counting, counting)
        return Draft(counting, newest, newest, nothing, nothing)
    return Draft(
        rules, kept.based_on, newest, changes(base, rules), changes(base, counting), undo_of=kept.undo_of
    )


def keep(
    session: DbSession,
    account_id: int,
    rules: tuple[RoutingRule, ...],
    *,
    now: datetime,
    undo_of: int | None = None,
) -> None:
    """Make these the rules on this person's desk; the version they started from stays the same."""
    draft = draft_of(session, account_id)
    kept = session.get(RuleDraft, account_id)
    if kept is None:
        kept = RuleDraft(account_id=account_id)
        session.add(kept)
    kept.based_on = draft.based_on
    kept.rules, kept.changed_at, kept.undo_of = written(rules), now, undo_of
    session.flush()


def restore(session: DbSession, account_id: int, number: int, *, now: datetime) -> None:
    """Lay the rules of an older version on this person's desk, to look at before they are saved.

    Raises:
        LookupError: there is no version with that number.
    """
    old = session.get(RuleVersion, number)
    if old is None:
        raise LookupError(f"no version {number}")
    let_go(session, account_id)
    keep(session, account_id, rules_of(old), now=now, undo_of=number)


def take_over(session: DbSession, account_id: int, *, now: datetime) -> None:
    """Bring what somebody else saved into the draft; where both changed the same rule, the draft counts."""
    kept = session.get(RuleDraft, account_id)
    version = current_version(session)
    if kept is None or version is None:
        return
    base = _base(session, kept)
    kept.rules = written(merged(base, read_rules(kept.rules), rules_of(version)))
    kept.based_on, kept.changed_at, kept.undo_of = version.number, now, None
    session.flush()


def let_go(session: DbSession, account_id: int) -> None:
    """Throw the draft away. Twice is once."""
    kept = session.get(RuleDraft, account_id)
    if kept is not None:
        session.delete(kept)
        session.flush()


def save(session: DbSession, account_id: int, *, by: str, now: datetime) -> Saved:
    """Make the draft the rules that count from now on.

    Raises:
        AbsentTarget: a rule names an advisor, team or topic that does not exist.
        RulesChanged: somebody else saved meanwhile.
    """
    draft = draft_of(session, account_id)
    saved = save_rules(session, draft.rules, based_on=draft.based_on, by=by, now=now, undo_of=draft.undo_of)
    let_go(session, account_id)
    return saved


def _base(session: DbSession, kept: RuleDraft | None) -> tuple[RoutingRule, ...]:
    """The rules that a draft started from."""
    return rules_of(session.get(RuleVersion, kept.based_on) if kept else None)
