from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.calendars.models import WrittenMeeting
from consult.calendars.sealing import unseal
from consult.people.calendars import BusyCalendar, CalendarState
from consult.people.models import Advisor, Team
from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Form, Page, Visitor

PAGE = "/werkplek/agendas"
ICS = "Een adres dat uw agenda deelt (Outlook, Google, Apple)"
CALDAV = "CalDAV met naam en wachtwoord (Nextcloud en andere)"


def filled(page: Page, address: str, kind: str = ICS, **more: str) -> Form:
    return page.form("Voeg toe").fill({"Adres van de agenda": address} | more).choose(kind)


def shown_address(page: Page) -> str:
    code = page.tree.first("code")
    assert code
    return code.text


def test_a_feed_address_is_shown_once_and_works_until_it_stops(office: Office, rik: Visitor) -> None:
    office.planned(NOW + timedelta(days=1))
    page = rik.open(PAGE).form("Maak een adres").submit()
    address = shown_address(page)
    assert address.startswith("http://localhost/agenda/")
    path = address.removeprefix("http://localhost")
    assert b"Joke Jansen" in rik.client.get(path).data
    again = rik.open(PAGE)
    assert not again.tree.first("code")
    assert "U heeft een adres sinds" in again.text
    renewed = shown_address(again.form("Maak een nieuw adres").submit())
    assert renewed != address
    assert rik.client.get(path).status_code == 404
    stopped = rik.open(PAGE).form("Stop dit adres").submit()
    assert "Maak een adres" in stopped.text
    assert rik.client.get(renewed.removeprefix("http://localhost")).status_code == 404


def test_a_calendar_is_added_and_removed(office: Office, rik: Visitor) -> None:
    page = filled(rik.open(PAGE), "webcal://agenda.example/x7k2.ics").submit()
    assert "agenda.example" in page.text
    assert "Wordt gelezen" in page.text
    assert "x7k2" not in page.body
    assert "Verwijder deze agenda" not in office.enter("sam").open(PAGE).text
    gone = page.form("Verwijder deze agenda").submit()
    assert "U heeft nog geen agenda toegevoegd." in gone.text


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "Vul het adres van de agenda in."),
        ("http://agenda.example/a.ics", "Het adres moet beginnen met https://."),
        ("agenda.example", "Dit is geen internetadres."),
        ("https://agenda.example:8443/a.ics", "Dit adres gebruikt een poort die hier niet mag."),
        ("https://rik:x@agenda.example/", "Zet geen naam of wachtwoord in het adres zelf."),
    ],
)
def test_an_address_that_cannot_be_is_told_beside_the_field(rik: Visitor, address: str, told: str) -> None:
    form = filled(rik.open(PAGE), address)
    page = form.submit(status=422)
    assert page.errors["agenda-address"].startswith(told)
    assert page.form("Voeg toe").value("Adres van de agenda") == address


def test_a_collection_needs_a_sign_in_that_no_page_shows_again(office: Office, rik: Visitor) -> None:
    address = "https://wolk.example/dav/rik/werk/"
    page = filled(rik.open(PAGE), address, CALDAV).submit(status=422)
    assert set(page.errors) == {"agenda-username", "agenda-password"}
    page = filled(page, address, CALDAV, Gebruikersnaam="rik", Wachtwoord="heel geheim").submit()
    assert "wolk.example" in page.text
    assert "heel geheim" not in page.body
    with office.transaction() as session:
        stored = session.scalars(select(BusyCalendar)).one()
        access = unseal(office.settings, stored.sealed)
        assert (access.username, access.password) == ("rik", "heel geheim")


def fail(office: Office, *, last_ok: timedelta) -> None:
    with office.transaction() as session:
        found = session.scalars(select(BusyCalendar)).one()
        found.state, found.reason = CalendarState.FAILING, "gone"
        found.last_ok_at = NOW - last_ok


def test_a_calendar_that_fails_says_why_and_what_it_means_to_its_owner_and_the_coordinator(
    office: Office, rik: Visitor
) -> None:
    filled(rik.open(PAGE), "https://agenda.example/a.ics").submit()
    fail(office, last_ok=timedelta(hours=2))
    page = rik.open(PAGE)
    assert "Werkt niet" in page.text
    assert "De agenda staat niet meer op dit adres." in page.text
    assert "Daarom bieden wij u nu niet aan." not in page.text
    fail(office, last_ok=timedelta(hours=25))
    assert "Daarom bieden wij u nu niet aan." in rik.open(PAGE).text
    told = office.enter("anna").open(PAGE).text
    assert "Rik de Wit" in told
    assert "Deze collega wordt nu niet aangeboden." in told
    assert "Rik de Wit" not in office.enter("sam").open(PAGE).text


def test_a_calendar_can_be_read_at_once_by_its_owner_only(office: Office, rik: Visitor) -> None:
    page = filled(rik.open(PAGE), "https://agenda.example/a.ics").submit()
    later = NOW + timedelta(hours=1)
    with office.transaction() as session:
        session.scalars(select(BusyCalendar)).one().next_fetch_at = later
    sam = office.enter("sam").open(PAGE)
    token = sam.form("Maak een adres").values["csrf_token"]
    number = page.form("Lees nu opnieuw").values["agenda"]
    for act in ("lezen", "verwijderen"):
        sam.visitor.client.post(f"{PAGE}/{act}", data={"csrf_token": token, "agenda": number})
    with office.transaction() as session:
        assert session.scalars(select(BusyCalendar)).one().next_fetch_at == later
    page.form("Lees nu opnieuw").submit()
    with office.transaction() as session:
        assert session.scalars(select(BusyCalendar)).one().next_fetch_at < later


def test_a_coordinator_without_a_profile_has_no_calendars(office: Office) -> None:
    anna = office.enter("anna")
    page = anna.open(PAGE)
    assert "Alle agenda’s werken." in page.text
    assert not [form for form in page.tree.all("form") if "agendas" in form.get("action")]


def test_talks_are_put_into_a_collection_of_ones_own_and_how_that_goes_is_told(
    office: Office, rik: Visitor
) -> None:
    filled(
        rik.open(PAGE),
        "https://wolk.example/dav/rik/",
        CALDAV,
        Gebruikersnaam="rik",
        Wachtwoord="heel geheim",
    ).submit()
    filled(rik.open(PAGE), "https://agenda.example/a.ics").submit()
    page = rik.open(PAGE)
    assert page.text.count("Zet mijn gesprekken erin") == 1, "a file that is shared cannot be written to"
    written = page.form("Zet mijn gesprekken erin").submit()
    assert "Wij zetten uw gesprekken in deze agenda: 0 staan erin." in written.text
    with office.transaction() as session:
        (number,) = session.scalars(select(BusyCalendar.id).where(BusyCalendar.writes))
        for uid, state, reason in (
            ("1", "written", None),
            ("2", "theirs", None),
            ("3", "failing", "read_only"),
        ):
            session.add(
                WrittenMeeting(
                    calendar_id=number, uid=uid, version="0", ends_at=NOW, state=state, reason=reason
                )
            )
    told = rik.open(PAGE)
    assert "2 staan erin." in told.text
    assert "1 gesprek staat er nog niet in" in told.text
    assert "Wij mogen in deze agenda niet schrijven." in told.text
    assert "Zet mijn gesprekken erin" in told.form("Zet er geen gesprekken meer in").submit().text
    with office.transaction() as session:
        assert session.scalars(select(WrittenMeeting)).all() == []


def test_a_coordinator_makes_and_takes_back_the_address_of_a_team(office: Office, rik: Visitor) -> None:
    office.planned(NOW + timedelta(days=1))
    with office.transaction() as session:
        members = session.scalars(select(Advisor).where(Advisor.slug.in_(["rik", "sam"]))).all()
        session.add(Team(slug="wijken", name="Wijken", members=list(members)))
    for name in ("anna", "mirte"):
        coordinator = office.enter(name)
        page = coordinator.open(PAGE).follow("Agenda’s van teams")
        assert "Rik, Sam" in page.text
        made = page.form("Maak een adres" if name == "anna" else "Maak een nieuw adres").submit()
        path = shown_address(made).removeprefix("http://localhost")
        assert "Rik: gesprek met Joke Jansen" in coordinator.client.get(path).text.replace("\r\n ", "")
        again = coordinator.open(f"{PAGE}/teams")
        assert not again.tree.first("code")
        assert "Dit team heeft een adres sinds" in again.text
    again.form("Stop dit adres").submit()
    assert coordinator.client.get(path).status_code == 404
    token = rik.open(PAGE).form("Maak een adres").values["csrf_token"]
    assert "Agenda’s van teams" not in rik.open(PAGE).text
    assert rik.client.get(f"{PAGE}/teams").status_code == 403
    for act in ("adres", "stop"):
        answer = rik.client.post(f"{PAGE}/teams/{act}", data={"csrf_token": token, "team": 1})
        assert answer.status_code == 403
