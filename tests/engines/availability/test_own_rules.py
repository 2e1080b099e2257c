from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.availability import MeetingRules, OwnRules, minute_of, offer, rested, tightened, who_can
from tests.engines.availability.cases import NOW, host, minutes, rules, talk
from tests.engines.availability.test_offers import MORNING, morning, on, shown

SHORT = st.none() | st.integers(0, 240).map(minutes)
LIMIT = st.none() | st.integers(1, 6)
OWN = st.builds(OwnRules, SHORT, SHORT, SHORT, st.none() | st.integers(1, 30), LIMIT, LIMIT)


@pytest.mark.parametrize(
    ("sentence", "own", "expected"),
    [
        ("rest after", OwnRules(buffer_after=minutes(60)), {"buffer_after": minutes(60)}),
        ("less rest is not his to choose", OwnRules(buffer_after=minutes(0)), {}),
        ("a longer notice", OwnRules(notice=timedelta(hours=8)), {"notice": timedelta(hours=8)}),
        ("a shorter notice changes nothing", OwnRules(notice=timedelta(0)), {}),
        ("a nearer horizon", OwnRules(horizon=14), {"horizon": 14}),
        ("a farther one changes nothing", OwnRules(horizon=90), {}),
        ("fewer a day", OwnRules(per_day=2), {"per_day": 2}),
        ("more a week changes nothing", OwnRules(per_week=30), {}),
    ],
)
def test_of_two_rules_the_stricter_one_holds(
    sentence: str, own: OwnRules, expected: dict[str, object]
) -> None:
    changed = tightened(MeetingRules(), own)
    usual = MeetingRules()
    differs = {
        name: getattr(changed, name)
        for name in MeetingRules.__dataclass_fields__
        if getattr(changed, name) != getattr(usual, name)
    }
    assert differs == expected, sentence


def test_a_talk_of_a_series_lies_beyond_any_horizon() -> None:
    assert tightened(MeetingRules(horizon=500), OwnRules(horizon=14), far=True).horizon == 500
    assert tightened(MeetingRules(per_day=None), OwnRules(per_day=1)).per_day == 1
    with pytest.raises(ValueError, match="four hours"):
        OwnRules(buffer_before=minutes(241))


def test_own_rest_lies_around_a_talk_that_was_booked_before_it() -> None:
    standing = talk("Tue 09:30")
    assert morning(None, standing) == ["09:00", "10:00", "10:30"]
    own = OwnRules(buffer_after=minutes(30))
    strict = host(tightened(rules(), own), week=MORNING)
    rows = rested([standing], own)
    found = offer([host(strict.schedule.rules, *rows, week=MORNING)], on(), NOW)
    assert shown(found) == ["10:30"]


@given(OWN, st.lists(st.integers(0, 5), max_size=3))
def test_own_rules_never_offer_more_and_what_is_offered_can_be_booked(
    own: OwnRules, places: list[int]
) -> None:
    rows = [talk(f"Tue {9 + place // 2:02}:{place % 2 * 30:02}") for place in set(places)]
    loose = host(rules(), *rows, week=MORNING)
    strict = host(tightened(rules(), own), *rested(rows, own), week=MORNING)
    more, fewer = (offer([each], on(), NOW) for each in (loose, strict))
    assert {slot.start for slot in fewer} <= {slot.start for slot in more}
    assert all(who_can([strict], slot.start, NOW) for slot in fewer)
    for slot in fewer:
        for row in rows:
            ends = datetime.fromtimestamp((row.talk_end or row.end) * 60, UTC)
            rest = max(own.buffer_after or minutes(0), own.buffer_before or minutes(0))
            assert slot.start >= ends + rest or minute_of(slot.end + rest) <= (row.counted or row.start)
