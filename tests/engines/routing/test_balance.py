from __future__ import annotations

import random
from collections import Counter, defaultdict, deque
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.routing import (
    WINDOW,
    Absence,
    Advisor,
    Roster,
    Traffic,
    decide,
    fair_shares,
    with_fair_shares,
)
from consult.timespan import Span
from tests.engines.routing.cases import DAY, MIRTE, NOW, RIK, SANNE, advisor, advisors, question, roster


def traffic(*counts: int) -> list[Traffic]:
    """Questions per day, the first count for the day that begins at NOW."""
    return [
        Traffic(Span(NOW + place * DAY, NOW + (place + 1) * DAY), count) for place, count in enumerate(counts)
    ]


SHARES = [
    ("Two full advisors share equally.", {}, {}, (10, 10), {RIK: 10_000, MIRTE: 10_000}),
    ("Half the weight is half the share.", {"weight": 50}, {}, (15, 15), {RIK: 10_000, MIRTE: 20_000}),
    (
        "Who was away the busy day has no part in it.",
        {"absences": (Absence(NOW, NOW + DAY),)},
        {},
        (30, 10),
        {RIK: 5_000, MIRTE: 35_000},
    ),
    (
        "Half a day away is half a part.",
        {"absences": (Absence(NOW, NOW + DAY / 2),)},
        {},
        (15,),
        {RIK: 5_000, MIRTE: 10_000},
    ),
    (
        "Absences that overlap count once.",
        {"absences": (Absence(NOW, NOW + DAY), Absence(NOW + DAY / 2, NOW + DAY))},
        {},
        (10, 10),
        {RIK: 5_000, MIRTE: 15_000},
    ),
    (
        "A newcomer has a part from the first day, not before.",
        {"joined_at": NOW + DAY},
        {},
        (10, 10),
        {RIK: 5_000, MIRTE: 15_000},
    ),
    ("Who left has no part after that.", {"left_at": NOW + DAY}, {}, (10, 10), {RIK: 5_000, MIRTE: 15_000}),
    (
        "An absence without an end goes on.",
        {"absences": (Absence(NOW + DAY),)},
        {},
        (10, 10, 10),
        {RIK: 5_000, MIRTE: 25_000},
    ),
    (
        "What came while nobody was there is nobody's part.",
        {"absences": (Absence(NOW, NOW + DAY),)},
        {"absences": (Absence(NOW, NOW + DAY),)},
        (10, 10),
        {RIK: 5_000, MIRTE: 5_000},
    ),
    ("Without traffic nobody has a part.", {}, {"joined_at": NOW}, (), {RIK: 0, MIRTE: 0}),
]


@pytest.mark.parametrize(
    ("sentence", "rik", "mirte", "counts", "shares"), SHARES, ids=[row[0] for row in SHARES]
)
def test_a_fair_share(
    sentence: str,
    rik: dict[str, object],
    mirte: dict[str, object],
    counts: tuple[int, ...],
    shares: dict[int, int],
) -> None:
    people = (advisor(RIK, **rik), advisor(MIRTE, **mirte))
    assert fair_shares(people, traffic(*counts)) == shares, sentence
    assert fair_shares(people[::-1], traffic(*counts)[::-1]) == shares


@given(
    st.tuples(*(advisors(each) for each in (RIK, MIRTE, SANNE))),
    st.lists(st.tuples(st.integers(-3, 2), st.integers(0, 9)), unique_by=lambda each: each[0], max_size=5),
)
def test_a_fair_share_is_what_counting_hour_by_hour_gives(
    people: tuple[Advisor, ...], days: list[tuple[int, int]]
) -> None:
    expected = dict.fromkeys((each.id for each in people), 0.0)
    for day, count in days:
        hours = {
            each.id: sum(not each.absent(NOW + day * DAY + timedelta(hours=hour)) for hour in range(24))
            for each in people
        }
        present = sum(each.weight * hours[each.id] for each in people)
        for each in people:
            expected[each.id] += count * each.weight * hours[each.id] / present if present else 0
    buckets = [Traffic(Span(NOW + day * DAY, NOW + (day + 1) * DAY), count) for day, count in days]
    shares = fair_shares(people, buckets)
    assert shares.keys() == expected.keys()
    for advisor_id, share in shares.items():
        assert share == pytest.approx(1000 * expected[advisor_id], abs=1)


TURNS = [
    (
        "Who had least of their part",
        {"assigned_count": 9, "fair_share": 10_000},
        {"assigned_count": 5, "fair_share": 5_000},
    ),
    (
        "Who had fewest, at equal shares",
        {"assigned_count": 5, "fair_share": 5_000},
        {"assigned_count": 9, "fair_share": 9_000},
    ),
    (
        "Who had fewest by weight, while no share is known",
        {"assigned_count": 5},
        {"assigned_count": 3, "weight": 50},
    ),
    ("Who waited longest, at equal counts", {"last_assigned_at": NOW - DAY}, {"last_assigned_at": NOW}),
    ("Who never had one, at equal counts", {}, {"last_assigned_at": NOW - 99 * DAY}),
    ("Who has a weight, before who has none", {"assigned_count": 99}, {"weight": 0}),
]


@pytest.mark.parametrize(("sentence", "first", "second"), TURNS, ids=[row[0] for row in TURNS])
def test_whose_turn_it_is(sentence: str, first: dict[str, object], second: dict[str, object]) -> None:
    house = Roster(advisors=(advisor(RIK, **second), advisor(MIRTE, **first)))
    assert sorted(house.rank, key=house.rank.__getitem__) == [MIRTE, RIK], sentence


def test_the_lowest_id_is_first_when_all_else_is_equal() -> None:
    assert Roster(advisors=(advisor(MIRTE), advisor(RIK))).rank == {RIK: 0, MIRTE: 1}


class Practice:
    """Hands out questions as the product does: counts over the rolling window, traffic per day."""

    def __init__(self, people: tuple[Advisor, ...]) -> None:
        self.people = people
        self.given: deque[tuple[datetime, int]] = deque()
        self.counts: Counter[int] = Counter()
        self.days: dict[datetime, Traffic] = {}
        self.total: Counter[int] = Counter()
        self.target: defaultdict[int, float] = defaultdict(float)

    def ask(self, at: datetime) -> int:
        while self.given and self.given[0][0] <= at - WINDOW:
            then, who = self.given.popleft()
            self.counts[who] -= 1
            self._count(then, -1, then)
        here = tuple(each for each in self.people if each.joined_at is None or each.joined_at <= at)
        counted = (replace(each, assigned_count=self.counts[each.id]) for each in here)
        people = with_fair_shares(counted, self.days.values())
        winner = decide(question(at=at), Roster(advisors=people)).advisor_id
        assert winner is not None
        self.given.append((at, winner))
        self.counts[winner] += 1
        self.total[winner] += 1
        self._count(at, 1, at + timedelta(minutes=1))
        present = [each for each in here if not each.absent(at)]
        for each in present:
            self.target[each.id] += each.weight / sum(one.weight for one in present)
        return winner

    def _count(self, at: datetime, change: int, upto: datetime) -> None:
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        known = self.days.pop(day, Traffic(Span(day, upto), 0))
        count = known.questions + change
        if count:
            self.days[day] = Traffic(Span(day, max(known.span.end, upto)), count)


def test_shares_of_ten_thousand_questions_stay_within_two_percent_after_absences_and_newcomers() -> None:
    chance = random.Random(412)  # noqa: S311 - repeatable questions, not secrets
    start = NOW - 200 * DAY
    people = tuple(
        advisor(
            number,
            joined_at=start + 60 * DAY if number in {3, 9} else start - 300 * DAY,
            absences=(Absence(start + 20 * number * DAY / 2, start + (10 * number + 8 + 2 * number) * DAY),)
            if number % 2
            else (),
        )
        for number in range(1, 11)
    )
    practice = Practice(people)
    # Two busy months among four quiet ones: an absence in a busy month must not be made up for afterwards.
    moments = sorted(
        start + DAY * (chance.uniform(40, 80) if chance.random() < 0.5 else chance.uniform(0, 180))
        for _ in range(10_000)
    )
    for at in moments:
        practice.ask(at)
    assert sum(practice.total.values()) == 10_000
    for person in people:
        got, fair = practice.total[person.id], practice.target[person.id]
        assert abs(got - fair) <= 0.02 * fair, (person.id, got, fair)


@pytest.mark.parametrize("arrival", ["joins", "comes back"])
def test_who_joins_or_comes_back_is_not_flooded(arrival: str) -> None:
    back = NOW + 40 * DAY
    changes = {"joined_at": back} if arrival == "joins" else {"absences": (Absence(NOW + 5 * DAY, back),)}
    people = (*(advisor(each) for each in (2, 3, 4, 5)), advisor(RIK, **changes))
    practice = Practice(people)
    for hour in range(24 * 45):
        practice.ask(NOW + timedelta(hours=hour))
    first_days = [who for at, who in practice.given if at >= back]
    for day in range(5):
        count = Counter(first_days[24 * day : 24 * (day + 1)])[RIK]
        assert 3 <= count <= 7, (day, count)  # a fifth of 24 is 4.8


def test_assigning_counts_at_once() -> None:
    house = roster(advisor(RIK, open_count=2), advisor(MIRTE), advisor(SANNE, assigned_count=4))
    after = house.with_assignment(RIK, NOW)
    rik = after.by_id[RIK]
    assert (rik.assigned_count, rik.open_count, rik.last_assigned_at) == (1, 3, NOW)
    assert decide(question(), house).advisor_id == RIK
    assert decide(question(), after).advisor_id == MIRTE
