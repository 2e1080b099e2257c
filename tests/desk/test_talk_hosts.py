"""A talk that two advisors hold together, at the desk of the one who does not lead it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.booking.hosts import host_ids
from consult.booking.models import Booking, BookingState, MeetingType, Place
from consult.booking.services import NewBooking, book
from consult.office.load.queries import team_load
from tests.desk.conftest import NOW
from tests.desk.test_today import sections
from tests.support.rows import mark_busy

if TYPE_CHECKING:
    from tests.desk.conftest import Office

HALF = timedelta(minutes=30)
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def reference(office: Office) -> str:
    """Rik and Sam hold a talk tomorrow, and Rik leads."""
    with office.transaction() as session:
        kind = session.scalars(select(MeetingType)).one()
        kind.host_ids = [office.advisor_id(session, name) for name in ("rik", "sam")]
        new = NewBooking(
            form_key="samen",
            meeting_type=kind,
            advisor_ids=tuple(kind.host_ids),
            starts_at=TOMORROW,
            place=Place.VIDEO,
            name="Joke Jansen",
            email="joke@gemeente.example",
        )
        return book(session, new, settings=office.settings, now=NOW).booking.reference


def holders(office: Office, reference: str) -> list[str]:
    with office.transaction() as session:
        talk = session.scalars(select(Booking).where(Booking.reference == reference)).one()
        names = {office.advisor_id(session, name): name for name in ("rik", "sam", "mirte")}
        return [names[each] for each in host_ids(talk)]


def test_who_holds_it_along_has_it_in_every_list_and_may_give_that_place_away(
    office: Office, reference: str
) -> None:
    sam = office.enter("sam")
    assert reference in str(sam.open("/werkplek/afspraken").tree)
    assert "Joke Jansen" in sam.open("/werkplek/agenda?weergave=lijst").text
    with office.transaction() as session:
        booked = {each.name: each.booked for each in team_load(session, now=NOW)}
        assert booked == {"Rik de Wit": HALF, "Sam Bos": HALF, "Mirte Smit": timedelta(0)}
    form = sam.open(f"/werkplek/afspraken/{reference}").form("Draag het gesprek over")
    form.choose("Mirte Smit").fill({"Waarom draagt u over?": "Verlof"}).submit()
    assert holders(office, reference) == ["rik", "mirte"]
    assert "U kunt meelezen." in sam.open(f"/werkplek/afspraken/{reference}").text


def test_an_absence_hits_it_and_the_stand_in_takes_that_place_only(office: Office, reference: str) -> None:
    form = office.enter("sam").open("/werkplek/afwezig").form("Plan de afwezigheid")
    days = {"Eerste dag": "2026-11-19", "Laatste dag": "2026-11-20"}
    page = form.fill(days).choose("Mirte Smit").submit()
    assert "Joke Jansen" in page.text
    page = page.form("Draag alles over aan Mirte").submit()
    assert "Alles is overgedragen." in page.text
    assert holders(office, reference) == ["rik", "mirte"]


def test_a_clash_with_the_calendar_of_one_of_them_is_told_to_that_one(office: Office, reference: str) -> None:
    with office.transaction() as session:
        mark_busy(session, office.advisor_id(session, "sam"), TOMORROW + timedelta(minutes=20))
    (line,) = sections(office.enter("sam").open("/werkplek/"))["Botst met een agenda"]
    assert line.startswith("Joke Jansen")
    assert "Botst met een agenda" not in sections(office.enter("rik").open("/werkplek/"))
    assert reference in str(office.enter("anna").open("/werkplek/").tree), "a coordinator sees every clash"


def test_who_holds_it_along_may_call_it_off(office: Office, reference: str) -> None:
    address = f"/werkplek/afspraken/{reference}"
    office.enter("sam").open(address).form("Ja, zeg de afspraak af").submit()
    with office.transaction() as session:
        talk = session.scalars(select(Booking).where(Booking.reference == reference)).one()
        assert talk.state == BookingState.CANCELLED
