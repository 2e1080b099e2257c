"""Topics, advisors and teams as a coordinator keeps them; what is in use does not go without something in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.activity.models import Activity
from consult.booking.models import MeetingType
from consult.contact.models import Enquiry
from consult.contact.rules.versions import current_version, rules_of, save_rules
from consult.contact.rules.written import RoutingRule
from consult.contact.upkeep.in_use import OWN_PARTS, Use
from consult.database import Base
from consult.office.uses import use_sentence
from consult.outbox.models import OutgoingMail
from consult.people.models import Advisor, Contact, Organisation, Team, Topic, WorkingHours
from tests.support import rows

if TYPE_CHECKING:
    from flask import Flask

    from tests.desk.conftest import Office
    from tests.support.pages import Page, Visitor


def make_topic(anna: Visitor, name: str, *who: str) -> Page:
    form = anna.open("/beheer/themas/nieuw").form("Bewaar")
    return form.fill({"Naam": name, "Naam in het Engels": f"{name} (en)"}).choose(*who).submit()


def test_a_topic_is_made_promised_and_ordered(office: Office, anna: Visitor) -> None:
    make_topic(anna, "Polarisatie", "Rik de Wit")
    page = make_topic(anna, "Wonen & zorg", "Sam Bos", "Mirte Smit")
    assert "Het is bewaard." in page.text
    page = page.form("Omhoog Wonen & zorg").submit("Omhoog Wonen & zorg")
    form = page.follow("Wonen & zorg").form("Bewaar")
    page = form.fill({"Antwoord binnen (werkdagen)": "3", "Bij haast binnen (werkuren)": "4"}).submit()
    assert "3 werkdagen" in page.text
    with office.transaction() as session:
        first = session.scalars(select(Topic).order_by(Topic.position)).first()
        assert first is not None
        assert (first.slug, first.answer_days, first.urgent_minutes) == ("wonen-zorg", 3, 240)
        who = session.scalars(select(Activity.actor).where(Activity.what == "topic.saved").distinct()).all()
        assert [each.partition(":")[0] for each in who] == ["account"]


def test_numbers_that_cannot_be_are_told_with_their_bounds(anna: Visitor) -> None:
    form = anna.open("/beheer/themas/nieuw").form("Bewaar")
    page = form.fill(
        {"Naam": "X", "Antwoord binnen (werkdagen)": "0", "Bij haast binnen (werkuren)": "veel"}
    ).submit(status=422)
    assert page.errors == {
        "thema-name_en": "Vul de Engelse naam in.",
        "thema-answer_days": "Vul een getal in van 1 tot 30.",
        "thema-urgent_hours": "Vul een getal in van 1 tot 40.",
    }


def test_who_saves_second_sees_what_changed_and_loses_nothing(office: Office, anna: Visitor) -> None:
    make_topic(anna, "Polarisatie", "Rik de Wit")
    mirte = office.enter("mirte")
    late = mirte.open("/beheer/themas").follow("Polarisatie").form("Bewaar")
    early = anna.open("/beheer/themas").follow("Polarisatie").form("Bewaar")
    early.fill({"Antwoord binnen (werkdagen)": "5"}).choose("Sam Bos").submit()
    page = late.fill({"Naam": "Samen leven"}).submit(status=422)
    assert "Iemand anders heeft dit intussen bewaard." in page.text
    changed = page.tree.first("dl")
    assert changed is not None
    assert "Antwoord binnen (werkdagen) 5" in changed.text
    assert "Rik de Wit, Sam Bos" in changed.text
    again = page.form("Bewaar")
    assert again.value("Naam") == "Samen leven"
    again.fill({"Antwoord binnen (werkdagen)": "5"}).submit()
    with office.transaction() as session:
        topic = session.scalars(select(Topic)).one()
        assert (topic.name, topic.answer_days) == ("Samen leven", 5)


def test_a_new_advisor_gets_hours_and_a_share_of_the_work(office: Office, anna: Visitor) -> None:
    make_topic(anna, "Polarisatie")
    form = anna.open("/beheer/adviseurs/nieuw").form("Bewaar")
    answers = {
        "Naam": "Noor Alaoui",
        "Voornaam": "Noor",
        "E-mailadres": "noor@example.nl",
        "Telefoon": "06 12345678",
        "Deel van het werk": "50",
        "Meeste open vragen": "8",
    }
    page = form.fill(answers).choose("Polarisatie", "Zit in het vangnet").submit()
    assert "Noor Alaoui" in page.text
    with office.transaction() as session:
        noor = session.scalars(select(Advisor).where(Advisor.slug == "noor")).one()
        assert (noor.weight, noor.capacity, noor.fallback, noor.phone) == (50, 8, True, "+31612345678")
        assert [each.name for each in noor.topics] == ["Polarisatie"]
        assert session.query(WorkingHours).filter_by(advisor_id=noor.id).count() == 10
    page = anna.open("/beheer/adviseurs").follow("Noor Alaoui")
    page = page.form("Bewaar").untick("Werkt hier").submit()
    assert "Werkt hier niet meer" in page.text


@pytest.mark.both_databases
def test_a_topic_in_use_goes_only_with_another_in_its_place(office: Office, anna: Visitor) -> None:
    make_topic(anna, "Polarisatie", "Rik de Wit")
    make_topic(anna, "Inclusie", "Rik de Wit", "Sam Bos")
    make_topic(anna, "Leeg")
    with office.transaction() as session:
        number = session.scalars(select(Topic.id).where(Topic.name == "Polarisatie")).one()
        empty = session.scalars(select(Topic.id).where(Topic.name == "Leeg")).one()
    office.asked(topic_id=number)
    page = anna.open(f"/beheer/weg/thema/{number}")
    assert "1 vraag" in page.text
    assert "1 adviseur" in page.text
    assert anna.client.post(f"/beheer/weg/thema/{number}").status_code == 400
    refused = page.form("Vervang en verwijder").submit(status=422)
    assert "Kies wat ervoor in de plaats komt." in refused.text
    page = page.form("Vervang en verwijder").choose("Inclusie").submit()
    assert "Polarisatie" not in page.text
    with office.transaction() as session:
        topic = session.scalars(select(Topic).where(Topic.name == "Inclusie")).one()
        assert session.scalars(select(Enquiry.topic_id)).all() == [topic.id]
    anna.open(f"/beheer/weg/thema/{empty}").form("Ja, verwijder het").submit()
    assert "Leeg" not in anna.open("/beheer/themas").text


def test_what_is_used_meanwhile_is_not_deleted(office: Office, anna: Visitor) -> None:
    make_topic(anna, "Leeg")
    with office.transaction() as session:
        number = session.scalars(select(Topic.id)).one()
    form = anna.open(f"/beheer/weg/thema/{number}").form("Ja, verwijder het")
    office.asked(topic_id=number)
    assert "Dit is nog in gebruik" in form.submit(status=409).text


@pytest.mark.both_databases
def test_who_leaves_passes_on_contacts_organisations_and_rules(office: Office, anna: Visitor) -> None:
    office.asked()
    with office.transaction() as session:
        rik, sam = office.advisor_id(session, "rik"), office.advisor_id(session, "sam")
        session.scalars(select(Contact)).one().owner_id = rik
        rows.create_organisation(session, owner_id=rik)
        session.add(Team(slug="wijken", name="Wijken", members=[session.get_one(Advisor, rik)]))
        session.scalars(select(MeetingType)).one().host_ids = [rik]
        made = RoutingRule(name="Altijd Rik", advisor_ids=(rik, sam))
        save_rules(session, [made], based_on=0, by="advisor:1", now=rows.NOW)
    page = anna.open(f"/beheer/weg/adviseur/{rik}")
    assert "Regels: Altijd Rik." in page.text
    assert "1 contactpersoon" in page.text
    assert "Soorten gesprek: Sparsessie." in page.text
    page = page.form("Draag over en zet op weg").choose("Sam Bos").submit(status=422)
    assert "wat de opvolger moet weten" in page.text
    form = page.form("Draag over en zet op weg").fill({"Wat moet de opvolger weten?": "Zij belt liever."})
    page = form.submit()
    assert "Rik de Wit werkt hier niet meer en krijgt niets nieuws." in page.text
    assert "Draag open vragen en gesprekken over op de werkplek." in page.text
    with office.transaction() as session:
        assert not session.get_one(Advisor, rik).active
        assert session.scalars(select(Contact.owner_id)).all() == [sam]
        assert session.scalars(select(MeetingType)).one().host_ids == [sam]
        assert session.scalars(
            select(Organisation.owner_id).where(Organisation.owner_id.is_not(None))
        ).all() == [sam]
        assert [each.advisor_ids for each in rules_of(current_version(session))] == [(sam,)]
        assert session.scalars(select(Enquiry.advisor_id)).all() == [rik]
        assert session.query(Activity).filter_by(what="contact.switched").count() == 1
        assert session.scalars(select(Contact.notes)).all() == ["Zij belt liever."]
        mails = session.scalars(select(OutgoingMail).where(OutgoingMail.event == "advisor-switched")).all()
        assert [mail.recipient for mail in mails] == ["joke@gemeente.example"]


def test_everything_that_can_use_something_has_words(app: Flask) -> None:
    subjects = {"advisor", "team", "topic", "contact_page"}
    used = {
        (table.name, key.parent.name)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in subjects
    }
    with app.test_request_context():
        for table, column in used - OWN_PARTS:
            assert use_sentence(Use(table, column, 2)), (table, column)


@pytest.mark.parametrize("address", ["thema/999", "iets/1", "team/0"])
def test_what_is_not_there_is_not_found(anna: Visitor, address: str) -> None:
    anna.open(f"/beheer/weg/{address}", status=404)
