"""Writing an answer: drafts, saved replies, preview, undo; and two colleagues at one question."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult import clock
from consult.contact import services as contact
from consult.contact.models import Enquiry, EnquiryState, Message
from consult.contact.writing.models import Draft, Presence
from consult.outbox.models import OutgoingMail

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Visitor

ANSWER = "Verstuur het antwoord"


def mails(office: Office, event: str = "enquiry-answered") -> int:
    with office.transaction() as session:
        return len(session.scalars(select(OutgoingMail).where(OutgoingMail.event == event)).all())


def test_a_draft_is_there_the_next_time_and_gone_when_it_was_sent(office: Office, rik: Visitor) -> None:
    address = f"/werkplek/vragen/{office.asked()}"
    form = rik.open(address).form(ANSWER).fill({"Uw antwoord": "Begin klein en"})
    page = form.submit("Bewaar concept")
    assert page.form(ANSWER).value("Uw antwoord") == "Begin klein en"
    assert "Concept van 18 nov 2026" in page.text
    assert mails(office) == 0
    mirte = office.enter("mirte").open(address)
    assert mirte.form(ANSWER).value("Uw antwoord") == ""
    rik.open(address).form(ANSWER).fill({"Uw antwoord": "Begin klein en samen."}).submit()
    assert rik.open(address).form(ANSWER).value("Uw antwoord") == ""
    with office.transaction() as session:
        assert session.scalars(select(Draft)).all() == []


def test_the_script_keeps_a_draft_without_another_page(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    form = rik.open(f"/werkplek/vragen/{reference}").form("Bewaar de notitie")
    data = {name: values[0] for name, values in form.values.items()} | {"notitie-text": "Sam bellen"}
    answer = rik.client.post(
        f"/werkplek/vragen/{reference}/concept?soort=note", data=data, headers={"Accept": "application/json"}
    )
    assert answer.json["kept"].startswith("Bewaard om 11.")
    page = rik.open(f"/werkplek/vragen/{reference}")
    assert page.form("Bewaar de notitie").value("Uw notitie") == "Sam bellen"


def test_an_answer_is_looked_at_first_as_the_visitor_reads_it(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    form = rik.open(f"/werkplek/vragen/{reference}").form(ANSWER).fill({"Uw antwoord": "Begin klein."})
    page = form.submit("Bekijk vooraf")
    assert page.heading == "Zo leest Joke Jansen uw antwoord"
    assert "Begin klein." in page.text
    assert mails(office) == 0
    back = page.form(ANSWER).submit("Terug naar schrijven")
    assert back.form(ANSWER).value("Uw antwoord") == "Begin klein."
    page.form(ANSWER).submit()
    assert mails(office) == 1


def test_an_answer_is_taken_back_while_it_waits_and_not_after(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    page = rik.open(f"/werkplek/vragen/{reference}").form(ANSWER).fill({"Uw antwoord": "Fout."}).submit()
    undo = page.form("Haal het antwoord terug")
    with office.transaction() as session:
        waits = session.scalars(select(OutgoingMail).where(OutgoingMail.event == "enquiry-answered")).one()
        assert waits.next_attempt_at - waits.created_at == timedelta(seconds=15)
    page = undo.submit()
    assert page.form(ANSWER).value("Uw antwoord") == "Fout."
    assert mails(office) == 0
    with office.transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        assert (enquiry.state, enquiry.answered_at) == (EnquiryState.OPEN, None)
        assert enquiry.due_soon_at is not None
        assert session.scalars(select(Message)).all() == []
    undo.submit()
    page = page.form(ANSWER).fill({"Uw antwoord": "Goed."}).submit()
    late = page.form("Haal het antwoord terug")
    clock.start_at(clock.now() + timedelta(seconds=16))
    assert "Te laat: het antwoord is al verstuurd." in late.submit(status=409).text
    assert "Haal het antwoord terug" not in rik.open(f"/werkplek/vragen/{reference}").text
    assert mails(office) == 1


def test_a_saved_reply_fills_in_its_fields(office: Office, rik: Visitor) -> None:
    reference = office.asked(name="Joke Jansen")
    page = rik.open(f"/werkplek/vragen/{reference}").follow("Beheer standaardteksten")
    form = page.follow("Schrijf de eerste tekst").form("Bewaar de tekst")
    body = "Dag {{voornaam}} {{organisatie}}, over {{nummer}}. Groet, {{adviseur}}"
    wrong = form.fill({"Naam van de tekst": "Dank", "Tekst": body + " {{leeftijd}}"}).submit(status=422)
    assert "Dit veld bestaat niet: {{leeftijd}}." in wrong.errors.values()
    page = wrong.form("Bewaar de tekst").fill({"Tekst": body}).submit()
    assert page.heading == "Standaardteksten"
    page = rik.open(f"/werkplek/vragen/{reference}").form("Voeg in").submit()
    assert page.form(ANSWER).value("Uw antwoord") == f"Dag Joke, over {reference}. Groet, Rik de Wit"
    assert "Dank" not in office.enter("sam").open("/werkplek/teksten").text
    rik.open("/werkplek/teksten").form("Gooi Dank weg").submit()
    assert "Er zijn nog geen standaardteksten." in rik.open("/werkplek/teksten").text


def test_a_coordinators_reply_may_be_for_all_and_only_a_coordinator_changes_it(office: Office) -> None:
    mirte, sam = office.enter("mirte"), office.enter("sam")
    form = mirte.open("/werkplek/teksten/nieuw").form("Bewaar de tekst")
    form.fill({"Naam van de tekst": "Dank", "Tekst": "Dank u."}).choose("Voor iedereen").submit()
    page = sam.open("/werkplek/teksten")
    assert "Voor iedereen" in page.text
    assert "Wijzig Dank" not in page.text
    sam.open("/werkplek/teksten/1", status=404)
    assert "Voor iedereen" not in sam.open("/werkplek/teksten/nieuw").text


@pytest.mark.both_databases
def test_of_two_colleagues_at_one_question_the_second_reads_first_what_the_first_wrote(
    office: Office,
) -> None:
    reference = office.asked(of="mirte")
    address = f"/werkplek/vragen/{reference}"
    mirte, rik = office.enter("mirte"), office.enter("rik")
    form = mirte.open(address).form(ANSWER).fill({"Uw antwoord": "Van Mirte."})
    with office.transaction() as session:
        enquiry = contact.by_reference(session, reference)
        contact.add_visitor_message(
            session, enquiry, "O ja, nog dit.", form_key="v", settings=office.settings, now=clock.now()
        )
    page = form.submit(status=409)
    assert "Er kwam iets bij terwijl u schreef." in page.text
    assert "O ja, nog dit." in page.text
    assert page.form(ANSWER).value("Uw antwoord") == "Van Mirte."
    assert mails(office) == 0
    page.form(ANSWER).submit()
    assert mails(office) == 1
    assert "heeft deze vraag ook open" not in rik.open(address).text


def test_colleagues_see_each_other_at_a_question_for_a_minute(office: Office, rik: Visitor) -> None:
    address = f"/werkplek/vragen/{office.asked()}"
    mirte = office.enter("mirte")
    token = rik.open(address).form("Rond de vraag af").values["csrf_token"][0]
    here = {"csrf_token": token, "schrijft": "1"}
    assert rik.client.post(f"{address}/aanwezig", data=here).json == {"others": [], "newest": 0}
    page = mirte.open(address)
    assert "Rik de Wit schrijft nu bij deze vraag." in page.text
    other = {"csrf_token": page.form("Rond de vraag af").values["csrf_token"][0]}
    told = mirte.client.post(f"{address}/aanwezig", data=other).json
    assert told["others"] == [{"name": "Rik de Wit", "writing": True}]
    rik.client.post(f"{address}/aanwezig", data={"csrf_token": token, "weg": "1"})
    assert "schrijft nu" not in mirte.open(address).text
    assert rik.client.post(f"{address}/aanwezig", data={"schrijft": "1"}).status_code == 400
    clock.start_at(clock.now() + timedelta(hours=2))
    rik = office.enter("rik")
    token = rik.open(address).form("Rond de vraag af").values["csrf_token"][0]
    rik.client.post(f"{address}/aanwezig", data={"csrf_token": token})
    with office.transaction() as session:
        assert [each.writing for each in session.scalars(select(Presence))] == [False]
