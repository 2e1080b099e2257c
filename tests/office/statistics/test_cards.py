"""A figure as it is shown: in a drawing, in words, in a table and in a file, all with the same numbers."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from consult.office.statistics.cards import card_of, headline_of
from consult.office.statistics.compared import Compared
from consult.office.statistics.numbers import cell, written
from consult.office.statistics.saying import change_of
from consult.office.statistics.tables import table_of
from consult.statistics.figures import Row
from tests.office.statistics.made import HIDDEN, figure, weekly

BEFORE = "de weken ervoor"


@pytest.mark.parametrize(
    ("value", "unit", "language", "shown", "in_a_cell"),
    [
        pytest.param(
            1234, "count", "nl", "1.234", "1234", id="thousands are told apart, but not for a program"
        ),
        pytest.param(3.456, "hours", "nl", "3,5\xa0uur", "3,46", id="working hours, with a comma"),
        pytest.param(3.456, "hours", "en", "3.5\xa0hours", "3.46", id="the same in English"),
        pytest.param(1, "days", "nl", "1\xa0dag", "1", id="one day"),
        pytest.param(2.5, "days", "nl", "2,5\xa0dagen", "2,5", id="more days"),
        pytest.param(45.26, "percent", "nl", "45\xa0%", "45,3", id="per cent"),
        pytest.param(1.25, "ratio", "nl", "1,25\xa0×", "1,25", id="a ratio"),
        pytest.param(None, "count", "nl", "–", "", id="nothing to say"),
    ],
)
def test_a_number_reads_as_people_write_it(
    value: float | None, unit: Any, language: str, shown: str, in_a_cell: str
) -> None:
    assert written(value, unit, language) == shown
    assert cell(value, unit, language) == in_a_cell


@pytest.mark.parametrize(
    ("now", "before", "unit", "way", "moved"),
    [
        pytest.param(30, 24, "count", "up", "25\xa0%", id="a quarter more"),
        pytest.param(18, 24, "count", "down", "25\xa0%", id="a quarter less"),
        pytest.param(24, 24, "count", "same", "0\xa0%", id="as many"),
        pytest.param(3, 0, "count", "up", "3", id="more than nothing is no per cent"),
        pytest.param(90, 81, "percent", "up", "9 punten", id="a share moves in points"),
        pytest.param(90, 91, "percent", "down", "1 punt", id="one point"),
        pytest.param(2.0, 3.5, "hours", "down", "1,5\xa0uur", id="time moves in time"),
        pytest.param(
            2.06, 1.74, "hours", "up", "0,4\xa0uur", id="the difference of what is shown: 2,1 and 1,7"
        ),
        pytest.param(None, 3, "count", "", "", id="nothing now"),
        pytest.param(3, None, "count", "", "", id="nothing before"),
    ],
)
def test_a_change_is_told_in_its_own_measure(
    now: float | None, before: float | None, unit: Any, way: str, moved: str
) -> None:
    assert change_of(now, before, unit, "nl") == (way, moved)


def test_the_file_holds_the_cells_of_the_table_and_nothing_that_runs() -> None:
    shown = figure(
        "bars",
        [("=cmd|' /C calc'!A0", 12, 3.5), ("Ede; “groot”", None, None, HIDDEN), ("Súdwest-Fryslân", 0, None)],
        heads=("=Vragen", "Wacht"),
        units=("count", "hours"),
        total=Row("Samen", (1234, 2.25)),
    )
    table = table_of(Compared(shown), "nl")
    assert table.heads == ("Waarvan", "=Vragen", "Wacht (werkuren)")
    assert table.rows[1:] == (
        ("Ede; “groot”", "<\xa05", "<\xa05"),
        ("Súdwest-Fryslân", "0", ""),
        ("Samen", "1234", "2,25"),
    )
    content = table.as_file()
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert read[0] == ["Waarvan", "'=Vragen", "Wacht (werkuren)"]
    assert read[1] == ["'=cmd|' /C calc'!A0", "12", "3,5"]
    assert [tuple(row) for row in read[2:]] == list(table.rows[1:])


def test_weeks_stand_beside_the_weeks_of_the_same_place_and_things_beside_themselves() -> None:
    weeks = table_of(Compared(weekly(5, 6), weekly(7, 8, 9)), "nl")
    assert weeks.heads == ("Week", "Vragen", "Vragen, vergeleken")
    assert weeks.rows == (("week 1", "5", "7"), ("week 2", "6", "8"))
    now, before = (
        figure("bars", rows) for rows in ([("Rik", 5), ("Sam", 6)], [("Sam", 9), ("Mirte", 2), ("Rik", 1)])
    )
    assert table_of(Compared(now, before), "nl").rows == (("Rik", "5", "1"), ("Sam", "6", "9"))


def test_a_chart_tells_its_highest_lowest_and_last_to_who_cannot_see_it() -> None:
    assert card_of(Compared(weekly(5, 9, None, 7)), "nl", BEFORE).description == (
        "Vragen: hoogste 9 (week 2), laagste 5 (week 1), laatste 7."
    )
    things = figure("bars", [("Rik", 5), ("Ede", None, HIDDEN), ("Sam", 1), ("Els", 1)])
    assert card_of(Compared(things), "nl", BEFORE).description == "Bovenaan: Rik 5, Ede <\xa05, Sam 1."


def test_columns_stand_for_their_numbers_and_what_was_before_is_a_line() -> None:
    card = card_of(Compared(weekly(10, 0, 20), weekly(20, 10, None)), "nl", BEFORE)
    assert card.bars is None
    assert card.weeks
    assert [(shape.block.height, shape.says) for shape in card.weeks.shapes] == [
        (75, "week 1: Vragen 10"),
        (150, "week 3: Vragen 20"),
    ]
    assert [label.text for label in card.weeks.numbers] == ["10", "20"]
    assert [tick.text for tick in card.weeks.ticks] == ["0", "10", "20"]
    assert card.weeks.legend == ((1, "Vragen"), (0, BEFORE))
    assert card.weeks.lines[0].path == "M0 22L33.34 22L33.33 97L66.67 97"


def test_parts_of_a_stack_lie_upon_each_other_and_time_reads_on_a_clock() -> None:
    stack = card_of(Compared(figure("stacked", [("week 1", 10, 5), ("week 2", 0, 15)])), "nl", BEFORE).weeks
    assert stack
    tops = [(shape.look, shape.block.y, shape.block.height) for shape in stack.shapes]
    assert tops == [(1, 72, 100), (2, 22, 50), (2, 22, 150)]
    assert [label.text for label in stack.numbers] == ["15", "15"]
    slow = figure("lines", [("week 1", 1.5, 9), ("week 2", None, None)], units=("hours", "hours"))
    lines = card_of(Compared(slow), "nl", BEFORE).weeks
    assert lines
    assert [tick.text for tick in lines.ticks] == ["0", "4", "8", "12"]
    assert [len(line.dots) for line in lines.lines] == [1, 1]


def test_a_hidden_count_looks_like_any_other_hidden_one() -> None:
    card = card_of(
        Compared(figure("columns", [("a", 20), ("b", None, HIDDEN), ("c", None, HIDDEN)])), "nl", ""
    )
    assert card.has_hidden
    assert card.weeks
    hidden = [(shape.block.height, shape.says[3:]) for shape in card.weeks.shapes if shape.hidden]
    assert hidden == [(12, "Vragen <\xa05")] * 2
    bars = card_of(Compared(figure("bars", [("a", 20), ("b", None, HIDDEN)])), "nl", "").bars
    assert bars
    assert [(bar.text, bar.hidden) for thing in bars.things for bar in thing.bars] == [
        ("20", False),
        ("<\xa05", True),
    ]


def test_bars_are_as_long_as_their_numbers_and_a_ratio_is_held_against_one() -> None:
    shown = figure("bars", [("Rik", 2.0), ("Sam", 0.5)], units=("ratio",))
    bars = card_of(Compared(shown), "nl", BEFORE).bars
    assert bars
    assert [thing.bars[0].length for thing in bars.things] == [84, 21]
    assert bars.target == 42


def test_of_very_many_things_the_first_are_drawn_more_are_listed_and_the_file_has_all() -> None:
    many = Compared(figure("bars", [(f"nummer {n}", 40 - n) for n in range(40)]))
    card = card_of(many, "nl", BEFORE)
    assert card.bars
    assert (len(card.bars.things), card.bars.left_out) == (15, 25)
    assert (len(card.table.rows), card.table.left_out) == (25, 15)
    assert len(table_of(many, "nl").rows) == 40


def test_where_nothing_is_to_be_told_nothing_is_drawn() -> None:
    for kind in ("columns", "stacked", "lines", "bars"):
        card = card_of(Compared(figure(kind)), "nl", BEFORE)
        assert (card.weeks, card.bars, card.table.rows) == (None, None, ())
        assert card.description == "Er is niets te tellen in deze periode."
    nought = card_of(Compared(weekly(0, 0)), "nl", BEFORE)
    assert nought.weeks is None


def test_a_big_number_says_where_it_came_from() -> None:
    now, before = weekly(5, 6, total=Row("Samen", (11,))), weekly(4, 4, total=Row("Samen", (8,)))
    tile = headline_of(Compared(now, before), "Vragen", "nl")
    assert (tile.number, tile.way, tile.moved, tile.was) == ("11", "up", "38\xa0%", "8")
    assert tile.line.startswith("M25 ")
    without = headline_of(Compared(now, weekly(0, 0, total=Row("Samen", (0,)))), "Vragen", "nl")
    assert (without.way, without.was) == ("", "")
    alone = headline_of(Compared(now), "Vragen", "nl")
    assert (alone.way, alone.was) == ("", "")
