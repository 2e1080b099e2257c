"""An advisor asks for more rest, more notice or fewer talks; visitors see it at once, and what is offered is booked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from consult.availability import Days
from consult.booking import services as booking
from consult.booking.models import MeetingType
from consult.booking.offering import Wish, able, hosts_for, offer
from consult.people.models import Advisor, OwnRules
from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from tests.desk.conftest import Office
    from tests.support.pages import Form, Page, Visitor

ZONE = ZoneInfo("Europe/Amsterdam")
THURSDAY = date(2026, 11, 19)
TEN = NOW + timedelta(days=1)  # 11.00 in Amsterdam


def form(visitor: Visitor) -> Form:
    return visitor.open("/werkplek/werktijden").form("Bewaar")


def shown(page: Page) -> str:
    box = page.tree.first("section", id="voorbeeld")
    return box.text if box else page.text


def free(office: Office, on: date = THURSDAY) -> list[str]:
    """What a visitor is offered with Rik on a day; each of them can be booked, and nothing else of that day can."""
    with office.transaction() as session:
        kind = booking.meeting_type_by_slug(session, "sparren")
        assert kind is not None
        wish = Wish(kind, (office.advisor_id(session, "rik"),))
        found = [slot.start for slot in offer(session, wish, on, on, now=NOW)]
        hosts = hosts_for(session, wish, Days(on, on, ZONE), now=NOW)
        quarters = (at_eight(on) + timedelta(minutes=15 * number) for number in range(40))
        assert [each for each in quarters if able(hosts, wish, each, now=NOW)] == found
        return [f"{each.astimezone(ZONE):%H:%M}" for each in found]


def at_eight(on: date) -> datetime:
    return NOW.astimezone(ZONE).replace(year=on.year, month=on.month, day=on.day, hour=8)


@pytest.mark.both_databases
def test_own_rest_lies_around_talks_that_stand_too(office: Office, rik: Visitor) -> None:
    office.planned(TEN)
    before = free(office)
    assert "10:15" in before
    assert "11:45" in before
    draft = form(rik).fill({"Rust voor een gesprek, in minuten": "30"})
    draft.fill({"Rust na een gesprek, in minuten": "60"}).submit("Toon voorbeeld")
    assert free(office) == before
    draft.submit()
    after = free(office)
    assert set(after) < set(before)
    # The talk is from 11.00 to 11.30: an hour of rest and half an hour before the next, and the same on the other side.
    assert [each for each in after if "09:00" < each < "14:00"] == ["13:00", "13:15", "13:30", "13:45"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("Hoogstens per dag", "1", "a day with a talk is full"),
        ("Hoogstens per week", "1", "so is its week"),
        ("Uiterlijk vooraf, in uren werktijd", "40", "tomorrow is too soon"),
    ],
)
def test_limits_and_notice_hold_at_once(
    office: Office, rik: Visitor, field: str, value: str, told: str
) -> None:
    office.planned(TEN)
    assert free(office), told
    form(rik).fill({field: value}).submit()
    assert free(office) == [], told
    assert form(rik).value(field) == value
    form(rik).fill({field: ""}).submit()
    assert free(office), told
    with office.transaction() as session:
        assert session.scalars(select(OwnRules)).all() == []


def test_a_horizon_ends_the_offer_and_looser_than_the_kind_changes_nothing(
    office: Office, rik: Visitor
) -> None:
    page = form(rik).fill({"Hoogstens vooruit, in dagen": "7", "Hoogstens per dag": "9"}).submit()
    assert free(office, NOW.date() + timedelta(days=7))
    assert free(office, NOW.date() + timedelta(days=8)) == []
    rules = next(table for table in page.tree.all("table") if "Per dag" in table.text)
    assert [cell.text for cell in rules.all("td")][-3:] == ["7", "4", "12"]


def test_a_contradiction_is_told_when_it_is_kept_and_while_it_is_typed(office: Office, rik: Visitor) -> None:
    with office.transaction() as session:
        session.execute(update(MeetingType).values(horizon_days=3))
    typed = form(rik).fill({"Uiterlijk vooraf, in uren werktijd": "100"})
    told = "U vraagt 100 uur werktijd vooraf, maar binnen de termijn is er maar 32 uur."
    assert told in part(rik, typed)
    assert told in typed.submit().text
    wrong = form(rik).fill({"Hoogstens per dag": "5", "Hoogstens per week": "3"}).submit(status=422)
    assert "Dit is meer dan u per week wilt." in wrong.errors.values()
    odd = form(rik).fill({"Rust na een gesprek, in minuten": "veel"}).submit(status=422)
    assert "Vul een getal in van 0 tot 240." in odd.errors.values()


def part(visitor: Visitor, typed: Form, status: int = 200) -> str:
    """What the script puts on the page while somebody types."""
    answer = visitor.client.post("/werkplek/werktijden/voorbeeld", data=dict(typed.values))
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_the_part_of_the_page_is_what_the_button_shows_and_keeps_nothing(
    office: Office, rik: Visitor
) -> None:
    typed = form(rik).fill({"uren-days-3-start": "13:00", "Hoogstens vooruit, in dagen": "2"})
    with office.transaction() as session:
        version = session.scalars(select(Advisor.schedule_version).where(Advisor.slug == "rik")).one()
    live = part(rik, typed)
    assert "13.00 – 16.30" in live
    assert "<html" not in live
    assert "13.00 – 16.30" in shown(typed.submit("Toon voorbeeld"))
    with office.transaction() as session:
        assert session.scalars(select(Advisor.schedule_version).where(Advisor.slug == "rik")).one() == version
    assert "De tijden kloppen nog niet." in part(rik, typed.fill({"uren-days-3-end": "nooit"}), 422)
    del typed.values["uren-csrf_token"]
    part(rik, typed, 422)
