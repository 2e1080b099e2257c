"""Privacy in the office: what tonight erases, and one person's data looked up, handed over and erased."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select

from consult import clock
from consult.activity.models import Activity
from consult.booking.models import Booking
from consult.contact.models import Enquiry, EnquiryState
from consult.database import db
from consult.privacy import nightly, retention, upcoming
from tests.desk.conftest import NOW, PASSWORD, Office
from tests.desk.test_statements import counted

if TYPE_CHECKING:
    from tests.support.pages import Page, Visitor

HERE, PERSON = "/beheer/privacy", "/beheer/privacy/persoon"
JOKE, NUMBER = "joke@gemeente.example", "06 1234 5678"
YEAR = timedelta(days=365)


def close(office: Office, reference: str, ago: timedelta) -> None:
    with office.transaction() as session:
        enquiry = session.scalars(select(Enquiry).where(Enquiry.reference == reference)).one()
        enquiry.state, enquiry.closed_at = EnquiryState.CLOSED, NOW - ago


def searched(visitor: Visitor, typed: str, *, status: int = 200) -> Page:
    form = visitor.open(PERSON).form("Zoek")
    return form.fill({"E-mailadres of telefoonnummer": typed}).submit(status=status)


def counts(page: Page) -> dict[str, str]:
    rows = [row for row in page.tree.all("tr") if list(row.all("td"))]
    return {next(row.all("th")).text: next(row.all("td")).text for row in rows}


def trail(office: Office) -> list[tuple[str, dict[str, object]]]:
    with office.transaction() as session:
        kept = Activity.subject_kind == "privacy"
        return [
            (row.what, row.data)
            for row in session.scalars(select(Activity).where(kept).order_by(Activity.id))
        ]


@pytest.mark.both_databases
def test_what_is_told_to_go_tonight_is_what_goes_tonight(office: Office, anna: Visitor) -> None:
    old, young, night = office.asked(), office.asked(name="Jan"), office.asked(name="Piet")
    close(office, old, YEAR + timedelta(days=1))
    close(office, young, YEAR - timedelta(days=2))
    # Its year is over between now and two o'clock.
    close(office, night, YEAR - timedelta(hours=6))
    with office.transaction() as session:
        retention.conclude(session, {"spam": 2}, now=NOW - timedelta(hours=9))
    page = anna.open(HERE)
    assert "De ronde is op 19 nov 2026, 02.00." in page.text
    assert "Tegengehouden vragen: 2" in page.text
    linked = [link.text for link in page.tree.all("a") if link.text.startswith("C-")]
    assert linked == sorted([old, night])
    told = {words: int(number) for words, number in counts(page).items() if number != "0"}
    at = NOW + timedelta(hours=15)
    with office.app.app_context():
        gone = nightly.run_round(office.transaction, db.engine, zone="Europe/Amsterdam", now=at)
    assert sum(told.values()) == sum((gone or {}).values()) >= 2
    clock.start_at(at + timedelta(minutes=1))
    assert "Afgeronde vragen: 2" in office.enter("anna").open(HERE).text


def test_every_kind_that_goes_has_a_rule_and_words(office: Office, anna: Visitor) -> None:
    assert {*upcoming.TERM_OF, *upcoming.ALWAYS} == {*retention.KINDS, "answers"}
    reference = office.planned(NOW + timedelta(days=1))
    with office.transaction() as session:
        talk = session.scalars(select(Booking).where(Booking.reference == reference)).one()
        talk.follow_up_on = (NOW + 2 * YEAR).date()
    clock.start_at(NOW + YEAR + timedelta(days=5))
    page = office.enter("anna").open(HERE)
    assert len(counts(page)) == len(retention.KINDS) + 1
    assert "De ronde van vannacht is nog niet gedaan." in page.text
    assert f"{reference} tot en met" in page.text
    for words in ("30 dagen", "12 maanden", "24 maanden", "7 dagen", "1 dag", "tot het verlopen is"):
        assert words in page.text


@pytest.mark.both_databases
def test_somebody_is_looked_up_handed_over_and_erased_without_the_address_in_the_trail(
    office: Office, anna: Visitor
) -> None:
    first = office.asked()
    talk = office.planned(NOW - timedelta(days=3) + timedelta(days=4))
    office.asked(name="Jan", email="jan@gemeente.example")
    page = searched(anna, " JOKE@gemeente.example ")
    assert "?" not in page.address
    found = counts(page)
    assert (found["Vragen"], found["Gesprekken"]) == ("1", "1")
    assert int(found["Mails van ons"]) > 0
    assert "Zeg eerst af wat nog komt" in page.text
    assert page.link(f"gesprek {talk}") == f"/werkplek/afspraken/{talk}"
    assert [b.text for b in page.tree.all("button") if "Wis" in b.text] == []
    copy = page.form("Download de kopie").values
    answer = anna.client.post(f"{PERSON}/kopie", data={name: each[0] for name, each in copy.items()})
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert sorted(packed.namelist()) == [f"agenda/{talk}.ics", "gegevens.json"]
        assert json.loads(packed.read("gegevens.json"))["enquiry"][0]["reference"] == first
    clock.start_at(NOW + timedelta(days=2))
    anna = office.enter("anna")
    erase = searched(anna, JOKE).form("Wis voorgoed").choose("De persoon vroeg erom")
    done = erase.fill({"Typ het adres of nummer over": "Joke@gemeente.example"}).submit()
    assert "De gegevens zijn gewist." in done.text
    assert "Er was niets meer om te wissen." in erase.submit().text
    assert "Wij bewaren niets van deze persoon." in searched(anna, JOKE).text
    codes = [what.removeprefix("privacy.") for what, _data in trail(office)]
    assert codes == ["searched", "exported", "searched", "erased", "searched"]
    assert trail(office)[3][1]["reason"] == "asked"
    assert "joke" not in json.dumps(trail(office)).lower()
    with office.transaction() as session:
        names = select(func.count()).select_from(Enquiry)
        assert session.scalar(names.where(Enquiry.name == "Jan")) == 1
        assert session.scalar(names.where(Enquiry.name == "Joke Jansen")) == 0


def test_a_number_finds_whoever_left_it_and_warns_when_it_is_of_more_people(
    office: Office, anna: Visitor
) -> None:
    office.asked(phone="+31612345678")
    office.asked(name="Jan", email="jan@gemeente.example", phone="+31612345678")
    office.asked(name="Piet", email="piet@gemeente.example")
    page = searched(anna, NUMBER)
    assert counts(page)["Vragen"] == "2"
    assert "jan@gemeente.example, joke@gemeente.example" in page.text
    form = page.form("Wis voorgoed").choose("De persoon maakte bezwaar")
    form.fill({"Typ het adres of nummer over": "+31 6 12345678"}).submit()
    with office.transaction() as session:
        assert session.scalars(select(Enquiry.name).where(Enquiry.email != "")).all() == ["Piet"]


@pytest.mark.parametrize(
    ("told", "typed", "error"),
    [
        ("nothing", "", "Vul een e-mailadres of een telefoonnummer in."),
        ("half an address", "joke@", "Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl."),
        ("half a number", "06 1234", "Dit telefoonnummer klopt niet. Een mobiel nummer heeft 10 cijfers."),
    ],
)
def test_what_cannot_be_looked_up_is_told(anna: Visitor, told: str, typed: str, error: str) -> None:
    assert list(searched(anna, typed, status=422).errors.values()) == [error], told


def test_nothing_is_erased_without_the_address_typed_over_and_a_reason(office: Office, anna: Visitor) -> None:
    office.asked()
    page = searched(anna, JOKE).form("Wis voorgoed").submit(status=422)
    assert list(page.errors.values()) == ["Kies een reden.", "Typ over wat u wilt wissen."]
    form = page.form("Wis voorgoed").choose("De persoon vroeg erom")
    page = form.fill({"Typ het adres of nummer over": "jan@gemeente.example"}).submit(status=422)
    assert list(page.errors.values()) == ["Dit is niet wat erboven staat. Typ het precies over."]
    assert counts(page)["Vragen"] == "1"
    assert [what for what, _ in trail(office)] == ["privacy.searched"]


def test_of_two_who_erase_the_same_person_the_second_hears_that_nothing_was_left(
    office: Office, anna: Visitor
) -> None:
    office.asked()
    mirte = office.enter("mirte")
    forms = [
        searched(each, JOKE).form("Wis voorgoed").choose("De persoon vroeg erom").fill({"wis-again": JOKE})
        for each in (anna, mirte)
    ]
    assert "De gegevens zijn gewist." in forms[0].submit().text
    assert "Er was niets meer om te wissen." in forms[1].submit().text


def test_only_who_coordinates_and_just_proved_it_comes_near(office: Office, anna: Visitor) -> None:
    rik = office.enter("rik")
    for address in (HERE, PERSON):
        rik.open(address, status=403)
    token = {"csrf_token": rik.open("/werkplek/").form("Uitloggen").values["csrf_token"][0]}
    for act in ("", "/kopie", "/wissen"):
        assert rik.client.post(f"{PERSON}{act}", data=token).status_code == 403
    office.asked()
    page = searched(anna, JOKE)
    clock.start_at(NOW + timedelta(minutes=20))
    for button in ("Download de kopie", "Wis voorgoed"):
        asked = page.form(button).submit()
        assert "/inloggen/opnieuw" in asked.address
    back = asked.form().fill({"Wachtwoord": PASSWORD}).submit()
    assert back.heading == "Gegevens van een persoon"
    assert [what for what, _ in trail(office)] == ["privacy.searched"]


@pytest.mark.both_databases
@pytest.mark.proof
def test_with_fifty_thousand_acts_the_pages_take_few_statements(office: Office, anna: Visitor) -> None:
    for number in range(10):
        close(office, office.asked(name=f"Jan {number}"), YEAR + timedelta(days=1))
    with office.transaction() as session:
        row = {
            "subject_kind": "enquiry",
            "subject_id": 1,
            "what": "enquiry.read",
            "actor": "advisor:1",
            "data": {},
        }
        session.execute(
            insert(Activity), [row | {"at": NOW - timedelta(days=n % 800)} for n in range(50_000)]
        )
    anna.open(HERE)
    with counted() as statements:
        page = anna.open(HERE)
    assert len(statements) <= 15, statements
    assert counts(page).keys()
    with counted() as statements:
        searched(anna, JOKE)
    assert len(statements) <= 25, statements
