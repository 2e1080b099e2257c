"""Fairness is told against the very share that routing balances on: by weight, and only for who was there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from consult.contact.roster import everybody
from consult.routing.balance import THOUSANDTHS
from consult.statistics.areas import of_area
from consult.statistics.figures import Area, Period
from tests.statistics.house import Question, at, store
from tests.support import rows
from tests.support.rows import NOW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consult.database import DbSession
    from consult.settings import Settings
    from consult.statistics.figures import Value

FORTNIGHT = Period(date(2026, 11, 2), date(2026, 11, 15))


def _given(session: DbSession, days: Iterable[tuple[int, int]]) -> None:
    """A question at noon on each of these days of November, for the advisor with this id."""
    store(
        session,
        [
            Question(
                id=number,
                asked=at(f"2026-11-{day:02} 12:00"),
                promised=at(f"2026-11-{day:02} 17:00"),
                advisor=advisor,
            )
            for number, (day, advisor) in enumerate(days, start=1)
        ],
    )


def _fairness(session: DbSession, settings: Settings) -> dict[str, tuple[Value, ...]]:
    _load, fairness = of_area(session, Area.ADVISORS, FORTNIGHT, settings=settings, now=NOW)
    return {str(row.label): row.values for row in fairness.rows}


def test_who_was_away_or_not_here_yet_had_no_part_in_what_came_then(
    session: DbSession, settings: Settings
) -> None:
    """Mirte is away in the second week; Sam works half and comes on Wednesday the 4th."""
    rows.create_advisor(session, "Rik de Wit")
    mirte = rows.create_advisor(session, "Mirte Smit")
    rows.create_advisor(session, "Sam Bos", weight=50, joined_at=at("2026-11-04 01:00"))
    rows.create_absence(session, mirte, at("2026-11-09 00:00"), at("2026-11-16 00:00"))
    # On Tuesday 4 for two: 2 each. On Thursday 5 for 2½ weights: 2, 2 and 1. In the second week 6 for 1½: 4 and 2.
    _given(session, [*[(3, 1)] * 3, (3, 2), *[(5, 2)] * 5, *[(10, 1)] * 5, (10, 3)])
    assert _fairness(session, settings) == {
        "Mirte Smit": (1.5, 6, 4.0),
        "Rik de Wit": (1.0, 8, 8.0),
        "Sam Bos": (0.33, 1, 3.0),
    }


def test_who_left_counts_up_to_the_last_question_and_who_has_no_part_has_no_ratio(
    session: DbSession, settings: Settings
) -> None:
    """Rik left after the first week; somebody who left before is not named; Sam takes no part in the division."""
    rows.create_advisor(session, "Rik de Wit", active=False)
    rows.create_advisor(session, "Mirte Smit")
    rows.create_advisor(session, "Sam Bos", weight=0)
    rows.create_advisor(session, "Eva Maas", active=False)
    _given(session, [(3, 1), (3, 1), (10, 2), (10, 2), (10, 3)])
    assert _fairness(session, settings) == {
        "Rik de Wit": (2.0, 2, 1.0),
        "Mirte Smit": (0.5, 2, 4.0),
        "Sam Bos": (None, 1, 0.0),
    }


def test_the_fair_share_is_that_of_routing(session: DbSession, settings: Settings) -> None:
    """Over the same questions the roster that decides about the next one has the same shares."""
    for name, weight in (("Rik de Wit", 100), ("Mirte Smit", 60), ("Sam Bos", 80)):
        advisor = rows.create_advisor(session, name, weight=weight)
    rows.create_absence(session, advisor, NOW - timedelta(days=12), NOW - timedelta(days=7))
    _given(session, [(2 + n % 14, 1 + n * n % 3) for n in range(40)])
    shares = {each.id: each.fair_share for each in everybody(session, now=NOW).advisors}
    told = [_fairness(session, settings)[name][2] for name in ("Rik de Wit", "Mirte Smit", "Sam Bos")]
    assert told == [round(shares[each] / THOUSANDTHS, 1) for each in (1, 2, 3)]
