"""Routing rules: an ordered list of conditions with targets, and the index that finds the ones that hold.

Knows what a rule asks and in which order rules stand; refuses to know who is available. The first rule that
holds and has somebody free decides; `engine` walks them in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from consult.routing.words import Term, Words, fold, term, words_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from consult.routing.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What must hold: every set that is not empty must contain the question's value; empty means any.

    ``words`` holds when at least one of its terms is found in the question (`words.term`); a domain holds for
    its subdomains too.
    """

    topic_ids: frozenset[int] = frozenset()
    municipality_codes: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    meeting_type_ids: frozenset[int] = frozenset()
    page_ids: frozenset[int] = frozenset()
    organisation_domains: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When the conditions hold, the advisors named and the members of the team are the candidates."""

    id: int
    conditions: Conditions = field(default_factory=Conditions)
    advisor_ids: tuple[int, ...] = ()
    team_id: int | None = None
    on: bool = True


class Facts:
    """What rules may look at in one question, folded once; its words only when a rule asks for them."""

    def __init__(self, question: Question, topic_id: int | None) -> None:
        self.values: dict[str, Hashable | None] = {
            "municipality": question.municipality_code,
            "meeting_type": question.meeting_type_id,
            "page": question.page_id,
            "topic": topic_id,
            "province": question.province,
            "language": question.language and fold(question.language),
            "channel": question.channel,
        }
        self.domains = _with_parents(question.organisation_domain or "")
        self._text = question.text

    @cached_property
    def words(self) -> Words:
        """The words of the question."""
        return Words(words_of(self._text))


def _with_parents(domain: str) -> frozenset[str]:
    labels = fold(domain).strip(".").split(".")
    return frozenset(".".join(labels[start:]) for start in range(len(labels))) - {""}


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A rule's conditions as lookups; ``wanted`` from the rarest kind of condition to the commonest."""

    rule: Rule
    wanted: tuple[tuple[str, frozenset[Hashable]], ...]
    domains: frozenset[str]
    terms: tuple[Term, ...] | None

    def holds(self, facts: Facts) -> bool:
        for name, values in self.wanted:
            if facts.values[name] not in values:
                return False
        if self.domains and self.domains.isdisjoint(facts.domains):
            return False
        return self.terms is None or any(each.found_in(facts.words) for each in self.terms)


def _compile(rule: Rule) -> _Compiled:
    asked = rule.conditions
    wanted: tuple[tuple[str, frozenset[Hashable]], ...] = (
        ("municipality", frozenset(asked.municipality_codes)),
        ("meeting_type", frozenset(asked.meeting_type_ids)),
        ("page", frozenset(asked.page_ids)),
        ("topic", frozenset(asked.topic_ids)),
        ("province", frozenset(asked.provinces)),
        ("language", frozenset(fold(each) for each in asked.languages)),
        ("channel", frozenset(asked.channels)),
    )
    return _Compiled(
        rule=rule,
        wanted=tuple((name, values) for name, values in wanted if values),
        domains=frozenset(fold(each).strip(".@") for each in asked.organisation_domains),
        terms=terms_of(asked) if asked.words else None,
    )


def terms_of(conditions: Conditions) -> tuple[Term, ...]:
    """The terms that can be found at all, in a fixed order; what holds no word is left out."""
    return tuple(found for found in map(term, sorted(conditions.words)) if found is not None)


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """One version of the ordered rules. Keep it as long as the version: its index is made once."""

    version: int = 0
    rules: tuple[Rule, ...] = ()

    def matching(self, question: Question, topic_id: int | None) -> Iterator[Rule]:
        """The rules that are on and hold, in order; ``topic_id`` is the topic that counts here."""
        index = self._index
        facts = Facts(question, topic_id)
        for place in index.places(facts):
            if index.compiled[place].holds(facts):
                yield index.compiled[place].rule

    @cached_property
    def _index(self) -> _Index:
        return _Index(tuple(_compile(rule) for rule in self.rules if rule.on))


class _Index:
    """Each rule filed under the one condition that rules out most questions, so that few need a look."""

    def __init__(self, compiled: tuple[_Compiled, ...]) -> None:
        self.compiled = compiled
        self._always: list[int] = []
        self._by_value: dict[tuple[str, Hashable], list[int]] = {}
        self._by_beginning: dict[str, list[int]] = {}
        for place, each in enumerate(compiled):
            self._file(place, each)
        self._lengths = sorted({len(beginning) for beginning in self._by_beginning})
        self._any_words = bool(self._lengths) or any(name == "word" for name, _ in self._by_value)

    def _file(self, place: int, each: _Compiled) -> None:
        if each.domains:
            self._under("domain", each.domains, place)
        elif each.terms is not None and (not each.wanted or each.wanted[0][0] not in _RARE):
            for found in each.terms:
                if found.beginning and len(found.words) == 1:
                    self._by_beginning.setdefault(found.words[0], []).append(place)
                else:
                    self._under("word", frozenset(found.words[:1]), place)
        elif each.wanted:
            self._under(each.wanted[0][0], each.wanted[0][1], place)
        else:
            self._always.append(place)

    def _under(self, name: str, values: frozenset[Hashable] | frozenset[str], place: int) -> None:
        for value in values:
            self._by_value.setdefault((name, value), []).append(place)

    def places(self, facts: Facts) -> list[int]:
        """Where the rules stand that may hold, in order."""
        found = set(self._always)
        for key in facts.values.items():
            found.update(self._by_value.get(key, ()))
        for domain in facts.domains:
            found.update(self._by_value.get(("domain", domain), ()))
        if self._any_words:
            for word in facts.words.distinct:
                found.update(self._by_value.get(("word", word), ()))
                for length in self._lengths:
                    found.update(self._by_beginning.get(word[:length], ()))
        return sorted(found)


_RARE = frozenset({"municipality", "meeting_type", "page"})
