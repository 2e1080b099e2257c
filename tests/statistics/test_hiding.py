"""Counts under five are hidden, and nobody can work them out from what is shown."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING

import pytest

from consult.statistics.hiding import FEWEST, Cell, Hiding, Line, count, rows_of

if TYPE_CHECKING:
    from consult.statistics.figures import Value

# Counts → what is shown of them.
CASES = {
    "five and more are shown": ((5, 9, 12), (5, 9, 12)),
    "nought is shown": ((0, 9, 12), (0, 9, 12)),
    "one hidden count would follow from the total: the next goes too": ((3, 9, 12), (None, None, 12)),
    "two that make five or more say nothing of each other": ((3, 4, 12), (None, None, 12)),
    "two of one each would follow from their sum": ((1, 1, 12, 20), (None, None, None, 20)),
    "two that make four say that both are under five: one more goes": ((2, 2, 9, 12), (None, None, None, 12)),
    "two of four each are the most that two can hide": ((5, 4, 4), (None, None, None)),
    "of two that are as small both go: which of them went would tell": ((5, 5, 3), (None, None, None)),
    "without another count, a nought hides along": ((1, 1, 1, 1, 1, 0), (None,) * 6),
    "nothing else in the column": ((3, 0, 0), (None, None, None)),
}


def _column(numbers: tuple[int, ...]) -> list[Line]:
    return [Line(f"rij {place}", (count(number),), key=str(place)) for place, number in enumerate(numbers)]


@pytest.mark.parametrize(("numbers", "shown"), CASES.values(), ids=CASES)
def test_what_is_shown_of_a_column(numbers: tuple[int, ...], shown: tuple[int | None, ...]) -> None:
    total = Line("samen", (count(sum(numbers)),))
    rows, _ = rows_of(_column(numbers), total, Hiding(frozenset({0})))
    assert tuple(row.values[0] for row in rows) == shown
    assert [row.hidden for row in rows] == [value is None for value in shown]


def _shown(numbers: tuple[int, ...]) -> tuple[tuple[Value, ...], ...]:
    rows, total = rows_of(_column(numbers), Line("samen", (count(sum(numbers)),)), Hiding(frozenset({0})))
    assert total is not None
    return *(row.values for row in rows), total.values


@pytest.mark.parametrize(("columns", "most", "judged"), [(1, 40, 20), (2, 40, 20), (3, 20, 9), (4, 9, 5)])
def test_no_count_under_five_follows_for_whoever_knows_the_rule(columns: int, most: int, judged: int) -> None:
    """Of all columns that look the same when hidden: more than one number fits each small count."""
    alike: defaultdict[tuple[tuple[Value, ...], ...], list[tuple[int, ...]]] = defaultdict(list)
    for numbers in product(range(most + 1), repeat=columns):
        alike[_shown(numbers)].append(numbers)
    for shown, ways in alike.items():
        for numbers, place in product(ways, range(columns)):
            if max(numbers) <= judged and 0 < numbers[place] < FEWEST:
                assert shown[place] == (None,)
                assert len({each[place] for each in ways}) > 1, numbers


def test_a_hidden_total_of_a_group_does_not_follow_from_its_lines() -> None:
    """The province of nine is hidden to keep another secret; then its organisations must not add up to nine."""
    lines = [Line("Zeist", (count(9),), group="Utrecht"), Line("Assen", (count(30),), group="Drenthe")]
    hiding = Hiding(frozenset({0}), must=frozenset({("Utrecht", 0)}))
    rows, _ = rows_of(lines, Line("samen", (count(39),)), hiding)
    assert rows[0].hidden


def test_lines_of_a_group_are_kept_secret_within_the_group() -> None:
    """The total of Groningen stands elsewhere: one hidden line in it would follow, whatever is hidden in Utrecht."""
    numbers = {"Utrecht": (6, 8, 3, 4), "Groningen": (7, 2)}
    lines = [Line(str(n), (count(n),), group=group) for group, each in numbers.items() for n in each]
    rows, _ = rows_of(lines, Line("samen", (count(30),)), Hiding(frozenset({0})))
    assert [row.values[0] for row in rows] == [6, 8, None, None, None, None]


def test_what_is_worked_out_from_fewer_than_five_is_hidden_and_nothing_said_stays_nothing() -> None:
    lines = [Line("a", (Cell(50.0, 4),)), Line("b", (Cell(50.0, 5),)), Line("c", (Cell(None, 0),))]
    rows, _ = rows_of(lines, None, Hiding(frozenset()))
    assert [(row.values[0], row.hidden) for row in rows] == [(None, True), (50.0, False), (None, False)]


def test_a_share_that_tells_its_count_is_hidden_with_it() -> None:
    lines = [
        Line("a", (Cell(10.0, 3), count(3))),
        Line("b", (Cell(40.0, 12), count(12))),
        Line("c", (Cell(50.0, 15), count(15))),
    ]
    rows, _ = rows_of(lines, Line("samen", (Cell(100.0, 30), count(30))), Hiding(frozenset({1}), {0: (1,)}))
    assert [row.values for row in rows] == [(None, None), (None, None), (50.0, 15)]


def test_the_total_of_a_column_is_hidden_where_it_would_tell_that_of_another() -> None:
    """By mail 10, by phone 7, by app 3: the sum of twenty stands in another figure."""
    lines = [Line("week 1", (count(5), count(7), count(3))), Line("week 2", (count(5), count(0), count(0)))]
    rows, total = rows_of(
        lines, Line("samen", (count(10), count(7), count(3))), Hiding(frozenset({0, 1, 2}), across=True)
    )
    assert total is not None
    assert total.values == (10, None, None)
    assert rows[0].values == (5, None, None)


def test_without_a_rule_everything_is_shown() -> None:
    rows, _ = rows_of(_column((1, 2)), None, None)
    assert [row.values for row in rows] == [(1,), (2,)]
