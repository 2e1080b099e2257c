"""An advisor keeps working hours: a week with breaks, dates that differ, and what visitors see of it."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.people import hours
from consult.people.models import WorkingHours
from consult.worktime import Block

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Form, Page, Visitor

MONDAY, TUESDAY, THURSDAY, SATURDAY = 0, 1, 3, 5
OFFICE = (Block(time(9), time(12, 30)), Block(time(13), time(17)))


def week(visitor: Visitor, more: str = "") -> Form:
    return visitor.open(f"/werkplek/werktijden{more}").form("Bewaar")


def day(number: int, *times: str) -> dict[str, str]:
    names = ("start", "end", "pause_start", "pause_end", "extra_start", "extra_end")
    return {f"uren-days-{number}-{name}": each for name, each in zip(names, times, strict=False)}


def stored(office: Office, who: str = "rik") -> tuple[tuple[Block, ...], ...]:
    with office.transaction() as session:
        return hours.weekly_hours(session, office.advisor_id(session, who))


def seen(page: Page) -> str:
    box = page.tree.first("section", id="voorbeeld")
    return box.text if box else ""


def test_a_day_with_a_break_is_copied_shown_and_only_then_kept(office: Office, rik: Visitor) -> None:
    form = week(rik).fill(day(MONDAY, "09:00", "17:00", "12:30", "13:00"))
    form.choose("0").values["uren-onto"] = ["1", "3"]
    copied = form.submit("Neem over")
    assert "Nog niet bewaard." in copied.text
    form = copied.form("Bewaar").fill(day(SATURDAY, "", ""))
    assert form.value("uren-days-1-pause_start") == "12:30"
    form.values["uren-days-3-extra_start"], form.values["uren-days-3-extra_end"] = ["19:00"], ["21:00"]
    draft = form.submit("Toon voorbeeld")
    assert "Nog niet bewaard." in draft.text
    thursday = seen(draft).partition("donderdag 19 november")[2].partition("vrijdag")[0]
    assert "09.00 – 12.00, 13.00 – 16.30, 19.00 – 20.30" in thursday
    assert stored(office)[MONDAY] == (Block(time(9), time(17)),)
    kept = draft.form("Bewaar").submit()
    assert "Uw werktijden zijn bewaard." in kept.text
    found = stored(office)
    assert found[MONDAY] == found[TUESDAY] == OFFICE
    assert found[THURSDAY] == (*OFFICE, Block(time(19), time(21)))
    assert found[SATURDAY] == ()
    # What is kept comes back in the same fields.
    again = week(rik)
    assert again.value("uren-days-3-extra_end") == "21:00"
    again.submit()
    assert stored(office) == found


@pytest.mark.parametrize(
    ("told", "times", "error"),
    [
        ("half a block", ("09:00",), "Vul een tijd in, bijvoorbeeld 09:00."),
        ("no time", ("vroeg", "17:00"), "Vul een tijd in, bijvoorbeeld 09:00."),
        ("backwards", ("17:00", "09:00"), "De eindtijd ligt voor de begintijd."),
        (
            "a break outside the hours",
            ("09:00", "17:00", "17:00", "18:00"),
            "De pauze valt buiten de werktijd.",
        ),
        ("a break without hours", ("", "", "12:00", "13:00"), "De pauze valt buiten de werktijd."),
        (
            "two blocks over each other",
            ("09:00", "17:00", "", "", "16:00", "18:00"),
            "Dit blok valt over het eerste heen.",
        ),
    ],
)
def test_times_that_cannot_be_are_told_at_their_field(
    office: Office, rik: Visitor, told: str, times: tuple[str, ...], error: str
) -> None:
    del told
    page = week(rik).fill(day(MONDAY, *times, *("",) * (6 - len(times)))).submit(status=422)
    assert error in page.text
    assert stored(office)[MONDAY] == (Block(time(9), time(17)),)


def test_until_midnight_and_no_hours_at_all(office: Office, rik: Visitor) -> None:
    week(rik).fill(day(MONDAY, "18:00", "00:00")).submit()
    assert stored(office)[MONDAY] == (Block(time(18), time(0)),)
    form = week(rik)
    for number in range(7):
        form.fill(day(number, "", ""))
    page = form.submit()
    assert "Er zijn geen werktijden. Er wordt nooit een moment aangeboden." in page.text
    assert "De eerste drie weken is er geen moment." in seen(page)
    with office.transaction() as session:
        own = office.advisor_id(session, "rik")
        assert session.scalars(select(WorkingHours).where(WorkingHours.advisor_id == own)).all() == []


def test_dates_that_differ_are_less_other_or_more_and_can_be_taken_back(office: Office, rik: Visitor) -> None:
    def add(on: str, what: str, *times: str) -> Page:
        form = rik.open("/werkplek/werktijden").form("Voeg deze dag toe").choose(what)
        names = ("dag-hours-start", "dag-hours-end")
        return form.fill({"dag-on": on} | dict(zip(names, times, strict=False))).submit()

    assert "donderdag 19 november 2026 : werkt niet" in add("2026-11-19", "Ik werk niet").text
    add("2026-11-20", "Ik werk op andere tijden", "13:00", "15:00")
    page = add("2026-11-21", "Ik werk ook op deze tijden", "19:00", "21:00")
    assert "09.00 – 17.00, 19.00 – 21.00" in page.text
    with office.transaction() as session:
        found = hours.other_days(session, office.advisor_id(session, "rik"), date(2026, 11, 18))
    assert found[date(2026, 11, 19)] == ()
    assert found[date(2026, 11, 20)] == (Block(time(13), time(15)),)
    assert "19 november" not in seen(page)
    page = page.form("Haal donderdag 19 november 2026 weg").submit()
    assert "donderdag 19 november" in seen(page)
    form = page.form("Voeg deze dag toe")
    assert set(form.submit(status=422).errors.values()) == {"Vul een datum in.", "Kies wat er anders is."}
    for on, what, error in (
        ("2026-11-17", "Ik werk niet", "Kies een dag vanaf vandaag."),
        ("2026-11-25", "Ik werk op andere tijden", "Vul de tijden in."),
    ):
        assert error in form.choose(what).fill({"dag-on": on}).submit(status=422).text


def test_a_coordinator_keeps_the_hours_of_a_colleague_and_nobody_else_does(
    office: Office, rik: Visitor
) -> None:
    mirte = office.enter("mirte")
    page = mirte.open("/werkplek/werktijden").form("Toon deze werktijden").choose("Sam Bos").submit()
    assert page.heading == "Werktijden van Sam Bos"
    page.form("Bewaar").fill(day(MONDAY, "10:00", "11:00")).submit()
    assert stored(office, "sam")[MONDAY] == (Block(time(10), time(11)),)
    assert rik.open("/werkplek/werktijden?van=sam").heading == "Uw werktijden"
