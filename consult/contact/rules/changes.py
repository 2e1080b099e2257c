"""What somebody does to a list of rules, what differs between two lists, and how two people's changes come together.

Pure: lists in, lists out. A rule is the same rule for as long as its id is the same; one that was never saved has an
id below zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consult.contact.rules.written import RoutingRule

    Rules = tuple[RoutingRule, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is in the second list and not in the first, the other way round, in both but different; and the order."""

    added: tuple[RoutingRule, ...]
    removed: tuple[RoutingRule, ...]
    changed: tuple[RoutingRule, ...]
    reordered: bool

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.removed or self.changed or self.reordered)


def find(rules: Sequence[RoutingRule], number: int) -> RoutingRule | None:
    """The rule with this id."""
    return next((each for each in rules if each.id == number), None)


def moved(rules: Rules, number: int, places: int) -> Rules:
    """The rule so many places further down (up below zero); at an end it stays."""
    at = next((place for place, each in enumerate(rules) if each.id == number), None)
    if at is None:
        return rules
    others = [each for each in rules if each.id != number]
    others.insert(max(0, at + places), rules[at])
    return tuple(others)


def switched(rules: Rules, number: int, *, on: bool) -> Rules:
    """The rule on or off."""
    return tuple(replace(each, on=on) if each.id == number else each for each in rules)


def without(rules: Rules, number: int) -> Rules:
    """The others."""
    return tuple(each for each in rules if each.id != number)


def with_rule(rules: Rules, rule: RoutingRule) -> Rules:
    """The rule in the place of the one with its id; a new one, without an id, at the end with an id below zero."""
    if rule.id is not None:
        return tuple(rule if each.id == rule.id else each for each in rules)
    lowest = min((each.id or 0 for each in rules), default=0)
    return (*rules, rule.with_id(min(lowest, 0) - 1))


def changes(before: Sequence[RoutingRule], after: Sequence[RoutingRule]) -> Changes:
    """What makes the second list another than the first."""
    old, new = _by_id(before), _by_id(after)
    return Changes(
        added=tuple(each for number, each in new.items() if number not in old),
        removed=tuple(each for number, each in old.items() if number not in new),
        changed=tuple(each for number, each in new.items() if number in old and old[number] != each),
        reordered=[each for each in old if each in new] != [each for each in new if each in old],
    )


def merged(base: Sequence[RoutingRule], mine: Sequence[RoutingRule], theirs: Sequence[RoutingRule]) -> Rules:
    """Both changes of ``base`` in one list. Where both changed the same rule, mine counts.

    A rule that one took away and the other changed stays. The order is theirs unless only I changed it; what only I
    have comes after what it came after in my list.
    """
    old, own, new = _by_id(base), _by_id(mine), _by_id(theirs)
    kept = {number: rule for number in (*new, *own) if (rule := _of_both(number, old, own, new)) is not None}
    mine_first = changes(base, mine).reordered and not changes(base, theirs).reordered
    first, second = (list(own), list(new)) if mine_first else (list(new), list(own))
    order = [number for number in first if number in kept]
    for place, number in enumerate(second):
        if number in kept and number not in order:
            before = [each for each in second[:place] if each in order]
            order.insert(order.index(before[-1]) + 1 if before else 0, number)
    return tuple(kept[number] for number in order)


def _of_both(
    number: int,
    old: Mapping[int, RoutingRule],
    own: Mapping[int, RoutingRule],
    new: Mapping[int, RoutingRule],
) -> RoutingRule | None:
    """What becomes of one rule; None when it goes."""
    was, mine, theirs = old.get(number), own.get(number), new.get(number)
    if mine is None:
        # I took it away, or never had it: it stays when they made it or changed it.
        return theirs if theirs != was else None
    if theirs is None:
        return mine if mine != was else None
    return mine if mine != was else theirs


def _by_id(rules: Sequence[RoutingRule]) -> dict[int, RoutingRule]:
    return {each.id: each for each in rules if each.id is not None}
