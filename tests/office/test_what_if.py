"""“Wat als iemand weg is?”: what it hits, who gets it, how full the others are, by hand; nothing is stored."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from consult.activity.models import Activity
from consult.booking.models import Booking
from consult.contact.models import Enquiry
from consult.people.models import Absence, Advisor
from tests.desk.conftest import NOW
from tests.office.test_load import cells
from tests.support import group_rows

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor

ADDRESS = "/beheer/als-iemand-weg-is"


def ask(anna: Visitor, stand_in: str = "", *, first: str = "2026-11-19", last: str = "2026-11-25") -> Page:
    """What if Rik is away; by default from tomorrow for a week."""
    form = anna.open("/beheer/").follow("Wat als iemand weg is?").form("Kijk wat er gebeurt")
    form.choose("Rik de Wit").fill({"Eerste dag": first, "Laatste dag": last})
    if stand_in:
        number = next(o.get("value") for o in form.element.all("option") if o.text == stand_in)
        form.fill({"Wie neemt waar?": number})
    return form.submit()


def stands(office: Office) -> list[object]:
    """Whose everything is, and how much was written down."""
    with office.transaction() as session:
        return [
            sorted(session.execute(select(Enquiry.reference, Enquiry.advisor_id)).all()),
            sorted(session.execute(select(Booking.reference, Booking.advisor_id)).all()),
            session.scalar(select(func.count()).select_from(Activity)),
            session.scalar(select(func.count()).select_from(Absence)),
        ]


@pytest.mark.both_databases
def test_an_absence_is_looked_at_before_it_is_planned(office: Office, anna: Visitor) -> None:
    first = office.asked()
    second = office.asked(email="b@gemeente.example")
    office.asked(of="sam", email="c@gemeente.example")
    talk = office.planned(NOW + timedelta(days=2))
    office.planned(NOW + timedelta(days=10), email="d@gemeente.example")
    before = stands(office)
    page = ask(anna)
    assert "2 vragen moeten naar een ander." in page.text
    assert "Bij 2 daarvan is een antwoord beloofd in deze tijd." in page.text
    assert "1 gesprek moet naar een ander." in page.text
    # Sam has a question already, so Mirte goes first; and then it is even.
    assert cells(page, first)[1] == "Mirte Smit"
    assert cells(page, second)[1] in {"Mirte Smit", "Sam Bos"}
    assert cells(page, talk)[1] in {"Mirte Smit", "Sam Bos"}
    assert cells(page, "Rik de Wit") == ["2", "0", "0,5", "0,0"]
    then = {name: cells(page, name) for name in ("Sam Bos", "Mirte Smit")}
    assert sum(int(row[1]) for row in then.values()) == 3
    assert sum(float(row[3].replace(",", ".")) for row in then.values()) == 0.5
    assert stands(office) == before


def test_who_stands_in_gets_it_all_but_what_is_already_taken(office: Office, anna: Visitor) -> None:
    question = office.asked()
    talk = office.planned(NOW + timedelta(days=2))
    office.planned(NOW + timedelta(days=2), of="sam", email="c@gemeente.example")
    later = office.planned(NOW + timedelta(days=3), email="d@gemeente.example")
    with office.transaction() as session:
        session.get_one(Advisor, office.advisor_id(session, "sam")).capacity = 1
    office.asked(of="sam", email="e@gemeente.example")
    page = ask(anna, "Sam Bos")
    assert cells(page, question)[1] == "Mirte Smit", "Sam has as many as was agreed"
    assert cells(page, talk)[1] == "Mirte Smit", "Sam has a talk then"
    assert cells(page, later)[1] == "Sam Bos"
    with office.transaction() as session:
        session.get_one(Advisor, office.advisor_id(session, "sam")).capacity = None
    assert cells(ask(anna, "Sam Bos"), question)[1:] == ["Sam Bos", "Keuze van de bezoeker"]


def test_what_nobody_can_take_is_said(office: Office, anna: Visitor) -> None:
    moment = NOW + timedelta(days=2)
    talk = office.planned(moment)
    for name in ("sam", "mirte"):
        office.planned(moment, of=name, email=f"{name}@gemeente.example")
    with office.transaction() as session:
        rik = session.get_one(Advisor, office.advisor_id(session, "rik"))
        group_rows.plan(session, office.settings, (rik,), starts_at=NOW + timedelta(days=3), now=NOW)
    page = ask(anna)
    assert cells(page, talk)[1] == "niemand is dan vrij: verzet het"
    assert "1 daarvan kan niemand overnemen." in page.text
    assert "1 bijeenkomst heeft een andere leider nodig." in page.text
    assert (
        "Dit raakt geen enkele vraag en geen enkel gesprek."
        in ask(anna, first="2027-02-01", last="2027-02-05").text
    )


def test_days_that_cannot_be_are_told_at_the_field(office: Office, anna: Visitor) -> None:
    form = anna.open(ADDRESS).form("Kijk wat er gebeurt")
    assert form.submit(status=422).errors == {"wie": "Kies een collega."}
    rows = (
        ("2026-11-20", "2026-11-19", "De laatste dag ligt voor de eerste."),
        ("2026-11-01", "2026-11-05", "Deze dagen zijn al voorbij."),
        ("2026-11-20", "2028-11-19", "Kies een periode van hoogstens een jaar."),
    )
    for first, last, told in rows:
        form = anna.open(ADDRESS).form("Kijk wat er gebeurt").choose("Rik de Wit")
        page = form.fill({"Eerste dag": first, "Laatste dag": last}).submit(status=422)
        assert page.errors == {"tot": told}
    assert anna.client.get(f"{ADDRESS}?wie=999&van=x&tot=y").status_code == 422
