"""A coordinator plans a group session at the desk, changes it, fills it, moves it and calls it off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult import clock
from consult.booking.groups.models import GroupSession, Seat
from consult.outbox.models import OutgoingMail
from consult.people.models import Advisor
from tests.desk.test_today import sections
from tests.support import group_rows
from tests.support.group_rows import STARTS
from tests.support.rows import mark_busy

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Form, Page, Visitor

LIST = "/werkplek/bijeenkomsten"
PAGE = f"{LIST}/wijkgesprek"
WHEN = {"Dag": "2026-12-03", "Van": "10:00", "Tot": "12:00"}


@pytest.fixture
def anna(office: Office) -> Visitor:
    """Anna coordinates, and advises nobody."""
    return office.enter("anna")


@pytest.fixture
def planned(office: Office) -> None:
    """Rik hosts a session of two seats; Ans and Bas come, Cas waits."""
    with office.transaction() as session:
        rik = session.get_one(Advisor, office.advisor_id(session, "rik"))
        group = group_rows.plan(session, office.settings, (rik,))
        for who in ("Ans", "Bas", "Cas"):
            group_rows.seat(session, office.settings, group, who)


def events(office: Office, event: str) -> list[str]:
    with office.transaction() as session:
        query = select(OutgoingMail.recipient).where(OutgoingMail.event == event).order_by(OutgoingMail.id)
        return list(session.scalars(query))


def states(office: Office) -> dict[str, str]:
    with office.transaction() as session:
        return {name.split()[0]: state for name, state in session.execute(select(Seat.name, Seat.state))}


def plan_form(anna: Visitor) -> Form:
    form = anna.open(LIST).follow("Plan een bijeenkomst").form("Plan de bijeenkomst")
    return form.fill(WHEN | {"Titel": "Wijkgesprek in de winter", "Aantal plaatsen": "12"}).choose("online")


def test_a_clash_with_the_calendar_of_the_host_stands_at_the_desk_of_that_host(
    office: Office, planned: None
) -> None:
    with office.transaction() as session:
        mark_busy(session, office.advisor_id(session, "rik"), STARTS + timedelta(minutes=30))
    page = office.enter("rik").open("/werkplek/")
    (line,) = sections(page)["Botst met een agenda"]
    assert line.startswith("Kennissessie: het wijkgesprek Bijeenkomst")
    (link,) = [each for each in page.tree.all("a") if each.text == line]
    assert link.get("href") == PAGE
    assert "Botst met een agenda" not in sections(office.enter("sam").open("/werkplek/"))


def test_a_session_is_planned_with_its_hosts_and_a_hand_out(office: Office, anna: Visitor) -> None:
    empty = anna.open(f"{LIST}/plannen/nieuw").form("Plan de bijeenkomst").submit(status=422)
    assert {"Vul een datum in.", "Kies wie de bijeenkomst houdt.", "Vul een titel in."} <= set(
        empty.errors.values()
    )
    office.planned(STARTS + timedelta(hours=1), of="sam")
    form = plan_form(anna).choose("Rik de Wit", "Sam Bos", "polarisatie-in-de-wijk.pdf")
    form.fill({"Naam van de hand-out": "Polarisatie in de wijk"})
    assert "Sam Bos kan dan niet." in form.submit(status=422).errors.values()
    form.untick("Sam Bos")
    page = form.submit()
    assert page.address == f"{LIST}/wijkgesprek-in-de-winter"
    assert "0 van 12 plaatsen bezet" in page.text
    assert "na afloop" in page.text
    assert events(office, "seat-host") == ["rik@example.nl"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"Tot": "09:00"}, "De eindtijd ligt voor de begintijd."),
        ({"Aantal plaatsen": "0"}, "Vul een getal van 1 tot 1000 in."),
        ({"Aantal plaatsen": "veel"}, "Vul een getal van 1 tot 1000 in."),
        ({"Plaatsen op de wachtlijst": "-1"}, "Vul een getal van 0 tot 1000 in."),
        ({"Link naar het videogesprek": "http://x.example"}, "Een link begint met https://."),
    ],
)
def test_what_cannot_be_is_told(anna: Visitor, changed: dict[str, str], error: str) -> None:
    page = plan_form(anna).choose("Rik de Wit").fill(changed).submit(status=422)
    assert error in page.errors.values()


@pytest.mark.usefixtures("planned")
def test_moving_and_calling_off_show_the_mail_first(office: Office, anna: Visitor) -> None:
    form = anna.open(PAGE).follow("Verzet de bijeenkomst").form("Verzet de bijeenkomst")
    assert (
        "Dit moment is voorbij." in form.fill(WHEN | {"Dag": "2026-11-17"}).submit(status=422).errors.values()
    )
    form.fill(WHEN | {"Van": "19:00", "Tot": "21:00"})
    assert "Rik de Wit kan dan niet." in form.submit(status=422).errors.values()
    asked = form.choose("Het mag buiten werktijd zijn").submit("Bekijk eerst de mail")
    assert asked.heading == "Deze mail krijgt Ans"
    assert "19.00 – 21.00 uur" in asked.text
    assert events(office, "seat-moved") == []
    moved = asked.form("Ja, verzet de bijeenkomst").submit()
    assert "donderdag 3 december 2026, 19.00 – 21.00 uur" in moved.text
    assert len(events(office, "seat-moved")) == 4
    asked = moved.form("Ja, zeg de bijeenkomst af").fill({"Reden": "Sneeuw."}).submit("Bekijk eerst de mail")
    assert "Sneeuw." in asked.text
    off = asked.form("Ja, zeg de bijeenkomst af").submit()
    assert "Deze bijeenkomst gaat niet door." in off.text
    assert "Verzet de bijeenkomst" not in off.text


@pytest.mark.usefixtures("planned")
def test_other_words_are_the_pages_and_another_place_is_everybodys(office: Office, anna: Visitor) -> None:
    form = anna.open(PAGE).form("Bewaar de bijeenkomst")
    form.fill({"Waar gaat het over?": "Over buren."}).submit()
    assert events(office, "seat-changed") == []
    page = anna.open(PAGE).form("Bewaar de bijeenkomst").choose("op bezoek")
    assert "Vul in waar het is." in page.submit(status=422).errors.values()
    changed = page.fill({"Adres": "Stadhuis, zaal 2"}).submit()
    assert "Stadhuis, zaal 2" in changed.text
    assert events(office, "seat-changed")[0] == "rik@example.nl"
    assert len(events(office, "seat-changed")) == 4
    with office.transaction() as session:
        assert session.scalars(select(GroupSession.sequence)).one() == 1


@pytest.mark.usefixtures("planned")
def test_seats_are_added_removed_and_offered_on(office: Office, anna: Visitor) -> None:
    def add(page: Page, name: str, status: int = 200) -> Page:
        form = page.form("Meld aan").fill({"Naam": name, "E-mailadres": f"{name.lower()}@gemeente.example"})
        return form.submit(status=status)

    page = anna.open(PAGE).form("Meld Ans af").submit()
    assert states(office) == {"Ans": "cancelled", "Bas": "confirmed", "Cas": "offered"}
    page = add(page, "Dirk")
    assert states(office)["Dirk"] == "waiting"
    for name in ("Eva", "Fien"):
        page = add(page, name)
    assert "Alle plaatsen en de wachtlijst zijn vol." in add(page, "Gijs", 422).errors.values()
    page = anna.open(PAGE).form("Bewaar de aantallen").fill({"Aantal plaatsen": "3"}).submit()
    assert states(office)["Dirk"] == "offered"
    assert "Vul een naam in." in page.form("Meld aan").submit(status=422).errors.values()


@pytest.mark.usefixtures("planned")
def test_a_colleague_takes_over_and_a_late_hand_out_still_goes(office: Office, anna: Visitor) -> None:
    office.planned(STARTS + timedelta(hours=1), of="mirte")
    form = anna.open(PAGE).form("Draag de bijeenkomst over")
    assert "Deze collega kan dan niet." in form.choose("Mirte Smit").submit(status=422).errors.values()
    assert "Sam Bos" in form.choose("Sam Bos").submit().text
    clock.start_at(STARTS + timedelta(days=1))
    later = office.enter("anna").open(PAGE)
    assert "Draag de bijeenkomst over" not in later.text
    form = later.form("Bewaar de bijeenkomst").choose("polarisatie-in-de-wijk.pdf")
    page = form.fill({"Naam van de hand-out": "Na afloop"}).submit()
    assert "Na afloop" in page.text


@pytest.mark.usefixtures("planned")
def test_a_host_may_look_and_change_nothing(office: Office, rik: Visitor) -> None:
    page = rik.open(PAGE)
    assert "Ans" in page.text
    assert "Wijzigen" not in page.text
    rik.open(f"{LIST}/plannen/nieuw", status=403)
    for act in ("wijzigen", "aantallen", "afzeggen", "gastheer", "aanmelden", "verzetten"):
        rik.send("post", f"{PAGE}/{act}", [], 403)
    office.enter("anna").open(f"{PAGE}/afmelden/99", status=405)


@pytest.mark.usefixtures("planned")
def test_no_act_works_without_the_token_of_the_session(office: Office, anna: Visitor) -> None:
    before = states(office)
    acts = ("wijzigen", "aantallen", "afzeggen", "gastheer", "aanmelden", "verzetten", "afmelden/1")
    for address in (f"{LIST}/plannen/nieuw", *(f"{PAGE}/{act}" for act in acts)):
        assert anna.client.post(address).status_code in {400, 422}, address
    assert states(office) == before
