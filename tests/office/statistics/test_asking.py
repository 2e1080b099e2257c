"""What an address may ask for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.office.statistics.asking import AGAINST, WEEKS, Asked, NotAsked, asked_in, usual_weeks
from consult.statistics.figures import Cut, CutKind, Period

TODAY = date(2026, 11, 18)
CUTS = st.one_of(
    st.just(Cut()),
    st.builds(
        Cut,
        st.sampled_from([CutKind.TOPIC, CutKind.PAGE, CutKind.ORGANISATION]),
        st.integers(1, 2**31 - 1),
    ),
    st.builds(Cut, st.just(CutKind.PROVINCE), st.sampled_from(["Utrecht", "Noord-Holland", "Fryslân"])),
)


@given(st.builds(Asked, st.sampled_from(WEEKS), st.sampled_from(AGAINST), CUTS))
def test_an_address_says_again_what_was_asked(asked: Asked) -> None:
    assert asked_in({name: str(value) for name, value in asked.arguments().items()}) == asked


@pytest.mark.parametrize(
    ("first", "weeks"),
    [
        pytest.param(None, 13, id="nothing was asked ever"),
        pytest.param(date(2026, 8, 16), 13, id="a question in the quarter before"),
        pytest.param(date(2026, 8, 17), 4, id="none before this quarter"),
    ],
)
def test_a_young_house_holds_four_weeks_against_four(first: date | None, weeks: int) -> None:
    usual = usual_weeks(first, TODAY)
    assert usual == weeks
    assert asked_in({}, usual).weeks == weeks
    # A quarter that is asked for in a young house is kept in every link.
    chosen = asked_in({"weken": "13"}, usual)
    assert asked_in({name: str(value) for name, value in chosen.arguments().items()}, usual) == chosen


def test_without_a_wish_the_last_quarter_is_held_against_the_one_before() -> None:
    asked = asked_in({"weken": "", "naast": "", "van": ""})
    assert asked == Asked()
    assert asked.period(TODAY) == Period(date(2026, 8, 17), date(2026, 11, 15))
    assert asked.other_period(TODAY) == Period(date(2026, 5, 18), date(2026, 8, 16))
    assert Asked(4, "vorig-jaar").other_period(TODAY) == Period(date(2025, 10, 20), date(2025, 11, 16))
    assert Asked(4, "niets").other_period(TODAY) is None


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({"weken": "5000"}, id="more weeks than are offered"),
        pytest.param({"weken": "dertien"}, id="no number"),
        pytest.param({"naast": "morgen"}, id="an unknown comparison"),
        pytest.param({"van": "thema-"}, id="no topic"),
        pytest.param({"van": "provincie-"}, id="no province"),
        pytest.param({"van": "thema-x"}, id="a topic that is no number"),
        pytest.param({"van": "thema-٣"}, id="a number in other digits"),
        pytest.param({"van": "thema-99999999999999999999"}, id="a number that no row has"),
        pytest.param({"van": "adviseur-1"}, id="a kind that is not offered"),
        pytest.param({"van": "utrecht"}, id="no kind"),
    ],
)
def test_what_is_not_offered_is_not_found(arguments: dict[str, str]) -> None:
    with pytest.raises(NotAsked):
        asked_in(arguments)
