"""Two people change one list of rules: what each did is in the result, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.contact.rules.changes import changes, merged, moved, with_rule
from consult.contact.rules.written import RoutingRule


def rules(words: str) -> tuple[RoutingRule, ...]:
    """Rules as ``1a 2b``: an id and a name; ``-1x`` was never saved."""
    return tuple(RoutingRule(id=int(each[:-1]), name=each[-1]) for each in words.split())


def words_of(listed: tuple[RoutingRule, ...]) -> str:
    return " ".join(f"{each.id}{each.name}" for each in listed)


LISTS = st.lists(
    st.tuples(st.integers(-2, 5).filter(bool), st.sampled_from("abc")), unique_by=lambda each: each[0]
).map(lambda pairs: tuple(RoutingRule(id=number, name=name) for number, name in pairs))

CASES = [
    ("Both added one", "1a", "1a -1x", "1a 2b", "1a -1x 2b"),
    ("Each changed another", "1a 2a", "1b 2a", "1a 2c", "1b 2c"),
    ("Both changed the same: mine counts", "1a", "1b", "1c", "1b"),
    ("I took one away, they another", "1a 2a 3a", "1a 2a", "2a 3a", "2a"),
    ("I took away what they changed: it stays", "1a", "", "1b", "1b"),
    ("They took away what I changed: it stays", "1a", "1b", "", "1b"),
    ("I moved, they changed", "1a 2a", "2a 1a", "1a 2c", "2c 1a"),
    ("They moved, I added at the end", "1a 2a", "1a 2a -1x", "2a 1a", "2a -1x 1a"),
    ("Both moved: their order counts", "1a 2a 3a", "3a 1a 2a", "2a 1a 3a", "2a 1a 3a"),
]


@pytest.mark.parametrize(("sentence", "base", "mine", "theirs", "both"), CASES, ids=[row[0] for row in CASES])
def test_two_changes_come_together(sentence: str, base: str, mine: str, theirs: str, both: str) -> None:
    assert words_of(merged(rules(base), rules(mine), rules(theirs))) == both, sentence


@given(LISTS, LISTS)
def test_who_changed_nothing_gets_the_change_of_the_other(one: tuple, other: tuple) -> None:  # type: ignore[type-arg]  # (rules)
    assert merged(one, one, other) == other
    assert merged(one, other, one) == other
    assert merged(one, other, other) == other


@given(LISTS, LISTS, LISTS)
def test_every_rule_of_the_result_comes_from_one_of_the_two(base: tuple, mine: tuple, theirs: tuple) -> None:  # type: ignore[type-arg]  # (rules)
    found = merged(base, mine, theirs)
    assert len({each.id for each in found}) == len(found)
    assert set(found) <= {*mine, *theirs}
    new = {each for each in mine if each.id not in {old.id for old in (*base, *theirs)}}
    assert new <= set(found)


def test_a_rule_moves_to_the_ends_and_no_further() -> None:
    listed = rules("1a 2a 3a")
    assert words_of(moved(listed, 3, -2)) == "3a 1a 2a"
    assert moved(listed, 1, -1) == listed
    assert moved(listed, 3, 1) == listed
    assert moved(listed, 9, 1) == listed


def test_what_is_new_gets_an_id_that_no_other_has() -> None:
    listed = with_rule(with_rule(rules("1a"), RoutingRule(name="x")), RoutingRule(name="y"))
    assert words_of(listed) == "1a -1x -2y"
    assert changes(rules("1a"), listed).added == listed[1:]
