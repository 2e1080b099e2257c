"""An advisor plans to be away, sees what that hits, and gives all of it to a colleague in one step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult import clock
from consult.booking.models import Booking
from consult.contact.models import Enquiry
from consult.outbox.models import OutgoingMail
from consult.people.models import Absence
from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Form, Page, Visitor

DAY = timedelta(days=1)


def form(visitor: Visitor, **changed: str) -> Form:
    usual = {"Eerste dag": "2026-11-19", "Laatste dag": "2026-11-20"}
    filled = visitor.open("/werkplek/afwezig").form("Plan de afwezigheid").fill(usual | changed)
    return filled.choose("Sam Bos")


def planned(visitor: Visitor) -> Page:
    return form(visitor).submit()


def test_what_an_absence_hits_goes_to_the_stand_in_in_one_step(office: Office, rik: Visitor) -> None:
    office.asked("Kan dit?", name="Joke")
    talk = office.planned(NOW + DAY, email="a@gemeente.example", name="Piet")
    office.planned(NOW + 9 * DAY, email="b@gemeente.example", name="Na het verlof")
    page = planned(rik)
    assert page.heading == "Rik is afwezig"
    assert all(name in page.text for name in ("Joke", "Piet", "Sam Bos"))
    assert "Na het verlof" not in page.text
    page = page.form("Draag alles over aan Sam").submit()
    assert "Alles is overgedragen." in page.text
    with office.transaction() as session:
        sam, who = office.advisor_id(session, "sam"), office.advisor_id(session, "rik")
        enquiry = session.scalars(select(Enquiry)).one()
        assert (enquiry.advisor_id, enquiry.stand_in_for_id) == (sam, who)
        moved = session.scalars(select(Booking).where(Booking.reference == talk)).one()
        assert moved.advisor_id == sam
        told = session.scalars(select(OutgoingMail.event)).all()
        assert {"enquiry-handed-over", "enquiry-assigned", "booking-handed-over"} <= set(told)


@pytest.mark.both_databases
def test_who_is_back_is_told_what_the_stand_in_took_over(office: Office, rik: Visitor) -> None:
    office.asked("Kan dit?", name="Joke")
    office.planned(NOW + DAY, email="a@gemeente.example", name="Piet")
    later = NOW + DAY + timedelta(hours=2)
    office.planned(later, of="sam", email="b@gemeente.example", name="Van Sam zelf")
    planned(rik)
    with office.transaction() as session:
        number = session.scalars(select(Absence.id)).one()
    rik.open(f"/werkplek/afwezig/{number}").form("Draag alles over aan Sam").submit()
    clock.start_at(NOW + 4 * DAY)
    rik = office.enter("rik")
    page = rik.open("/werkplek/").follow("Bekijk wat Sam van u overnam")
    assert page.heading == "Uw afwezigheid is voorbij"
    assert {"Joke", "Piet"} <= set(page.text.split())
    assert "Van Sam zelf" not in page.text
    assert rik.open("/werkplek/afwezig").link("Bekijk wat Sam van u overnam") == page.address
    for act in ("overdragen", "beeindigen"):
        token = [("csrf_token", rik.open("/werkplek/profiel").form("Uitloggen").values["csrf_token"][0])]
        rik.send("post", f"{page.address}/{act}", token, 404)
    clock.start_at(NOW + 30 * DAY)
    office.enter("rik").open(page.address, status=404)


def test_a_talk_that_the_stand_in_cannot_take_stays_and_is_named(office: Office, rik: Visitor) -> None:
    office.planned(NOW + DAY, email="a@gemeente.example", name="Piet")
    office.planned(NOW + DAY, of="sam", email="b@gemeente.example")
    page = planned(rik).form("Draag alles over aan Sam").submit()
    assert "Deze gesprekken kon Sam niet overnemen." in page.text
    assert "Piet" in page.text


def test_half_days_are_on_the_clock_of_the_office(office: Office, rik: Visitor) -> None:
    form(rik).choose("Vanaf 12.30 uur", "Tot 12.30 uur").submit()
    with office.transaction() as session:
        absence = session.scalars(select(Absence)).one()
        assert (absence.starts_at.isoformat(), absence.ends_at.isoformat()) == (
            "2026-11-19T11:30:00+00:00",
            "2026-11-20T11:30:00+00:00",
        )


def test_an_absence_is_listed_and_ended_early(office: Office, rik: Visitor) -> None:
    planned(rik)
    page = rik.open("/werkplek/afwezig")
    assert "Sam neemt waar" in page.text
    with office.transaction() as session:
        number = session.scalars(select(Absence.id)).one()
    page = rik.open(f"/werkplek/afwezig/{number}").form("Beëindig de afwezigheid").submit()
    assert "Er is geen afwezigheid gepland." in page.text
    with office.transaction() as session:
        assert session.scalars(select(Absence)).all() == []


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"Eerste dag": ""}, "Vul de eerste dag in."),
        ({"Laatste dag": "morgen"}, "Vul de laatste dag in."),
        ({"Laatste dag": "2026-11-18"}, "De laatste dag ligt voor de eerste."),
        ({"Laatste dag": "2028-01-01"}, "Kies een periode van hoogstens een jaar."),
        ({"Eerste dag": "2026-11-10", "Laatste dag": "2026-11-11"}, "Deze dagen zijn al voorbij."),
    ],
    ids=["no first day", "a day that is none", "backwards", "longer than a year", "in the past"],
)
def test_what_does_not_fit_comes_back(
    office: Office, rik: Visitor, changed: dict[str, str], error: str
) -> None:
    page = form(rik, **changed).submit(status=422)
    assert error in page.errors.values()
    with office.transaction() as session:
        assert session.scalars(select(Absence)).all() == []


def test_a_second_absence_in_the_same_days_is_refused(rik: Visitor) -> None:
    planned(rik)
    page = form(rik).submit(status=422)
    assert "Dit overlapt met de afwezigheid vanaf donderdag 19 november." in page.errors.values()


def test_who_is_away_stands_in_for_nobody(office: Office, rik: Visitor) -> None:
    form(office.enter("sam")).choose("Niemand").submit()
    page = form(rik).submit(status=422)
    assert "Deze collega kan dan niet waarnemen. Kies een ander." in page.errors.values()


def test_a_colleagues_absence_is_not_mine_and_a_coordinator_plans_for_all(
    office: Office, rik: Visitor
) -> None:
    mirte = office.enter("mirte")
    page = form(mirte, **{"afwezig-advisor": ""}).choose("Rik de Wit")
    page.values["afwezig-stand_in"] = [""]
    with office.transaction() as session:
        page.values["afwezig-advisor"] = [str(office.advisor_id(session, "sam"))]
    assert page.submit().heading == "Sam is afwezig"
    with office.transaction() as session:
        number = session.scalars(select(Absence.id)).one()
    rik.open(f"/werkplek/afwezig/{number}", status=403)
    for wrong in ("x", "99", "9" * 30):
        rik.open(f"/werkplek/afwezig/{wrong}", status=404)


def test_a_question_that_cannot_wait_is_taken_from_its_own_page(office: Office, rik: Visitor) -> None:
    reference = office.asked(urgent=True, needs="Een gesprek vandaag")
    sam = office.enter("sam")
    second = rik.open(f"/werkplek/vragen/{reference}/haast").form("Pak deze vraag op")
    page = sam.open(f"/werkplek/vragen/{reference}/haast")
    assert "Een gesprek vandaag" in page.text
    assert page.form("Pak deze vraag op").submit().address == f"/werkplek/vragen/{reference}"
    late = second.submit(status=409)
    assert "Deze vraag is van Sam Bos." in late.text
