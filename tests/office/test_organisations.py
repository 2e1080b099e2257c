"""Organisations as a coordinator keeps them: who knows them, and who works there."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from consult.activity.models import Activity
from consult.contact import continuity
from consult.contact.models import Enquiry, EnquiryState
from consult.office.organisations.switching import switch_owner
from consult.outbox.models import OutgoingMail
from consult.people.models import Contact, Organisation, TopicOwner
from tests.booking.scene import words
from tests.desk.conftest import NOW
from tests.support import rows

if TYPE_CHECKING:
    from email.message import EmailMessage

    from consult.database import DbSession
    from tests.desk.conftest import Office
    from tests.support.pages import Visitor


def mails_of_switches(session: DbSession) -> list[EmailMessage]:
    """What was told of another regular advisor."""
    mails = session.scalars(select(OutgoingMail.raw).where(OutgoingMail.event == "advisor-switched"))
    return [message_from_bytes(raw, policy=policy.default) for raw in mails]


@pytest.mark.both_databases
def test_an_organisation_gets_owners_and_people(office: Office, anna: Visitor) -> None:
    with office.transaction() as session:
        rows.create_topic(session, "Polarisatie")
    form = anna.open("/beheer/organisaties/nieuw").form("Bewaar")
    form.fill({"Naam": "Woonstichting Ons Huis", "Maildomein": "@OnsHuis.example"})
    page = form.fill({"Vaste adviseur": "", "Polarisatie": ""}).submit()
    assert page.heading == "Woonstichting Ons Huis"
    with office.transaction() as session:
        rik, sam = office.advisor_id(session, "rik"), office.advisor_id(session, "sam")
    form = page.form("Bewaar").fill({"Vaste adviseur": str(rik), "Polarisatie": str(sam)})
    page = form.submit().follow("Nieuwe contactpersoon")
    answers = {"Naam": "Joke Jansen", "E-mailadres": "Joke@onshuis.example", "Telefoon": "0612345678"}
    page = page.form("Bewaar").fill(answers).submit()
    assert "Joke Jansen joke@onshuis.example · 06 12345678" in page.text
    with office.transaction() as session:
        made = session.scalars(select(Organisation)).one()
        assert (made.domain, made.owner_id) == ("onshuis.example", rik)
        assert session.scalars(select(TopicOwner.advisor_id)).all() == [sam]
        assert session.scalars(select(Contact.organisation_id)).all() == [made.id]
    again = page.follow("Nieuwe contactpersoon").form("Bewaar")
    page = again.fill({"Naam": "Iemand", "E-mailadres": "joke@onshuis.example"}).submit(status=422)
    assert page.errors["contact-email"] == "Joke Jansen heeft dit adres al."


@pytest.mark.both_databases
def test_the_list_finds_by_name_and_by_silence(office: Office, anna: Visitor) -> None:
    with office.transaction() as session:
        rik = office.advisor_id(session, "rik")
        for name in ("Stille gemeente", "Drukke gemeente"):
            rows.create_organisation(session, name, owner_id=rik)
        rows.create_organisation(session, "Van niemand")
    office.asked(organisation="Drukke gemeente", ago=timedelta(weeks=2))
    office.asked(organisation="Stille gemeente", ago=timedelta(weeks=9), email="stil@gemeente.example")
    page = anna.open("/beheer/organisaties")
    assert "3 organisaties" in page.text
    assert "Nog nooit" in page.text
    form = page.form("Zoek")
    assert "2 organisaties" in form.fill({"Naam": "gemeente"}).submit().text
    page = form.choose("8").submit()
    assert "1 organisatie" in page.text
    assert "Stille gemeente" in page.text


def test_another_advisor_for_a_person_needs_a_reason_and_a_note_is_counted_and_told(
    office: Office, anna: Visitor
) -> None:
    office.asked(organisation="Ede", email="joke@ede.example", language="en")
    with office.transaction() as session:
        rik, sam = office.advisor_id(session, "rik"), office.advisor_id(session, "sam")
        contact = session.scalars(select(Contact)).one()
        contact.owner_id = rik
        address = f"/beheer/organisaties/{contact.organisation_id}/mensen/{contact.id}"
    page = anna.open(address).form("Bewaar").fill({"Vaste adviseur": str(sam)}).submit(status=422)
    assert page.errors == {
        "contact-why": "Schrijf waarom een ander de vaste adviseur wordt.",
        "contact-note": "Schrijf wat de nieuwe adviseur moet weten.",
    }
    typed = {"Reden van de wissel": "Sam werkt in Ede.", "Wat moet de nieuwe adviseur weten?": "Bel haar."}
    page.form("Bewaar").fill(typed).submit()
    with office.transaction() as session:
        assert session.scalars(select(Contact.owner_id)).one() == sam
        told = session.scalars(select(Activity).where(Activity.what == "contact.switched")).one()
        assert (told.why, told.data) == ("Sam werkt in Ede.", {"before": rik, "advisor": sam})
        (mail,) = mails_of_switches(session)
    # In the language of the question, in plain words, and without what only colleagues read.
    assert (mail["To"], mail["Subject"]) == (
        "Joke Jansen <joke@ede.example>",
        "Sam Bos is now your regular advisor",
    )
    assert "Before, that was Rik de Wit." in words(mail)
    assert "Bel haar" not in mail.as_string()
    assert "Bel haar." in anna.open(address).text
    anna.open(address).form("Bewaar").submit()
    with office.transaction() as session:
        assert session.query(Activity).filter_by(what="contact.switched").count() == 1
        assert len(mails_of_switches(session)) == 1
        question = session.scalars(select(Enquiry.reference)).one()
    assert "Bel haar." in office.enter("sam").open(f"/werkplek/vragen/{question}").text


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("sentence", "contact", "last", "mails"),
    [
        ("A talk to come", {}, "talk", 1),
        ("A question of long ago that still runs", {}, "running", 1),
        ("A question that was closed long ago", {}, "closed", 0),
        ("A question that was judged spam", {}, "spam", 0),
        ("Never any contact", {}, None, 0),
        ("No mail address", {"email": None}, "running", 0),
    ],
)
def test_only_who_speaks_with_us_is_told_of_another_advisor(
    office: Office, sentence: str, contact: dict[str, None], last: str | None, mails: int
) -> None:
    if last == "talk":
        office.planned(NOW + timedelta(days=1))
    elif last is not None:
        office.asked(ago=timedelta(days=200))
    with office.transaction() as session:
        rik, sam = office.advisor_id(session, "rik"), office.advisor_id(session, "sam")
        person = session.scalars(select(Contact)).first() or rows.create_contact(session)
        person.owner_id, person.email = sam, contact.get("email", person.email)
        for enquiry in session.scalars(select(Enquiry)):
            enquiry.state = EnquiryState.CLOSED if last in {"closed", "spam"} else EnquiryState.OPEN
            enquiry.spam_at = NOW if last == "spam" else None
            enquiry.asked_at = NOW - timedelta(days=1) if last == "spam" else enquiry.asked_at
        switch: dict[str, Any] = {"actor": "account:1", "why": "Verhuisd.", "note": "Bel eerst."}
        switch_owner(session, person, rik, **switch, settings=office.settings, now=NOW)
        session.flush()
        assert len(mails_of_switches(session)) == mails, sentence
        assert person.notes == "Bel eerst."
        assert continuity.switches(session, since=NOW, until=NOW + timedelta(days=1)) == 1


def test_another_advisor_for_an_organisation_needs_a_reason_and_tells_nobody(
    office: Office, anna: Visitor
) -> None:
    office.asked(organisation="Ede", email="joke@ede.example")
    with office.transaction() as session:
        topic = rows.create_topic(session, "Polarisatie").id
        rik, sam = office.advisor_id(session, "rik"), office.advisor_id(session, "sam")
        ede = session.scalars(select(Organisation)).one()
        ede.owner_id, number = rik, ede.id
        session.add(TopicOwner(organisation_id=number, topic_id=topic, advisor_id=rik))
    address = f"/beheer/organisaties/{number}"
    for field, of_topic in (("Vaste adviseur", None), ("Polarisatie", topic)):
        page = anna.open(address).form("Bewaar").fill({field: str(sam)}).submit(status=422)
        assert page.errors["organisatie-why"] == "Schrijf waarom een ander de vaste adviseur wordt."
        page.form("Bewaar").fill({"Reden van de wissel": "Sam werkt in Ede."}).submit()
        with office.transaction() as session:
            told = session.scalars(
                select(Activity).where(Activity.what == "organisation.owner_set").order_by(Activity.id.desc())
            ).first()
            assert told is not None
            assert (told.why, told.data) == (
                "Sam werkt in Ede.",
                {"topic": of_topic, "before": rik, "advisor": sam},
            )
            assert mails_of_switches(session) == []
