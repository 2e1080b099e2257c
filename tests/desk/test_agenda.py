"""The agenda of a day, a week and four weeks: everything that takes time, in its place, on a phone and on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.booking import proposals
from consult.booking.models import Booking, BookingState
from consult.people.models import Absence, Advisor, WorkingHours
from tests.desk.conftest import NOW
from tests.support import group_rows

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor

TOMORROW = NOW + timedelta(days=1)


def entries(page: Page) -> list[str]:
    return [item.text for item in page.tree.all("li") if "entry" in item.get("class").split()]


def test_a_week_shows_all_that_takes_time_and_where_it_stands(office: Office, rik: Visitor) -> None:
    talk = office.planned(TOMORROW, name="Joke Jansen")
    office.planned(TOMORROW + timedelta(hours=1), name="Piet", email="piet@gemeente.example")
    office.planned(TOMORROW, of="sam", name="Van Sam", email="sam@gemeente.example")
    with office.transaction() as session:
        first, second = session.scalars(select(Booking).order_by(Booking.id).limit(2)).all()
        second.state = BookingState.PENDING
        wanted = TOMORROW + timedelta(hours=3)
        proposals.propose(session, first, wanted, comment=None, settings=office.settings, now=NOW)
        own = session.get_one(Advisor, office.advisor_id(session, "rik"))
        starts_at, ends_at = NOW + timedelta(days=2), NOW + timedelta(days=3)
        session.add(Absence(advisor_id=own.id, starts_at=starts_at, ends_at=ends_at))
    page = rik.open("/werkplek/agenda")
    assert page.heading == "Uw agenda"
    shown = entries(page)
    assert "Joke Jansen" in shown[0]
    assert "Wacht op akkoord" in shown[1]
    assert "Voorstel voor dit moment" in shown[2]
    assert "Van Sam" not in page.text
    assert "Afwezig vanaf 11.00 uur" in page.text
    assert "09.00–17.00" in page.text
    sheet = next(li for li in page.tree.all("li") if "Joke Jansen" in li.text and li.has("class"))
    # Eleven o'clock on a sheet that begins at eight; half an hour.
    assert {"s12", "d2", "talk"} <= set(sheet.get("class").split())
    assert f"/werkplek/afspraken/{talk}" in page.body


def test_a_day_and_four_weeks_and_the_way_between_them(office: Office, rik: Visitor) -> None:
    office.planned(TOMORROW, name="Morgen")
    office.planned(NOW + timedelta(days=20), name="Later", email="later@gemeente.example")
    week = rik.open("/werkplek/agenda?dag=2026-11-18")
    assert "Week 47, 16 nov – 22 nov 2026" in week.text
    day = week.follow("Donderdag 19 november")
    assert day.address.endswith("weergave=dag&dag=2026-11-19")
    assert len(entries(day)) == 1
    empty = day.follow("Volgende")
    assert "Er staat niets in deze agenda." in empty.text
    listed = empty.follow("Lijst")
    assert "Morgen" in listed.text
    assert "Later" in listed.text
    assert "Morgen" not in listed.follow("Volgende").text
    assert "16 nov – 13 dec 2026" in listed.follow("Naar vandaag").text
    for odd in ("weergave=jaar", "dag=onzin", "dag=0001-01-01", "dag=9999-12-31", "van=niemand"):
        rik.open(f"/werkplek/agenda?{odd}")


def test_a_colleagues_agenda_can_be_looked_at(office: Office, rik: Visitor) -> None:
    office.planned(TOMORROW, of="sam", name="Van Sam")
    page = rik.open("/werkplek/agenda").form("Toon deze agenda").choose("Sam Bos").submit()
    assert page.heading == "Agenda van Sam Bos"
    assert "Van Sam" in entries(page)[0]
    assert "van=sam" in page.link("Volgende")
    assert office.enter("anna").open("/werkplek/agenda").heading == "Agenda van Mirte Smit"


def test_a_group_session_and_a_free_weekend(office: Office, rik: Visitor) -> None:
    with office.transaction() as session:
        own = session.get_one(Advisor, office.advisor_id(session, "rik"))
        group_rows.plan(session, office.settings, (own,))
        session.query(WorkingHours).filter(WorkingHours.weekday >= 5).delete()
        own.schedule_version += 1
    page = rik.open(f"/werkplek/agenda?dag={group_rows.STARTS:%Y-%m-%d}")
    assert "0 van 2 plaatsen bezet" in entries(page)[0]
    assert "Zaterdag" not in page.text
