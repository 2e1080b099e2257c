"""Where things go in a chart: every law that a reader's eye relies on."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.office.statistics import scales

FRAME = scales.Frame(height=150, above=20)
AMOUNTS = st.floats(min_value=0.01, max_value=1e7)
VALUES = st.lists(st.none() | st.floats(min_value=0, max_value=1000), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("most", "whole", "expected"),
    [
        pytest.param(34, True, (0, 20, 40), id="thirty-four reads in steps of twenty"),
        pytest.param(3, True, (0, 1, 2, 3), id="three questions read in ones"),
        pytest.param(1, True, (0, 1), id="one question has no half"),
        pytest.param(7, True, (0, 3, 6, 9), id="a whole number is never between two ticks"),
        pytest.param(0, True, (0, 1), id="nothing at all still has an axis"),
        pytest.param(1.3, False, (0, 0.5, 1, 1.5), id="a ratio may read in halves"),
        pytest.param(1200, True, (0, 500, 1000, 1500), id="hundreds read in round hundreds"),
    ],
)
def test_the_axis_reads_in_round_steps(most: float, whole: bool, expected: tuple[float, ...]) -> None:  # noqa: FBT001 (a table's column)
    assert scales.ticks(most, scales.round_step(most, 3, whole=whole)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("minutes", "step"),
    [(9, 5), (40, 15), (90, 30), (200, 120), (900, 480), (5000, 2400)],
)
def test_time_reads_in_steps_of_a_clock(minutes: float, step: float) -> None:
    assert scales.clock_step(minutes, 3) == step


@given(AMOUNTS, st.integers(1, 6), st.booleans())
def test_an_axis_reaches_the_highest_and_not_far_beyond(most: float, steps: int, whole: bool) -> None:  # noqa: FBT001 (drawn)
    found = scales.ticks(most, scales.round_step(most, steps, whole=whole))
    assert found[0] == 0
    assert found[-1] >= most * (1 - 1e-9)
    assert len(found) <= steps + 1
    assert found[-2] < most


@given(st.integers(1, 60), st.floats(0, 1), st.floats(0, 1))
def test_columns_stand_in_their_own_part_and_stack_without_a_seam(
    count: int, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    ground = FRAME.above + FRAME.height
    for place in range(count):
        under = scales.column(place, count, 0, low, FRAME)
        upon = scales.column(place, count, low, high, FRAME)
        assert under.y + under.height == pytest.approx(ground)
        assert upon.y + upon.height == pytest.approx(under.y)
        assert under.height + upon.height == pytest.approx(FRAME.height * high, abs=0.11)
        assert (
            100 * place / count < under.x < under.middle < under.x + under.width < 100 * (place + 1) / count
        )


@given(VALUES)
def test_a_line_passes_each_number_and_is_lifted_over_a_gap(values: list[float | None]) -> None:
    path, known = scales.line(values, 1000, FRAME), [value for value in values if value is not None]
    points = re.findall(r"[ML]([\d.e-]+) ([\d.e-]+)", path)
    assert len(points) == len(known)
    runs = sum(
        1
        for number, value in enumerate(values)
        if value is not None and (number == 0 or values[number - 1] is None)
    )
    assert path.count("M") == runs
    assert [dot for dot in scales.dots(values, 1000, FRAME) if dot] == [
        (pytest.approx(float(x), abs=0.01), pytest.approx(float(y), abs=0.11)) for x, y in points
    ]


def test_a_staircase_lies_level_over_each_part() -> None:
    assert scales.staircase([1, None, 2], 2, FRAME) == "M0 95L33.34 95M66.66 20L100 20"


@given(st.integers(1, 200), st.integers(2, 20))
def test_of_many_labels_those_that_fit_are_written_and_the_last_always(count: int, most: int) -> None:
    shown = scales.shown_labels(count, most)
    assert count - 1 in shown
    assert len(shown) <= max(most, 2)
    assert shown <= set(range(count))


def test_nothing_to_draw_is_nothing() -> None:
    assert scales.line([], 1, FRAME) == scales.staircase([], 1, FRAME) == ""
