"""Faults in a list of rules, told when it is saved: never matches, shadowed by another rule, names nobody.

Knows the rules and what exists; refuses to know the time: somebody on leave is no fault of a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from consult.routing.rules import Conditions, Rule, RuleSet, terms_of
from consult.routing.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from consult.routing.roster import Roster, Vocabulary


class Fault(StrEnum):
    """What is wrong with a rule; one with something unknown may still work for the rest it names."""

    NEVER_MATCHES = "never_matches"
    SHADOWED = "shadowed"
    UNKNOWN_TOPIC = "unknown_topic"
    UNKNOWN_ADVISOR = "unknown_advisor"
    INACTIVE_ADVISOR = "inactive_advisor"
    UNKNOWN_TEAM = "unknown_team"
    NO_TARGET = "no_target"
    NOBODY_COMPETENT = "nobody_competent"
    NOBODY_ON_CHANNEL = "nobody_on_channel"


@dataclass(frozen=True, slots=True)
class RuleFault:
    """One fault of one rule; ``ids`` are what it is about: advisors, topics, the team, the shadowing rule."""

    rule_id: int
    fault: Fault
    ids: tuple[int, ...] = ()


def find_faults(rules: RuleSet, roster: Roster) -> tuple[RuleFault, ...]:
    """The faults in the order of the rules. A rule that is off shadows nothing and stands in no shadow.

    What exists is read from ``roster.vocabulary``, advisors and teams from the roster itself; it must hold
    all teams. A rule is shadowed when an earlier one holds for every question it holds for: it is then
    reached only when nobody of the earlier one is free.
    """
    found: list[RuleFault] = []
    before: list[Rule] = []
    for rule in rules.rules:
        own = [*_condition_faults(rule, roster.vocabulary), *_target_faults(rule, roster)]
        found.extend(own)
        if not rule.on or any(each.fault is Fault.NEVER_MATCHES for each in own):
            continue
        shadow = next((each for each in before if _covers(each, rule, roster.vocabulary)), None)
        if shadow is not None:
            found.append(RuleFault(rule.id, Fault.SHADOWED, (shadow.id,)))
        if not any(each.fault is Fault.NO_TARGET for each in own):
            before.append(rule)
    return tuple(found)


def _condition_faults(rule: Rule, vocabulary: Vocabulary) -> Iterator[RuleFault]:
    asked = rule.conditions
    if vocabulary.topic_ids and (unknown := asked.topic_ids - vocabulary.topic_ids):
        yield RuleFault(rule.id, Fault.UNKNOWN_TOPIC, tuple(sorted(unknown)))
    if _contradicts(asked, vocabulary):
        yield RuleFault(rule.id, Fault.NEVER_MATCHES)


def _contradicts(asked: Conditions, vocabulary: Vocabulary) -> bool:
    """Whether no question can hold: only things that do not exist, no word in the words, or no such place."""
    pairs: tuple[tuple[Iterable[int | str], Iterable[int | str]], ...] = (
        (asked.topic_ids, vocabulary.topic_ids),
        (asked.municipality_codes, vocabulary.province_of),
        (asked.provinces, vocabulary.province_of.values()),
        (map(fold, asked.languages), map(fold, vocabulary.languages)),
        (asked.channels, vocabulary.channels),
        (asked.meeting_type_ids, vocabulary.meeting_type_ids),
        (asked.page_ids, vocabulary.page_ids),
    )
    for wanted, existing in pairs:
        values, known = frozenset(wanted), frozenset(existing)
        if values and known and values.isdisjoint(known):
            return True
    if asked.words and not terms_of(asked):
        return True
    if asked.meeting_type_ids and asked.channels:
        # A talk has no channel to be answered on, and a question is no kind of talk.
        return True
    if not (asked.provinces and asked.municipality_codes):
        return False
    # Where the province of a municipality is not known, it may lie in any.
    places = {vocabulary.province_of.get(code) for code in asked.municipality_codes}
    return None not in places and places.isdisjoint(asked.provinces)


def _target_faults(rule: Rule, roster: Roster) -> Iterator[RuleFault]:
    named = dict.fromkeys((*rule.advisor_ids, *roster.members(rule.team_id)))
    known = [roster.by_id[each] for each in named if each in roster.by_id]
    able = [advisor for advisor in known if advisor.active]
    if unknown := tuple(sorted(each for each in named if each not in roster.by_id)):
        yield RuleFault(rule.id, Fault.UNKNOWN_ADVISOR, unknown)
    if inactive := tuple(sorted(advisor.id for advisor in known if not advisor.active)):
        yield RuleFault(rule.id, Fault.INACTIVE_ADVISOR, inactive)
    if rule.team_id is not None and not roster.has_team(rule.team_id):
        yield RuleFault(rule.id, Fault.UNKNOWN_TEAM, (rule.team_id,))
    if not able:
        yield RuleFault(rule.id, Fault.NO_TARGET)
        return
    topics, channels = rule.conditions.topic_ids, rule.conditions.channels
    if topics and not any(advisor.competent_in(topic) for advisor in able for topic in topics):
        yield RuleFault(rule.id, Fault.NOBODY_COMPETENT, tuple(sorted(topics)))
    if channels and all(advisor.channels.isdisjoint(channels) for advisor in able):
        yield RuleFault(rule.id, Fault.NOBODY_ON_CHANNEL, tuple(sorted(advisor.id for advisor in able)))


def _covers(earlier: Rule, later: Rule, vocabulary: Vocabulary) -> bool:
    """Whether the earlier rule holds wherever the later one does."""
    wide, narrow = earlier.conditions, later.conditions
    pairs: tuple[tuple[frozenset[int | str], frozenset[int | str]], ...] = (
        (frozenset(wide.topic_ids), frozenset(narrow.topic_ids)),
        (frozenset(wide.municipality_codes), frozenset(narrow.municipality_codes)),
        (frozenset(wide.provinces), _provinces(narrow, vocabulary)),
        (frozenset(map(fold, wide.languages)), frozenset(map(fold, narrow.languages))),
        (frozenset(wide.channels), frozenset(narrow.channels)),
        (frozenset(wide.meeting_type_ids), frozenset(narrow.meeting_type_ids)),
        (frozenset(wide.page_ids), frozenset(narrow.page_ids)),
    )
    if not all(_contains(values, inner) for values, inner in pairs):
        return False
    return _domains_cover(wide, narrow) and _words_cover(wide, narrow)


def _contains(values: frozenset[int | str], inner: frozenset[int | str]) -> bool:
    return not values or (bool(inner) and inner <= values)


def _provinces(asked: Conditions, vocabulary: Vocabulary) -> frozenset[int | str]:
    """The provinces a rule is about, also when it says so by naming municipalities."""
    if asked.provinces or not asked.municipality_codes:
        return frozenset(asked.provinces)
    return frozenset(vocabulary.province_of.get(code, code) for code in asked.municipality_codes)


def _domains_cover(wide: Conditions, narrow: Conditions) -> bool:
    parents = tuple(fold(each).strip(".@") for each in wide.organisation_domains)
    inner = tuple(fold(each).strip(".@") for each in narrow.organisation_domains)
    if not parents:
        return True
    return bool(inner) and all(
        any(each == parent or each.endswith(f".{parent}") for parent in parents) for each in inner
    )


def _words_cover(wide: Conditions, narrow: Conditions) -> bool:
    if not wide.words:
        return True
    inner = terms_of(narrow)
    return bool(inner) and all(any(outer.covers(each) for outer in terms_of(wide)) for each in inner)
