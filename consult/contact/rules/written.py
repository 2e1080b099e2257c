"""A routing rule with its name, and how it is written in a version; the field names are kept for years."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from consult.routing.rules import Conditions, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingRule:
    """What a coordinator sets down: a name for people, and the rule. ``id`` is None until it was saved once."""

    name: str
    conditions: Conditions = field(default_factory=Conditions)
    advisor_ids: tuple[int, ...] = ()
    team_id: int | None = None
    on: bool = True
    id: int | None = None

    def with_id(self, number: int) -> RoutingRule:
        """The same rule with its id."""
        return replace(self, id=number)

    def as_rule(self) -> Rule:
        """The rule for the engine.

        Raises:
            ValueError: it has no id yet.
        """
        if self.id is None:
            raise ValueError("a rule has an id before it is used")
        return Rule(
            id=self.id,
            conditions=self.conditions,
            advisor_ids=self.advisor_ids,
            team_id=self.team_id,
            on=self.on,
        )


def written(rules: Sequence[RoutingRule]) -> list[dict[str, Any]]:
    """The rules as plain values, sets in order, what says nothing left out."""
    return [_written(each) for each in rules]


def read_rules(stored: Iterable[Mapping[str, Any]]) -> tuple[RoutingRule, ...]:
    """The rules that ``written`` wrote."""
    return tuple(_read(each) for each in stored)


def _written(rule: RoutingRule) -> dict[str, Any]:
    conditions = {each.name: sorted(getattr(rule.conditions, each.name)) for each in fields(Conditions)}
    return {
        "id": rule.id,
        "name": rule.name,
        "on": rule.on,
        "when": {name: values for name, values in conditions.items() if values},
        "advisors": list(rule.advisor_ids),
        "team": rule.team_id,
    }


def _read(stored: Mapping[str, Any]) -> RoutingRule:
    return RoutingRule(
        id=stored["id"],
        name=stored["name"],
        on=stored["on"],
        conditions=Conditions(**{name: frozenset(values) for name, values in stored["when"].items()}),
        advisor_ids=tuple(stored["advisors"]),
        team_id=stored["team"],
    )
