from __future__ import annotations

import pytest
from hypothesis import given

from consult.routing import Question, Rule, RuleSet
from consult.routing.words import Term, Words, term, words_of
from tests.engines.routing.cases import INCLUSION, POLARISATION, asking, question, questions, rule_sets

ROWS = [
    ("No condition always holds", {}, {}, True),
    (
        "The topic is one of those asked",
        {"topic_ids": {POLARISATION, INCLUSION}},
        {"topic_id": INCLUSION},
        True,
    ),
    ("Another topic", {"topic_ids": {POLARISATION}}, {"topic_id": INCLUSION}, False),
    ("No topic", {"topic_ids": {POLARISATION}}, {}, False),
    ("The municipality", {"municipality_codes": {"GM0363"}}, {"municipality_code": "GM0363"}, True),
    ("The province", {"provinces": {"NH"}}, {"province": "ZH"}, False),
    ("The language in any capitals", {"languages": {"EN"}}, {"language": "en"}, True),
    ("The channel", {"channels": {"phone"}}, {"channel": "email"}, False),
    ("The meeting type", {"meeting_type_ids": {4}}, {"meeting_type_id": 4}, True),
    ("The page", {"page_ids": {1}}, {"page_id": 1}, True),
    ("A question from no page", {"page_ids": {1}}, {}, False),
    ("The domain", {"organisation_domains": {"Ede.nl"}}, {"organisation_domain": "ede.nl"}, True),
    (
        "A domain below it",
        {"organisation_domains": {"@ede.nl"}},
        {"organisation_domain": "wijk.ede.nl"},
        True,
    ),
    (
        "A domain that only ends alike",
        {"organisation_domains": {"ede.nl"}},
        {"organisation_domain": "brede.nl"},
        False,
    ),
    ("A word in the question", {"words": {"ruzie"}}, {"text": "Er is RUZIE!"}, True),
    ("A word inside another word", {"words": {"ruzie"}}, {"text": "burenruzies"}, False),
    ("The beginning of a word", {"words": {"polaris*"}}, {"text": "Hoe gaat polarisatie?"}, True),
    ("Accents make no difference", {"words": {"een café"}}, {"text": "in één cafe, daar"}, True),
    ("Words in a row", {"words": {"jeugd en zorg"}}, {"text": "jeugd, en zorg"}, True),
    ("The same words apart", {"words": {"jeugd en zorg"}}, {"text": "zorg en jeugd"}, False),
    ("The last of a row may go on", {"words": {"jeugd en zorg*"}}, {"text": "jeugd en zorgplicht"}, True),
    ("One of the words is enough", {"words": {"a", "ruzie"}}, {"text": "ruzie"}, True),
    ("Only signs are never found", {"words": {"?"}}, {"text": "wat?"}, False),
    (
        "All kinds of condition must hold",
        {"words": {"ruzie"}, "provinces": {"NH"}},
        {"text": "ruzie", "province": "ZH"},
        False,
    ),
]


@pytest.mark.parametrize(("sentence", "asked", "given_question", "holds"), ROWS, ids=[row[0] for row in ROWS])
def test_when_a_rule_holds(
    sentence: str, asked: dict[str, set[object]], given_question: dict[str, object], *, holds: bool
) -> None:
    found = question(**given_question)
    rules = RuleSet(rules=(Rule(id=1, conditions=asking(**asked)),))
    assert bool(list(rules.matching(found, found.topic_id))) is holds, sentence


def holds_plainly(rule: Rule, asked: Question) -> bool:
    """The conditions read one after another, without any index."""
    wanted = rule.conditions
    domain = (asked.organisation_domain or "").lower()
    in_order = words_of(asked.text)
    runs = [
        in_order[start:end] for start in range(len(in_order)) for end in range(start + 1, len(in_order) + 1)
    ]

    def found(written: str) -> bool:
        words = words_of(written)
        if not written.endswith("*"):
            return words in runs
        return any(
            run[:-1] == words[:-1] and run[-1].startswith(words[-1]) for run in runs if len(run) == len(words)
        )

    return all(
        (
            not wanted.topic_ids or asked.topic_id in wanted.topic_ids,
            not wanted.municipality_codes or asked.municipality_code in wanted.municipality_codes,
            not wanted.provinces or asked.province in wanted.provinces,
            not wanted.languages
            or (asked.language or "").lower() in {each.lower() for each in wanted.languages},
            not wanted.channels or asked.channel in wanted.channels,
            not wanted.meeting_type_ids or asked.meeting_type_id in wanted.meeting_type_ids,
            not wanted.page_ids or asked.page_id in wanted.page_ids,
            not wanted.organisation_domains
            or any(domain == each or domain.endswith(f".{each}") for each in wanted.organisation_domains),
            not wanted.words or any(found(each) for each in wanted.words),
        )
    )


@given(questions, rule_sets())
def test_the_index_finds_the_rules_that_hold_in_their_order(asked: Question, rules: RuleSet) -> None:
    plainly = [rule.id for rule in rules.rules if rule.on and holds_plainly(rule, asked)]
    assert [rule.id for rule in rules.matching(asked, asked.topic_id)] == plainly


COVERS = [
    ("A word covers itself", "zorg", "zorg", True),
    ("A word covers a row that holds it", "zorg", "jeugd en zorg", True),
    ("A row does not cover one of its words", "jeugd en zorg", "zorg", False),
    ("A beginning covers the word", "zorg*", "zorgplicht", True),
    ("A beginning covers a longer beginning", "zorg*", "zorgpl*", True),
    ("A word does not cover its beginning", "zorg", "zorg*", False),
    ("A word covers a row that goes on later", "jeugd", "jeugd en zorg*", True),
    ("A row may end in a beginning", "en zorg*", "jeugd en zorgplicht", True),
]


@pytest.mark.parametrize(("sentence", "wide", "narrow", "covers"), COVERS, ids=[row[0] for row in COVERS])
def test_when_one_term_covers_another(sentence: str, wide: str, narrow: str, *, covers: bool) -> None:
    outer, inner = term(wide), term(narrow)
    assert outer is not None
    assert inner is not None
    assert outer.covers(inner) is covers, sentence


def test_a_term_is_not_found_in_a_shorter_text() -> None:
    assert not Term(("jeugd", "en", "zorg")).found_in(Words(("jeugd",)))
