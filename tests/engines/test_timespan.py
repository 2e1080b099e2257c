from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.timespan import Span, as_utc, merge, subtract

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOURS = st.integers(0, 30)


def span(first: int, last: int) -> Span:
    return Span(NOON + timedelta(hours=first), NOON + timedelta(hours=last))


spans = st.lists(
    st.tuples(HOURS, st.integers(1, 6)).map(lambda pair: span(pair[0], pair[0] + pair[1])), max_size=8
)


def hours_in(parts: tuple[Span, ...] | list[Span]) -> set[int]:
    return {hour for hour in range(40) if any(NOON + timedelta(hours=hour) in part for part in parts)}


@pytest.mark.parametrize(
    ("sentence", "other", "overlap", "cover"),
    [
        ("a span that only touches at the end shares nothing", (4, 6), False, False),
        ("a span that only touches at the start shares nothing", (0, 2), False, False),
        ("a span inside is covered", (2, 4), True, True),
        ("a span that sticks out overlaps and is not covered", (3, 5), True, False),
        ("a span around it overlaps and is not covered", (1, 5), True, False),
    ],
)
def test_spans_meet_as_half_open_intervals(
    sentence: str, other: tuple[int, int], *, overlap: bool, cover: bool
) -> None:
    assert span(2, 4).overlaps(span(*other)) is overlap, sentence
    assert span(*other).overlaps(span(2, 4)) is overlap, sentence
    assert span(2, 4).covers(span(*other)) is cover, sentence
    assert (span(2, 4).clipped(span(*other)) is not None) is overlap, sentence


def test_the_end_is_not_in_the_span() -> None:
    assert span(0, 1).start in span(0, 1)
    assert span(0, 1).end not in span(0, 1)


def test_a_span_over_a_clock_change_has_its_real_length() -> None:
    night = Span(datetime(2026, 3, 29, 1, tzinfo=AMSTERDAM), datetime(2026, 3, 29, 4, tzinfo=AMSTERDAM))
    assert night.length == timedelta(hours=2)
    assert night.start.tzinfo is UTC


def test_the_repeated_hour_is_no_empty_span() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM)
    assert Span(first, first.replace(fold=1)).length == timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "end"),
    [(NOON, NOON), (NOON, NOON - timedelta(hours=1)), (NOON.replace(tzinfo=None), NOON)],
    ids=["empty", "backwards", "naive"],
)
def test_a_span_that_is_none_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match=r"span|zone"):
        Span(start, end)


def test_an_instant_over_the_edge_of_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="9999"):
        as_utc(datetime.max.replace(tzinfo=ZoneInfo("America/New_York")))


@given(spans)
def test_merging_keeps_every_instant_in_ordered_spans_that_do_not_touch(parts: list[Span]) -> None:
    merged = merge(parts)
    assert hours_in(merged) == hours_in(parts)
    assert all(earlier.end < later.start for earlier, later in pairwise(merged))


@given(spans, spans)
def test_subtracting_leaves_what_is_in_the_first_and_not_in_the_second(
    parts: list[Span], cuts: list[Span]
) -> None:
    left = subtract(parts, cuts)
    assert hours_in(left) == hours_in(parts) - hours_in(cuts)
    assert left == merge(left)
