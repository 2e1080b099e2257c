"""What else can be done with a question: call, keep a chat, hand over, put off, spam, merge, take words out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from consult import clock
from consult.activity.models import Activity
from consult.contact import services as contact
from consult.contact.leaving import give_to_stand_in
from consult.contact.models import CallAttempt, Channel, Enquiry, EnquiryState
from consult.outbox.models import OutgoingMail
from consult.people.absences import plan_absence
from consult.people.models import Advisor, Team, WorkingHours
from consult.routing.decision import Decision
from consult.timespan import Span
from tests.desk.conftest import NOW

if TYPE_CHECKING:
    from tests.desk.conftest import Office
    from tests.support.pages import Visitor


def enquiry_of(office: Office, reference: str) -> Enquiry:
    with office.transaction() as session:
        found = contact.by_reference(session, reference)
        assert found is not None
        session.expunge(found)
        return found


def test_calling_back_is_kept_in_two_taps(office: Office, rik: Visitor) -> None:
    reference = office.asked(channel=Channel.PHONE, phone="+31612345678", email=None, reachable="na vieren")
    page = rik.open(f"/werkplek/vragen/{reference}")
    page = page.form("Geen gehoor").fill({"Wat is besproken?": "Voicemail"}).submit("Geen gehoor")
    assert "Gebeld" in page.text
    assert "Geen gehoor. Voicemail" in " ".join(page.text.split())
    assert enquiry_of(office, reference).state == EnquiryState.OPEN
    page = page.form("Gesproken").submit("donderdag 19 november, ochtend")
    assert "Terugbellen op donderdag 19 november 2026, 09.00 – 12.00 uur." in page.text
    assert enquiry_of(office, reference).answer_by.isoformat() == "2026-11-19T11:00:00+00:00"
    form = page.form("Gesproken").fill({"Andere dag": "2026-11-01"})
    assert (
        "Kies een moment dat nog komt, binnen de werktijden van de adviseur."
        in form.submit("Bel later terug", status=422).text
    )
    page = rik.open(f"/werkplek/vragen/{reference}").form("Gesproken").submit("Gesproken")
    assert "3 keer gebeld" in page.text
    assert enquiry_of(office, reference).state == EnquiryState.WAITING
    with office.transaction() as session:
        assert len(session.scalars(select(CallAttempt)).all()) == 3


def test_a_window_to_call_in_lies_within_the_advisors_working_time(office: Office, rik: Visitor) -> None:
    reference = office.asked(channel=Channel.PHONE, phone="+31612345678", email=None)
    away = Span(NOW + timedelta(minutes=90), NOW + timedelta(days=2, hours=4))
    with office.transaction() as session:
        advisor = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
        weekend = WorkingHours.weekday >= 5
        session.execute(delete(WorkingHours).where(WorkingHours.advisor_id == advisor.id, weekend))
        plan_absence(session, advisor, away, None, now=NOW)
    page = rik.open(f"/werkplek/vragen/{reference}")
    # Rik is away from half past twelve on Wednesday to three on Friday, and does not work at weekends.
    offered = [each.text for each in page.form("Gesproken").element.all("button") if "november" in each.text]
    assert offered == [
        "vrijdag 20 november, middag",
        "maandag 23 november, ochtend",
        "maandag 23 november, middag",
    ]
    form = page.form("Gesproken").fill({"Andere dag": "2026-11-19"})
    told = "Kies een moment dat nog komt, binnen de werktijden van de adviseur."
    assert told in form.submit("Bel later terug", status=422).text


def test_a_chat_is_pasted_into_the_thread_for_colleagues(office: Office, rik: Visitor) -> None:
    reference = office.asked(channel=Channel.PHONE, phone="+31612345678", email=None)
    page = rik.open(f"/werkplek/vragen/{reference}")
    greeting = page.link("App 06 12345678")
    assert "Dag%20Joke%20Jansen" in greeting
    assert greeting.endswith("Rik")
    form = page.form("Leg het gesprek vast").fill({"Het gesprek": "[11:04] Rik: Dag!\n[11:05] Joke: Top."})
    page = form.submit()
    assert "[11:05] Joke: Top." in page.text
    assert "Rik de Wit heeft een gesprek vastgelegd." in page.text
    assert enquiry_of(office, reference).state == EnquiryState.WAITING


def test_handing_over_to_a_team_chooses_whose_turn_it_is_and_keeps_why(office: Office, rik: Visitor) -> None:
    office.asked(of="sam")
    reference = office.asked()
    with office.transaction() as session:
        members = session.scalars(select(Advisor).where(Advisor.slug.in_(("sam", "mirte")))).all()
        session.add(Team(slug="oost", name="Oost", members=list(members)))
    form = rik.open(f"/werkplek/vragen/{reference}").form("Draag over").choose("Team Oost")
    form.fill({"Reden": "Dit is uw gebied.", "Wat moet uw collega weten?": "Belt graag om negen."})
    page = form.submit()
    assert ("De vraag ging naar een team. Mirte Smit was het meest aan de beurt.") in " ".join(
        page.text.split()
    )
    assert "overgedragen aan Mirte Smit. Reden: Dit is uw gebied." in page.text
    with office.transaction() as session:
        given = session.scalars(select(Activity).where(Activity.what == "enquiry.chosen_in_team")).one()
        decision = Decision.from_json(given.data["decision"])
        assert (decision.reason, decision.advisor_id) == (
            "team.least_loaded",
            office.advisor_id(session, "mirte"),
        )
    assert "Belt graag om negen." in page.text


def test_who_was_away_takes_back_what_a_stand_in_had(office: Office, rik: Visitor) -> None:
    reference = office.asked()
    with office.transaction() as session:
        mine, sam = (
            session.scalars(select(Advisor).where(Advisor.slug == slug)).one() for slug in ("rik", "sam")
        )
        found = contact.by_reference(session, reference)
        assert found is not None
        give_to_stand_in(
            session, [found], sam, by=mine, why="Verlof", settings=office.settings, now=clock.now()
        )
    day = rik.open("/werkplek/")
    assert "Waargenomen tijdens uw afwezigheid" in day.text
    page = rik.open(f"/werkplek/vragen/{reference}")
    assert "Sam Bos nam deze vraag waar" in page.text
    page = page.form("Neem terug").submit()
    assert "Verstuur het antwoord" in page.text
    assert "Waargenomen" not in rik.open("/werkplek/").text


def test_the_first_to_take_what_cannot_wait_has_it(office: Office, rik: Visitor) -> None:
    reference = office.asked(urgent=True, needs="Een belletje")
    with office.transaction() as session:
        found = contact.by_reference(session, reference)
        assert found is not None
        ids = [office.advisor_id(session, slug) for slug in ("rik", "sam")]
        found.decision = {**found.decision, "alert": ids}
    sam = office.enter("sam")
    assert "Haast: wie pakt dit op?" in sam.open("/werkplek/").text
    page = sam.open(f"/werkplek/vragen/{reference}").form("Ik neem deze").submit()
    assert "Verstuur het antwoord" in page.text
    assert "Haast: wie pakt dit op?" not in rik.open("/werkplek/").text
    assert "Ik neem deze" not in rik.open(f"/werkplek/vragen/{reference}").text


def test_what_is_put_off_comes_back_by_itself_or_when_the_visitor_writes(
    office: Office, rik: Visitor
) -> None:
    reference = office.asked(name="Joke")
    page = rik.open(f"/werkplek/vragen/{reference}").form("donderdag 19 november").submit()
    told = "Uitgesteld tot donderdag 19 november. De belofte loopt door. Is die bijna om, dan komt de vraag terug."
    assert told in page.text
    assert "Joke" not in rik.open("/werkplek/").text
    assert "Joke" in rik.open("/werkplek/vragen?weergave=uitgesteld").text
    page = rik.open(f"/werkplek/vragen/{reference}").form("Toon de vraag weer").submit()
    form = page.form("Stel uit tot die dag").fill({"Uitstellen tot": "2026-11-17"})
    assert "Kies een dag die nog komt." in form.submit(status=422).errors.values()
    rik.open(f"/werkplek/vragen/{reference}").form("donderdag 19 november").submit()
    clock.start_at(clock.now() + timedelta(days=1))
    rik = office.enter("rik")
    assert "Joke" in rik.open("/werkplek/").text


def test_spam_is_out_of_sight_and_comes_back_as_it_was(office: Office, rik: Visitor) -> None:
    reference = office.asked(name="Kees Koop")
    before = enquiry_of(office, reference)
    page = rik.open(f"/werkplek/vragen/{reference}").form("Zet bij spam").submit()
    assert "Deze vraag staat bij spam." in page.text
    assert "Kees Koop" not in rik.open("/werkplek/vragen?weergave=alles").text
    assert "Kees Koop" in rik.open("/werkplek/vragen?weergave=spam").text
    page.form("Dit is geen spam").submit()
    after = enquiry_of(office, reference)
    assert (after.state, after.answer_by, after.due_soon_at) == (
        before.state,
        before.answer_by,
        before.due_soon_at,
    )
    assert "Kees Koop" in rik.open("/werkplek/").text


@pytest.mark.both_databases
def test_two_questions_of_one_person_become_one_thread(office: Office, rik: Visitor) -> None:
    older = office.asked("De eerste vraag.", ago=timedelta(days=2))
    newer = office.asked("Dezelfde vraag, nog eens.")
    office.asked("Van een ander.", name="Ander", email="ander@gemeente.example")
    form = rik.open(f"/werkplek/vragen/{newer}").form("Voeg samen")
    assert [option.text for option in form.element.all("option")] == [
        "Kies een vraag",
        f"{older}: De eerste vraag.",
    ]
    page = form.choose(f"{older}: De eerste vraag.").submit()
    assert page.address.partition("?")[0] == f"/werkplek/vragen/{older}"
    assert "Dezelfde vraag, nog eens." in page.text
    gone = rik.open(f"/werkplek/vragen/{newer}")
    assert gone.follow(f"Ga naar vraag {older}").address == f"/werkplek/vragen/{older}"
    assert "Heropen de vraag" not in gone.text
    with office.transaction() as session:
        merged = contact.by_reference(session, newer)
        assert merged is not None
        message = contact.add_visitor_message(
            session, merged, "Een nakomer.", form_key="v", settings=office.settings, now=clock.now()
        )
        assert message.enquiry_id == merged.merged_into_id
    assert "Een nakomer." in rik.open(f"/werkplek/vragen/{older}").text


def test_words_that_must_go_are_gone_everywhere_in_one_act(office: Office, rik: Visitor) -> None:
    secret = "Piet van Dijk"
    reference = office.asked(f"Mijn buurman {secret} slaapt slecht.")
    address = f"/werkplek/vragen/{reference}"
    rik.open(address).form("Verstuur het antwoord").fill({"Uw antwoord": f"Over {secret}."}).submit()
    form = rik.open(address).form("Maak onleesbaar")
    assert "Vul drie tekens of meer in." in form.fill({"Welke tekst moet weg?": "ab"}).submit(status=422).text
    absent = form.fill({"Welke tekst moet weg?": "staat er niet"}).submit(status=422)
    assert "Deze tekst staat niet bij deze vraag." in absent.errors.values()
    page = form.fill({"Welke tekst moet weg?": secret}).submit()
    assert secret not in page.body
    assert "Mijn buurman [weggelaten] slaapt slecht." in page.text
    assert "Rik de Wit heeft tekst onleesbaar gemaakt." in page.text
    assert "Niets gevonden" in rik.open("/werkplek/vragen?weergave=alles&zoek=dijk").text
    with office.transaction() as session:
        mails = session.scalars(select(OutgoingMail.raw).where(OutgoingMail.subject_kind == "enquiry")).all()
        assert mails
        assert not any(b"van Dijk" in raw for raw in mails)
        assert not any(secret in str(row.data) for row in session.scalars(select(Activity)))
